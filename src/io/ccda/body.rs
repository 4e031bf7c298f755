//! The body of a C-CDA document: its sections' narrative as lines, or the one text that stands for it.

use crate::codes::DocumentCoding;
use crate::io::Reason;
use crate::io::attachment::{ContentType, base64, text_of};
use crate::io::document::{codes, stated};
use crate::io::markup::flow::Flow;

use super::Element;
use super::header::LOINC;

/// The body, as far as it is read.
#[derive(Default)]
pub(super) struct Body {
    flow: Flow,
    /// The sections that are open, the innermost last.
    sections: Vec<Section>,
    /// How deep the narrative being read stands.
    narrative: Option<usize>,
    /// How many elements are open within it whose line ends are the writer's software's.
    blocks: usize,
    /// How deep the deleted words being passed over stand.
    deleted: Option<usize>,
    unstructured: Option<Unstructured>,
}

#[derive(Default)]
struct Section {
    /// The heading that its code stands for.
    heading: Option<&'static str>,
    title: String,
    is_headed: bool,
}

/// A body that is one attachment.
#[derive(Default)]
struct Unstructured {
    media_type: Option<String>,
    is_base64: bool,
    is_linked: bool,
    data: String,
}

impl Body {
    /// Takes in the start of the element at the end of `path`.
    pub(super) fn open(&mut self, path: &[&str], element: &Element<'_>) -> Result<(), Reason> {
        match path {
            _ if self.narrative.is_some() => self.open_narrative(path, element)?,
            ["ClinicalDocument", "component", "nonXMLBody", "text"] => {
                self.unstructured = Some(Unstructured {
                    media_type: element.attribute("mediaType")?,
                    is_base64: element.attribute("representation")?.as_deref() == Some("B64"),
                    ..Unstructured::default()
                });
            }
            ["ClinicalDocument", "component", "nonXMLBody", "text", "reference"] => {
                self.unstructured.get_or_insert_default().is_linked = true;
            }
            ["ClinicalDocument", "component", "structuredBody", .., "section"] => {
                self.sections.push(Section::default());
            }
            ["ClinicalDocument", "component", "structuredBody", .., "section", "code"] => {
                let is_loinc = element.attribute("codeSystem")?.is_none_or(|system| system == LOINC);
                let code = element.attribute("code")?.filter(|_| is_loinc);
                if let Some(section) = self.sections.last_mut() {
                    section.heading = code.and_then(|code| codes().heading(DocumentCoding::Loinc, &code));
                }
            }
            ["ClinicalDocument", "component", "structuredBody", .., "section", "text"] => {
                self.head();
                self.narrative = Some(path.len());
                self.blocks = 0;
            }
            _ => {}
        }
        Ok(())
    }

