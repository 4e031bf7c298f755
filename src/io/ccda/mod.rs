//! C-CDA documents: the text of their sections in order, each under its title.
//!
//! After *HL7 Clinical Document Architecture*, release 2, and *Consolidated CDA*, release 2.1. Document type
//! declarations are refused, so that no entity can be defined, and none be expanded.
//!
//! ```text
//! <section><title>Impression</title><text><paragraph>Mild stenosis.</paragraph></text></section>
//!
//! ─▶ Impression:⏎Mild stenosis.
//! ```

mod body;
mod header;

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Reason;
use super::decode::decode;
use super::document::Document;
use body::Body;
use header::Header;

/// Elements within elements, at most.
const DEEPEST: usize = 200;

/// The note of a document; none where it has no text.
pub(super) fn documents(bytes: &[u8]) -> Vec<Result<Document, Reason>> {
    let read = decode(bytes).and_then(|decoded| {
        let note = read(&decoded.text)?;
        Ok(note.map(|note| Document { encoding: decoded.encoding, ..note }))
    });
    read.transpose().into_iter().collect()
}

/// Names of elements that are looked at, sorted.
const NAMES: &[&str] = &[
    "ClinicalDocument",
    "assignedAuthor",
    "assignedAuthoringDevice",
    "assignedCustodian",
    "assignedPerson",
    "author",
    "br",
    "caption",
    "code",
    "component",
    "componentOf",
    "content",
    "custodian",
    "div",
    "documentationOf",
    "effectiveTime",
    "encompassingEncounter",
    "footnote",
    "id",
    "item",
    "li",
    "list",
    "low",
    "name",
    "nonXMLBody",
    "ol",
    "p",
    "paragraph",
    "patientRole",
    "pre",
    "recordTarget",
    "reference",
    "representedCustodianOrganization",
    "section",
    "serviceEvent",
    "structuredBody",
    "table",
    "td",
    "text",
    "th",
    "title",
    "tr",
    "ul",
];

fn read(xml: &str) -> Result<Option<Document>, Reason> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut path: Vec<&'static str> = Vec::new();
    let mut header = Header::default();
    let mut body = Body::default();
    loop {
        let offset = reader.buffer_position();
        let broken = |what| Reason::BrokenXml { offset, what };
        let event = reader.read_event();
        match event
            .map_err(|_| Reason::BrokenXml { offset: reader.error_position(), what: "not well formed" })?
        {
            Event::Start(element) => {
                let element = Element { element, offset };
                path.push(element.name());
                if path.len() > DEEPEST {
                    return Err(broken("elements are nested too deeply"));
                }
                if path.first() != Some(&"ClinicalDocument") {
                    return Err(broken("no C-CDA document: its root is no ClinicalDocument"));
                }
                header.open(&path, &element)?;
                body.open(&path, &element)?;
            }
            Event::End(_) => {
                header.close(&path);
                body.close(&path);
                path.pop();
            }
            Event::Text(text) => say(&path, &text.xml10_content(), &mut header, &mut body),
            Event::CData(text) => say(&path, &text.xml10_content(), &mut header, &mut body),
            Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                Ok(Some(character)) => say(&path, character.encode_utf8(&mut [0; 4]), &mut header, &mut body),
                Ok(None) => {
                    let text = resolve_xml_entity(&entity)
                        .ok_or_else(|| broken("an entity that XML does not define"))?;
                    say(&path, text, &mut header, &mut body);
                }
                Err(_) => return Err(broken("a reference to no character")),
            },
            Event::DocType(_) => return Err(broken("a document type declaration, which is refused")),
            Event::Eof if !path.is_empty() => return Err(broken("it ends too early")),
            Event::Eof if header.is_empty() => return Err(broken("no C-CDA document")),
            Event::Eof => break,
            _ => {}
        }
    }
    let document = header.finish();
    Ok(body.finish()?.map(|text| Document { text, ..document }))
}

fn say(path: &[&'static str], text: &str, header: &mut Header, body: &mut Body) {
    header.say(path, text);
    body.say(path, text);
}

/// An element's start.
struct Element<'x> {
    element: BytesStart<'x>,
    offset: u64,
}

impl Element<'_> {
    /// Its name without a prefix, if it is one that is looked at.
    fn name(&self) -> &'static str {
        let name = self.element.local_name();
        let index = NAMES.binary_search(&name.as_ref()).ok();
        index.and_then(|index| NAMES.get(index).copied()).unwrap_or_default()
    }

    /// The value of an attribute; none for an empty one.
    fn attribute(&self, name: &str) -> Result<Option<String>, Reason> {
        let broken = || Reason::BrokenXml { offset: self.offset, what: "a broken attribute" };
        let Some(attribute) = self.element.try_get_attribute(name).map_err(|_| broken())? else {
            return Ok(None);
        };
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| broken())?;
        Ok(super::document::stated(&value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(xml: &str) -> String {
        documents(xml.as_bytes()).remove(0).unwrap_err().to_string()
    }

    #[test]
    fn names_are_sorted() {
        assert!(NAMES.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn broken_documents_are_told_by_their_place() {
        for (xml, expected) in [
            ("", "broken XML at byte 0: no C-CDA document; export the document again"),
            ("<ClinicalDocument>", "broken XML at byte 18: it ends too early; export the document again"),
            (
                "<html/>",
                "broken XML at byte 0: no C-CDA document: its root is no ClinicalDocument; export the document again",
            ),
            ("<ClinicalDocument></x>", "broken XML at byte 18: not well formed; export the document again"),
            (
                "<ClinicalDocument>&SECRET;",
                "broken XML at byte 18: an entity that XML does not define; export the document again",
            ),
            (
                "<ClinicalDocument>&#x110000;",
                "broken XML at byte 18: a reference to no character; export the document again",
            ),
            (
                "<ClinicalDocument><id root='&SECRET;'/>",
                "broken XML at byte 18: a broken attribute; export the document again",
            ),
        ] {
            assert_eq!(fault(xml), expected, "{xml}");
        }
        assert_eq!(documents(b"<ClinicalDocument/>"), []);
    }

    #[test]
    fn entities_cannot_be_defined() {
        let levels = (1..10).map(|level| {
            let inner = format!("&a{};", level - 1).repeat(10);
            format!("<!ENTITY a{level} \"{inner}\">")
        });
        let entities: String = levels.collect();
        let xml = format!(
            "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a0 \"SECRET\">{entities}]><ClinicalDocument>&a9;</ClinicalDocument>"
        );
        assert_eq!(
            fault(&xml),
            "broken XML at byte 21: a document type declaration, which is refused; export the document again"
        );
    }

    #[test]
    fn depth_is_refused() {
        let deep = format!("<ClinicalDocument>{}", "<component>".repeat(100_000));
        assert!(fault(&deep).ends_with("elements are nested too deeply; export the document again"));
    }
}
