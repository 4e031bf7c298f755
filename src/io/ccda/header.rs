//! What the header of a C-CDA document says of its note: whose it is, who wrote it, where, and when.

use crate::codes::DocumentCoding;
use crate::io::Reason;
use crate::io::document::{Document, codes, day_of, stated};
use crate::model::Date;

use super::Element;

/// The object identifier of LOINC.
pub(super) const LOINC: &str = "2.16.840.1.113883.6.1";
/// The class of a service that is the care given over years, often from birth on.
const CARE_PROVISION: &str = "PCPR";

/// The header, as far as it is read.
#[derive(Debug, Default)]
pub(super) struct Header {
    document: Document,
    begun: bool,
    author: Author,
    custodian: String,
    custodian_id: Option<String>,
    /// Whether the service being read is care over years.
    is_care: bool,
    served: Option<Date>,
    met: Option<Date>,
    written: Option<Date>,
}

/// The author being read.
#[derive(Debug, Default)]
struct Author {
    id: Option<String>,
    name: String,
    is_device: bool,
}

impl Header {
    /// Whether no document has begun.
    pub(super) const fn is_empty(&self) -> bool {
        !self.begun
    }

    /// Takes in the start of the element at the end of `path`.
    pub(super) fn open(&mut self, path: &[&str], element: &Element<'_>) -> Result<(), Reason> {
        match path {
            ["ClinicalDocument"] => self.begun = true,
            ["ClinicalDocument", "id"] => keep(&mut self.document.id, id_of(element)?),
            ["ClinicalDocument", "code"] if element.attribute("codeSystem")?.as_deref() == Some(LOINC) => {
                let code = element.attribute("code")?.unwrap_or_default();
                self.document.note_type = codes().note_type(DocumentCoding::Loinc, &code);
            }
            ["ClinicalDocument", "effectiveTime"] => keep(&mut self.written, day(element)?),
            ["ClinicalDocument", "recordTarget", "patientRole", "id"] => {
                keep(&mut self.document.patient_id, id_of(element)?);
            }
            ["ClinicalDocument", "author"] => self.author = Author::default(),
            ["ClinicalDocument", "author", "assignedAuthor", "id"] => {
                keep(&mut self.author.id, element.attribute("extension")?);
            }
            ["ClinicalDocument", "author", "assignedAuthor", "assignedAuthoringDevice"] => {
                self.author.is_device = true;
            }
            [
                "ClinicalDocument",
                "custodian",
                "assignedCustodian",
                "representedCustodianOrganization",
                "id",
            ] => {
                keep(&mut self.custodian_id, id_of(element)?);
            }
            ["ClinicalDocument", "documentationOf", "serviceEvent"] => {
                self.is_care = element.attribute("classCode")?.as_deref() == Some(CARE_PROVISION);
            }
            ["ClinicalDocument", "documentationOf", "serviceEvent", "effectiveTime", rest @ ..]
                if matches!(rest, [] | ["low"]) && !self.is_care =>
            {
                keep(&mut self.served, day(element)?);
            }
            ["ClinicalDocument", "componentOf", "encompassingEncounter", "effectiveTime"]
            | ["ClinicalDocument", "componentOf", "encompassingEncounter", "effectiveTime", "low"] => {
                keep(&mut self.met, day(element)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes in the end of the element at the end of `path`.
    pub(super) fn close(&mut self, path: &[&str]) {
        if path == ["ClinicalDocument", "author"] && !self.author.is_device {
            let author = std::mem::take(&mut self.author);
            keep(&mut self.document.provider, author.id.or_else(|| one_line(&author.name)));
        }
    }

    /// Takes in text.
    pub(super) fn say(&mut self, path: &[&str], text: &str) {
        match path {
            ["ClinicalDocument", "author", "assignedAuthor", "assignedPerson", "name", ..] => {
                self.author.name.extend([" ", text]);
            }
            [
                "ClinicalDocument",
                "custodian",
                "assignedCustodian",
                "representedCustodianOrganization",
                "name",
            ] => {
                self.custodian.push_str(text);
            }
            _ => {}
        }
    }

    /// What the header says. The day is that of the service, else of the encounter, else of the document.
    pub(super) fn finish(self) -> Document {
        Document {
            facility: one_line(&self.custodian).or(self.custodian_id),
            service_date: self.served.or(self.met).or(self.written),
            ..self.document
        }
    }
}

/// Keeps the first value.
fn keep<T>(kept: &mut Option<T>, value: Option<T>) {
    if kept.is_none() {
        *kept = value;
    }
}

/// An instance identifier: what is unique within its root, else the root.
fn id_of(element: &Element<'_>) -> Result<Option<String>, Reason> {
    let extension = element.attribute("extension")?;
    extension.map_or_else(|| element.attribute("root"), |extension| Ok(Some(extension)))
}

fn day(element: &Element<'_>) -> Result<Option<Date>, Reason> {
    Ok(element.attribute("value")?.as_deref().and_then(day_of))
}

fn one_line(text: &str) -> Option<String> {
    stated(&text.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::super::documents;
    use super::*;
    use crate::model::NoteType;

    fn read(header: &str) -> Document {
        let body = "<component><structuredBody><component><section><text>a</text></section></component></structuredBody></component>";
        let xml = format!(
            "<?xml version=\"1.0\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\">{header}{body}</ClinicalDocument>"
        );
        documents(xml.as_bytes()).remove(0).unwrap()
    }

    #[test]
    fn the_header_says_whose_note_it_is() {
        let found = read(
            "<id root='1.2' extension='n7'/><code code='28570-0' codeSystem='2.16.840.1.113883.6.1'/>\
             <effectiveTime value='20240312'/>\
             <recordTarget><patientRole><id root='1.3' extension='p&amp;9'/><id extension='x'/></patientRole></recordTarget>\
             <author><assignedAuthor><id extension='d'/><assignedAuthoringDevice/></assignedAuthor></author>\
             <author><assignedAuthor><id nullFlavor='NI'/><assignedPerson><name><given>Ann</given><family>Hall</family></name>\
             </assignedPerson></assignedAuthor></author>\
             <author><assignedAuthor><id extension='second'/></assignedAuthor></author>\
             <custodian><assignedCustodian><representedCustodianOrganization><id root='9.9'/><name>North\n Clinic</name>\
             </representedCustodianOrganization></assignedCustodian></custodian>\
             <documentationOf><serviceEvent classCode='PROC'><effectiveTime><low value='202403101530-0500'/></effectiveTime>\
             </serviceEvent></documentationOf>",
        );
        assert_eq!((found.id.as_deref(), found.patient_id.as_deref()), (Some("n7"), Some("p&9")));
        assert_eq!(
            (found.provider.as_deref(), found.facility.as_deref()),
            (Some("Ann Hall"), Some("North Clinic"))
        );
        assert_eq!(found.note_type, Some(NoteType::Procedure));
        assert_eq!(found.service_date.map(|day| day.to_string()).as_deref(), Some("2024-03-10"));
    }

    #[test]
    fn the_day_is_that_of_the_service_where_it_is_known() {
        let care = "<documentationOf><serviceEvent classCode='PCPR'><effectiveTime><low value='19500101'/></effectiveTime></serviceEvent></documentationOf>";
        let encounter = "<componentOf><encompassingEncounter><effectiveTime value='20240311'/></encompassingEncounter></componentOf>";
        let written = "<effectiveTime value='20240312'/>";
        for (header, expected) in [
            (format!("{written}{care}{encounter}"), Some("2024-03-11")),
            (format!("{written}{care}"), Some("2024-03-12")),
            (care.to_owned(), None),
        ] {
            assert_eq!(read(&header).service_date.map(|day| day.to_string()).as_deref(), expected);
        }
        let found = read("<id root='1.2.3'/><code code='28570-0' codeSystem='1.1'/>");
        assert_eq!((found.id.as_deref(), found.note_type, found.provider), (Some("1.2.3"), None, None));
    }
}