    fn open_narrative(&mut self, path: &[&str], element: &Element<'_>) -> Result<(), Reason> {
        let name = path.last().copied().unwrap_or_default();
        self.blocks += usize::from(is_block(name));
        match name {
            "br" => self.flow.line_break(),
            "caption" | "div" | "footnote" | "p" | "paragraph" | "pre" => self.flow.line(),
            "list" => self.flow.open_list(element.attribute("listType")?.as_deref() == Some("ordered")),
            "ul" => self.flow.open_list(false),
            "ol" => self.flow.open_list(true),
            "item" | "li" => self.flow.item(),
            "table" => self.flow.open_table(),
            "tr" => self.flow.open_row(),
            "td" | "th" => self.flow.open_cell(),
            "content"
                if self.deleted.is_none() && element.attribute("revised")?.as_deref() == Some("delete") =>
            {
                self.deleted = Some(path.len());
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes in the end of the element at the end of `path`.
    pub(super) fn close(&mut self, path: &[&str]) {
        if self.deleted == Some(path.len()) {
            self.deleted = None;
        }
        if self.narrative == Some(path.len()) {
            self.narrative = None;
            return self.flow.block();
        }
        if self.narrative.is_some() {
            return self.close_narrative(path.last().copied().unwrap_or_default());
        }
        match path {
            ["ClinicalDocument", "component", "structuredBody", .., "section"] => {
                self.sections.pop();
            }
            ["ClinicalDocument", "component", "structuredBody", .., "section", "title"] => self.head(),
            _ => {}
        }
    }

    fn close_narrative(&mut self, name: &str) {
        self.blocks = self.blocks.saturating_sub(usize::from(is_block(name)));
        match name {
            "paragraph" | "p" => self.flow.block(),
            "caption" | "div" | "footnote" | "pre" | "item" | "li" => self.flow.line(),
            "list" | "ul" | "ol" => self.flow.close_list(),
            "table" => self.flow.close_table(),
            "tr" => self.flow.close_row(),
            "td" | "th" => self.flow.close_cell(),
            _ => {}
        }
    }

    /// Takes in text.
    pub(super) fn say(&mut self, path: &[&str], text: &str) {
        if self.narrative.is_some() {
            match self.deleted {
                Some(_) => {}
                None if self.blocks > 0 => self.flow.words(text),
                None => self.lines(text),
            }
            return;
        }
        match path {
            ["ClinicalDocument", "component", "nonXMLBody", "text"] => {
                self.unstructured.get_or_insert_default().data.push_str(text);
            }
            ["ClinicalDocument", "component", "structuredBody", .., "section", "title"] => {
                if let Some(section) = self.sections.last_mut() {
                    section.title.push_str(text);
                }
            }
            _ => {}
        }
    }

    /// Text that stands in no block: many systems put plain text there, with line ends of its own.
    fn lines(&mut self, text: &str) {
        if text.trim().is_empty() {
            return self.flow.words(text);
        }
        let mut was_blank = false;
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.flow.line();
                if was_blank && index > 1 {
                    self.flow.block();
                }
            }
            was_blank = line.trim().is_empty();
            self.flow.words(line);
        }
    }

    /// Writes the heading of the innermost section, once: its title, else what its code stands for.
    fn head(&mut self) {
        let Some(section) = self.sections.last_mut() else { return };
        if std::mem::replace(&mut section.is_headed, true) {
            return;
        }
        self.flow.block();
        let title = stated(&section.title).or_else(|| section.heading.map(str::to_owned));
        if let Some(title) = title {
            self.flow.words(&title);
            if title.ends_with(|c: char| c.is_alphanumeric() || c == ')') {
                self.flow.words(":");
            }
            self.flow.line();
        }
    }

    /// The text, if there is any.
    ///
    /// # Errors
    /// When the body is an attachment that cannot be read.
    pub(super) fn finish(self) -> Result<Option<String>, Reason> {
        match self.unstructured {
            Some(attachment) => attachment
                .text()
                .map(Some)
                .map_err(|reason| reason.at("/ClinicalDocument/component/nonXMLBody/text")),
            None => Ok(Some(self.flow.finish()).filter(|text| !text.is_empty())),
        }
    }
}

impl Unstructured {
    fn text(self) -> Result<String, Reason> {
        if self.is_linked && self.data.trim().is_empty() {
            return Err(Reason::Linked);
        }
        // CDA names plain text as what a body is in without a word.
        let kind = self.media_type.as_deref().unwrap_or("text/plain");
        let kind = ContentType::parse(kind).ok_or(Reason::ContentType)?;
        let bytes = if self.is_base64 {
            base64(&self.data).ok_or(Reason::NotBase64)?
        } else {
            self.data.into_bytes()
        };
        text_of(kind, &bytes).map(|(text, _)| text)
    }
}

/// Whether an element lays its text out by itself.
fn is_block(name: &str) -> bool {
    matches!(name, "paragraph" | "p" | "item" | "li" | "td" | "th" | "caption" | "footnote")
}

#[cfg(test)]
mod tests {
    use super::super::documents;

