//! The notes of a message: the text of its observations, under the order (OBR) or document (TXA) that they follow.

use crate::codes::DocumentCoding;
use crate::io::attachment::{ContentType, base64, text_of};
use crate::io::document::{Document, codes, day_of, stated};
use crate::io::{Encoding, Reason};
use crate::model::NoteType;

use super::escape::push_text;
use super::syntax::{Message, Segment, Separators};

/// The notes of a message, in their order.
pub(super) fn documents(message: &Message<'_>, encoding: Encoding) -> Vec<Result<Document, Reason>> {
    let reader = Reader { separators: message.separators };
    let header = reader.header(message, encoding);
    let mut found = Vec::new();
    let mut draft = Draft { document: header.clone(), ..Draft::default() };
    let mut observations = 0;
    for &segment in &message.segments {
        match segment.name() {
            "OBR" => {
                let next = Draft { document: reader.order(segment, header.clone()), ..Draft::default() };
                found.extend(std::mem::replace(&mut draft, next).finish());
            }
            "TXA" => {
                // An order without text of its own before the document tells what it was ordered as.
                let base = if draft.is_empty() { draft.document.clone() } else { header.clone() };
                let next = Draft { document: reader.transcription(segment, base), ..Draft::default() };
                found.extend(std::mem::replace(&mut draft, next).finish());
            }
            "OBX" => {
                observations += 1;
                reader.observe(&mut draft, segment, observations);
            }
            _ => {}
        }
    }
    found.extend(draft.finish());
    number(&mut found, message.segment("MSH").map_or("", |header| reader.first(header, 10)));
    found
}

/// Gives notes without an id that of their message.
fn number(found: &mut [Result<Document, Reason>], message: &str) {
    for (index, document) in found.iter_mut().enumerate() {
        if let Ok(document) = document
            && document.id.is_none()
        {
            let number = if index > 0 { format!(":{}", index + 1) } else { String::new() };
            document.id = stated(message).map(|message| message + &number);
        }
    }
}

/// A note being gathered.
#[derive(Default)]
struct Draft {
    document: Document,
    /// Whether a line of text was added, even an empty one.
    begun: bool,
    /// The heading that the code of the last observation stands for.
    heading: Option<&'static str>,
    /// Where observations begin whose code stands for a heading.
    headings: Vec<(usize, &'static str)>,
    /// Why an attachment could not be read.
    unread: Option<Reason>,
}

impl Draft {
    fn is_empty(&self) -> bool {
        self.document.text.trim().is_empty()
    }

    fn finish(mut self) -> Option<Result<Document, Reason>> {
        if self.is_empty() {
            return self.unread.map(Err);
        }
        if !self.headings.is_empty() && !has_heading(&self.document.text) {
            self.document.text = headed(&self.document.text, &self.headings);
        }
        Some(Ok(self.document))
    }
}

/// The text with headings put in where they belong.
fn headed(text: &str, headings: &[(usize, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + headings.len() * 16);
    let mut start = 0;
    for &(at, heading) in headings {
        out.push_str(text.get(start..at).unwrap_or_default());
        let gap = if at > 0 { "\n" } else { "" };
        out.extend([gap, heading, ":\n"]);
        start = at;
    }
    out.push_str(text.get(start..).unwrap_or_default());
    out
}

/// Whether a line starts with a few words and a colon.
fn has_heading(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let words = line.split_once(':').map_or("", |(words, _)| words);
        (3..=60).contains(&words.len())
            && words.starts_with(|c: char| c.is_ascii_uppercase())
            && words.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '/' | '&' | '(' | ')'))
    })
}

struct Reader {
    separators: Separators,
}

