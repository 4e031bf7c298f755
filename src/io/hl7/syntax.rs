//! A message as segments, fields, repetitions and components, with the separators that it names itself.

use crate::io::Reason;

/// The characters that part a message, from MSH-1 and MSH-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Separators {
    pub(super) field: char,
    pub(super) component: char,
    pub(super) repetition: char,
    pub(super) escape: Option<char>,
    pub(super) subcomponent: char,
}

/// A message, its segments still to be parted.
#[derive(Clone, Debug)]
pub(super) struct Message<'m> {
    pub(super) separators: Separators,
    pub(super) segments: Vec<Segment<'m>>,
}

/// A segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'m> {
    text: &'m str,
    field: char,
}

/// What stands for the end of a segment in messages that were printed into a log.
const PRINTED_END: &str = "<R>";

impl<'m> Message<'m> {
    pub(super) fn read(text: &'m str) -> Result<Self, Reason> {
        let separators = Separators::read(text)?;
        Ok(Self { separators, segments: segments(text, separators.field) })
    }

    /// The first segment of a name.
    pub(super) fn segment(&self, name: &str) -> Option<Segment<'m>> {
        self.segments.iter().find(|segment| segment.name() == name).copied()
    }
}

impl Separators {
    fn read(text: &str) -> Result<Self, Reason> {
        let no_header = Reason::BrokenMessage("it does not start with an MSH segment");
        let header = text.strip_prefix("MSH").ok_or(no_header)?;
        let line = header.split(['\r', '\n']).next().unwrap_or_default();
        let mut named = line.chars();
        let field = named.next().filter(char::is_ascii_punctuation);
        let field = field.ok_or(Reason::BrokenMessage("its MSH segment names no separators"))?;
        let mut named = named.take_while(|&c| c != field && c.is_ascii_punctuation());
        let component = named.next().ok_or(Reason::BrokenMessage("its MSH segment names no separators"))?;
        // What a short MSH-2 leaves out is as the standard recommends.
        let repetition = named.next().unwrap_or('~');
        let escape = named.next();
        Ok(Self { field, component, repetition, escape, subcomponent: named.next().unwrap_or('&') })
    }

    /// The component of this number, from 1, of the first repetition of a field.
    pub(super) fn component<'v>(&self, value: &'v str, number: usize) -> &'v str {
        let first = value.split(self.repetition).next().unwrap_or_default();
        first.split(self.component).nth(number - 1).unwrap_or_default()
    }
}

impl<'m> Segment<'m> {
    pub(super) fn name(self) -> &'m str {
        self.text.get(..3).unwrap_or(self.text)
    }

    /// The field of this number, as HL7 counts: MSH-1 is the separator itself.
    pub(super) fn field(self, number: usize) -> &'m str {
        let shift = usize::from(self.name() == "MSH");
        self.text.split(self.field).nth(number - shift).unwrap_or_default()
    }
}

/// The segments of a message. A line that starts none goes on with the field before it.
fn segments(text: &str, field: char) -> Vec<Segment<'_>> {
    let first = text.split(['\r', '\n']).next().unwrap_or_default();
    let printed = first.contains(PRINTED_END);
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let (end, mark) = if printed {
            (rest.find(PRINTED_END), PRINTED_END.len())
        } else {
            (memchr::memchr2(b'\r', b'\n', rest.as_bytes()), 1)
        };
        let (end, next) = end.map_or((rest.len(), rest.len()), |at| (at, at + mark));
        let line = rest.get(..end).unwrap_or_default();
        let body = line.trim_start_matches(['\r', '\n']);
        let end = start + end;
        if starts_segment(body, field) {
            spans.push((end - body.len(), end));
        } else if let Some(last) = spans.last_mut().filter(|_| !body.trim().is_empty()) {
            last.1 = end;
        }
        start += next;
    }
    spans
        .into_iter()
        .filter_map(|(start, end)| Some(Segment { text: text.get(start..end)?, field }))
        .collect()
}

/// Whether a line starts with the name of a segment and the end of it.
fn starts_segment(line: &str, field: char) -> bool {
    let Some((name, rest)) = line.split_at_checked(3) else { return false };
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && (rest.is_empty() || rest.starts_with(field))
}