    fn read(component: &str) -> Result<String, String> {
        let xml = format!("<ClinicalDocument><component>{component}</component></ClinicalDocument>");
        let mut found = documents(xml.as_bytes());
        assert!(found.len() < 2);
        let note = found.pop().map_or(Ok(String::new()), |item| item.map(|note| note.text));
        note.map_err(|reason| reason.to_string())
    }

    fn sections(sections: &str) -> String {
        read(&format!("<structuredBody>{sections}</structuredBody>")).unwrap()
    }

    #[test]
    fn sections_stand_under_their_titles() {
        let text = sections(
            "<component><section><code code='19005-8'/><title>Conclusion</title><text>a</text>\
             <entry><observation><text>no</text></observation></entry>\
             <component><section><title> Part\n (b): </title><text><paragraph>c</paragraph></text></section></component>\
             </section></component>\
             <component><section><code code='19005-8' codeSystem='2.16.840.1.113883.6.1'/><text>d</text></section></component>\
             <component><section><code code='19005-8' codeSystem='1.2'/><text>e</text></section></component>\
             <component><section><title>Empty</title></section></component>",
        );
        assert_eq!(text, "Conclusion:\na\n\nPart (b):\nc\n\nImpression:\nd\n\ne\n\nEmpty:");
        assert_eq!(sections(""), "");
    }

    #[test]
    fn narrative_becomes_lines() {
        let text = |narrative: &str| {
            sections(&format!("<component><section><text>{narrative}</text></section></component>"))
        };
        for (narrative, expected) in [
            ("\n   a\n   b\n\n   c\n", "a\nb\n\nc"),
            ("<paragraph>\n  a\n  b</paragraph><paragraph>c</paragraph>", "a b\n\nc"),
            ("a<br/>b &lt;5&#176; <![CDATA[<c>]]>", "a\nb <5° <c>"),
            ("<content>a</content>\n <content styleCode='Bold'>b</content>", "a b"),
            ("<list><caption>x</caption><item>a</item><item>b</item></list>", "- a\n- b"),
            (
                "<list listType='ordered'><item>a</item><item><list><item>b</item></list></item></list>",
                "1. a\n2. - b",
            ),
            (
                "<table><thead><tr><th>Level</th><th>Side</th></tr></thead><tbody><tr><td>L4-5</td><td>left</td></tr></tbody></table>",
                "Level | Side\nL4-5 | left",
            ),
            ("<paragraph>a <content revised='delete'>b<content>c</content></content>d</paragraph>", "a d"),
            ("<renderMultiMedia referencedObject='x'><caption>y</caption></renderMultiMedia>z", "y\nz"),
        ] {
            let found = text(narrative);
            let found = found.strip_prefix("x\n").unwrap_or(&found);
            assert_eq!(found, expected, "{narrative}");
        }
    }

    #[test]
    fn a_body_may_be_one_attachment() {
        let body = |attributes: &str, data: &str| {
            read(&format!("<nonXMLBody><text {attributes}>{data}</text></nonXMLBody>"))
        };
        assert_eq!(body("", "a &amp; b").as_deref(), Ok("a & b"));
        assert_eq!(
            body("mediaType='text/html' representation='B64'", "PHA+\nTVJJPC9wPg==").as_deref(),
            Ok("MRI")
        );
        for (attributes, data, expected) in [
            (
                "mediaType='application/pdf' representation='B64'",
                "JVBERi0=",
                "has no content type that is read",
            ),
            (
                "representation='B64'",
                "*SECRET",
                "not base64: encode the data again, or give them as plain text",
            ),
            ("mediaType='text/plain'", "<reference value='SECRET'/>", "only links to the note"),
        ] {
            let reason = body(attributes, data).unwrap_err();
            let place = "`/ClinicalDocument/component/nonXMLBody/text`: ";
            assert!(reason.strip_prefix(place).is_some_and(|rest| rest.starts_with(expected)), "{reason}");
        }
    }
}