impl Reader {
    /// The first component of a field.
    fn first<'m>(&self, segment: Segment<'m>, field: usize) -> &'m str {
        self.separators.component(segment.field(field), 1)
    }

    fn text(&self, value: &str) -> Option<String> {
        let mut text = String::new();
        push_text(&mut text, value, &self.separators);
        stated(&text).filter(|text| text != "\"\"")
    }

    /// What the message says of all its notes.
    fn header(&self, message: &Message<'_>, encoding: Encoding) -> Document {
        Document {
            patient_id: message.segment("PID").and_then(|patient| self.patient(patient)),
            facility: message.segment("MSH").and_then(|header| self.text(self.first(header, 4))),
            encoding,
            ..Document::default()
        }
    }

    /// PID-3: the medical record number where one is marked so (table 0203), else the first; PID-2 in old messages.
    fn patient(&self, patient: Segment<'_>) -> Option<String> {
        let ids = patient.field(3);
        let is_record = |id: &&str| self.separators.component(id, 5) == "MR";
        let record = ids.split(self.separators.repetition).find(is_record).unwrap_or(ids);
        self.text(self.separators.component(record, 1)).or_else(|| self.text(self.first(patient, 2)))
    }

    fn order(&self, order: Segment<'_>, header: Document) -> Document {
        let service = order.field(4);
        let is_loinc = self.separators.component(service, 3) == "LN";
        Document {
            id: self.text(self.first(order, 3)).or_else(|| self.text(self.first(order, 2))),
            note_type: is_loinc.then(|| self.note_type(DocumentCoding::Loinc, service)).flatten(),
            // Who interpreted it, else who helped to.
            provider: self.person(order.field(32)).or_else(|| self.person(order.field(33))),
            service_date: day_of(self.first(order, 7)),
            ..header
        }
    }

    fn transcription(&self, document: Segment<'_>, base: Document) -> Document {
        Document {
            id: self.text(self.first(document, 12)).or(base.id),
            note_type: self.note_type(DocumentCoding::Hl7Table0270, document.field(2)).or(base.note_type),
            provider: self
                .person(document.field(5))
                .or_else(|| self.person(document.field(9)))
                .or(base.provider),
            service_date: day_of(self.first(document, 4)).or(base.service_date),
            ..base
        }
    }

    fn note_type(&self, coding: DocumentCoding, value: &str) -> Option<NoteType> {
        codes().note_type(coding, self.separators.component(value, 1).trim())
    }

    /// A person's id, else the name. Some senders part the two by components, others by subcomponents.
    fn person(&self, value: &str) -> Option<String> {
        let first = self.separators.component(value, 1);
        let parts: Vec<&str> = if first.contains(self.separators.subcomponent) {
            first.split(self.separators.subcomponent).collect()
        } else {
            (1..=3).map(|number| self.separators.component(value, number)).collect()
        };
        let part = |index: usize| parts.get(index).and_then(|part| self.text(part));
        part(0).or_else(|| match (part(1), part(2)) {
            (Some(family), Some(given)) => Some(format!("{family}, {given}")),
            (family, given) => family.or(given),
        })
    }

    /// Adds an observation, the `number`th of its message: a line for each, and for each repetition.
    fn observe(&self, draft: &mut Draft, observation: Segment<'_>, number: usize) {
        let value = observation.field(5);
        match observation.field(2).trim() {
            "TX" | "ST" | "FT" => {
                let value = if value == "\"\"" { "" } else { value };
                if std::mem::replace(&mut draft.begun, true) {
                    draft.document.text.push('\n');
                }
                self.head(draft, observation.field(3));
                push_text(&mut draft.document.text, value, &self.separators);
            }
            "ED" => match self.attachment(value) {
                Ok((text, encoding)) => {
                    if std::mem::replace(&mut draft.begun, true) {
                        draft.document.text.push('\n');
                    }
                    draft.document.text.push_str(&text);
                    draft.document.encoding = encoding;
                }
                Err(reason) => draft.unread = Some(reason.at(format!("OBX[{number}]-5"))),
            },
            _ => return,
        }
        if draft.document.provider.is_none() {
            draft.document.provider = self.person(observation.field(16));
        }
        if draft.document.note_type.is_none() && self.separators.component(observation.field(3), 3) == "LN" {
            draft.document.note_type = self.note_type(DocumentCoding::Loinc, observation.field(3));
        }
    }

    /// Notes where observations of a code begin that stands for a heading.
    fn head(&self, draft: &mut Draft, identifier: &str) {
        let code = self.separators.component(identifier, 1);
        let heading = match code.split_once(self.separators.subcomponent) {
            Some((_, suffix)) => codes().heading(DocumentCoding::Hl7Suffix, suffix.trim()),
            None if self.separators.component(identifier, 3) == "LN" => {
                codes().heading(DocumentCoding::Loinc, code.trim())
            }
            None => None,
        };
        if let Some(heading) = heading.filter(|_| heading != draft.heading) {
            draft.headings.push((draft.document.text.len(), heading));
        }
        draft.heading = heading;
    }

    /// The text of encapsulated data: source, type, subtype, encoding, data.
    fn attachment(&self, value: &str) -> Result<(String, Encoding), Reason> {
        let part = |number| self.separators.component(value, number);
        let subtype = part(3).to_ascii_lowercase();
        let kind = match (part(2).to_ascii_lowercase().as_str(), subtype.as_str()) {
            ("text", "" | "plain" | "text" | "txt") => "text/plain",
            ("text" | "application", "html" | "xhtml" | "xhtml+xml") => "text/html",
            ("text" | "application", "rtf") => "text/rtf",
            _ => return Err(Reason::ContentType),
        };
        let kind = ContentType::parse(kind).ok_or(Reason::ContentType)?;
        let mut data = String::new();
        push_text(&mut data, part(5), &self.separators);
        let bytes = match part(4).to_ascii_lowercase().as_str() {
            "base64" => base64(&data).ok_or(Reason::NotBase64)?,
            "a" | "" => data.into_bytes(),
            _ => return Err(Reason::ContentType),
        };
        text_of(kind, &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::documents;
    use super::*;

    fn read(segments: &str) -> Vec<Result<Document, Reason>> {
        documents(format!("MSH|^~\\&|RIS|CLINIC^1|||202403101200||ORU^R01|m1|P|2.5\r{segments}").as_bytes())
    }

    fn one(segments: &str) -> Document {
        let mut found = read(segments);
        assert_eq!(found.len(), 1, "{segments}");
        found.remove(0).unwrap()
    }

    #[test]
    fn each_order_is_a_note() {
        let interpreter = format!("{}D5^HALL^ANN", "|".repeat(25));
        let found = read(&format!(
            "PID|1||9^^^X^SS~77^^^Y^MR\r\
             OBR|1|P1^A|F1^B|1^MRI|||20240309{interpreter}\rOBX|1|TX|||a~b\rOBX|2|ST|||\r\
             OBX|3|FT|||c\\.br\\d\rOBX|4|NM|||5\rOBX||RP|||x\r\
             OBR|2|P2|||||202403\rOBX|1|TX|||e\rOBR|3||F3\rOBX|1|NM|||5"
        ));
        let found: Vec<Document> = found.into_iter().map(Result::unwrap).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].text, "a\nb\n\nc\nd");
        assert_eq!(found[0].id.as_deref(), Some("F1"));
        assert_eq!(found[0].patient_id.as_deref(), Some("77"));
        assert_eq!(found[0].provider.as_deref(), Some("D5"));
        assert_eq!(found[0].facility.as_deref(), Some("CLINIC"));
        assert_eq!(found[0].service_date.map(|day| day.to_string()).as_deref(), Some("2024-03-09"));
        assert_eq!((found[1].text.as_str(), found[1].id.as_deref()), ("e", Some("P2")));
        assert_eq!((found[1].service_date, found[1].provider.as_deref()), (None, None));
    }

    #[test]
    fn a_document_message_is_a_note() {
        let found = one("TXA|1|OP|TX|202401021530|88^HALL|||||||99\rOBX|1|TX|||a\rOBX|2|TX|||b||||||F");
        assert_eq!((found.text.as_str(), found.id.as_deref()), ("a\nb", Some("99")));
        assert_eq!((found.note_type, found.provider.as_deref()), (Some(NoteType::Operative), Some("88")));
        assert_eq!(found.service_date.map(|day| day.to_string()).as_deref(), Some("2024-01-02"));
        let found = one("ORC|RE\rOBR|1||F1||||20240101\rTXA|1|CN|TX||||||^HALL^ANN|||D9\rOBX|1|TX|||a");
        assert_eq!(found.id.as_deref(), Some("D9"));
        assert_eq!(found.note_type, Some(NoteType::Clinic));
        assert_eq!(found.provider.as_deref(), Some("HALL, ANN"));
        assert_eq!(found.service_date.map(|day| day.to_string()).as_deref(), Some("2024-01-01"));
    }

    #[test]
    fn ids_and_names_are_taken_where_they_stand() {
        assert_eq!(one("OBX|1|TX|||a").id.as_deref(), Some("m1"));
        assert_eq!(one("PID|1|5|||HALL\rOBX|1|TX|||a").patient_id.as_deref(), Some("5"));
        assert_eq!(one("PID|1||\"\"\rOBX|1|TX|||a").patient_id, None);
        assert_eq!(one("OBX|1|TX|||a|||||||||||7&HALL&ANN").provider.as_deref(), Some("7"));
        assert_eq!(one("OBX|1|TX|||a|||||||||||&HALL&ANN").provider.as_deref(), Some("HALL, ANN"));
        assert_eq!(one("OBR|1|||11504-8^x^LN\rOBX|1|TX|||a").note_type, Some(NoteType::Operative));
        assert_eq!(one("OBR|1|||11504-8^x^L\rOBX|1|TX|||a").note_type, None);
        assert_eq!(one("OBX|1|TX|18748-4^x^LN||a").note_type, Some(NoteType::Radiology));
        let twice: Vec<_> =
            read("OBX|1|TX|||a\rOBR|1\rOBX|1|TX|||b").into_iter().map(|d| d.unwrap().id).collect();
        assert_eq!(twice, [Some("m1".into()), Some("m1:2".into())]);
    }

    #[test]
    fn codes_head_their_observations_where_the_text_has_no_heading() {
        let text = |lines: &str| one(lines).text;
        let plain = "OBX|1|TX|1&GDT||Mild stenosis.\rOBX|2|TX|1&IMP||None severe.\rOBX|3|TX|1&IMP||Stable.";
        assert_eq!(text(plain), "Mild stenosis.\n\nImpression:\nNone severe.\nStable.");
        assert_eq!(text("OBX|1|TX|19005-8^x^LN||Stable."), "Impression:\nStable.");
        assert_eq!(text("OBX|1|TX|19005-8^x^L||Stable."), "Stable.");
        let headed = "OBX|1|TX|1&GDT||FINDINGS: a\rOBX|2|TX|1&IMP||b";
        assert_eq!(text(headed), "FINDINGS: a\nb");
    }

    #[test]
    fn attachments_are_read_or_told() {
        let text = |value: &str| one(&format!("OBX|1|ED|||{value}")).text;
        assert_eq!(text("A^TEXT^^Base64^TVJJ"), "MRI");
        assert_eq!(text("A^text^HTML^Base64^PHA+TVJJPC9wPg=="), "MRI");
        assert_eq!(text("A^application^rtf^A^{\\E\\rtf1 MRI}"), "MRI");
        let fault =
            |value: &str| read(&format!("OBX|1|TX\rOBX|2|ED|||{value}")).remove(0).unwrap_err().to_string();
        assert!(
            fault("A^application^PDF^Base64^JVBERi0=")
                .starts_with("`OBX[2]-5`: has no content type that is read")
        );
        assert_eq!(
            fault("A^TEXT^plain^Base64^*SECRET"),
            "`OBX[2]-5`: not base64: encode the data again, or give them as plain text"
        );
        assert!(fault("A^TEXT^plain^Base64^JVBERi0=").contains("a PDF file"));
        // A picture beside the text is no loss.
        assert_eq!(one("OBX|1|TX|||a\rOBX|2|ED|||A^IM^TIFF^Base64^SUkqAA==").text, "a");
        assert_eq!(read("OBX|1|NM|||5\rOBX|2|TX|||\r").len(), 0);
    }
}
