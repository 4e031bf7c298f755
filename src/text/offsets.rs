//! From byte offsets to the units in which other languages count: code points in Python, UTF-16 in JavaScript.
//!
//! ```
//! use foramen::text::{Offsets, Unit};
//! let note = "≥ 3 mm 🦴 L4-5";
//! assert_eq!(Offsets::new(note, Unit::CodePoints).of(14), 9);
//! assert_eq!(Offsets::new(note, Unit::Utf16).of(14), 10);
//! ```

/// What an offset counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of UTF-8, as in Rust and in JSON.
    #[default]
    Bytes,
    /// Code points, as in Python.
    CodePoints,
    /// UTF-16 units, as in JavaScript.
    Utf16,
}

impl Unit {
    /// The byte of `text` at an offset that counts these units; `None` beyond the end, or within a character.
    pub fn byte(self, text: &str, offset: usize) -> Option<usize> {
        if self == Self::Bytes || text.is_ascii() {
            return (offset <= text.len() && text.is_char_boundary(offset)).then_some(offset);
        }
        let mut units = 0;
        for (at, letter) in text.char_indices() {
            if units >= offset {
                return (units == offset).then_some(at);
            }
            units += if self == Self::Utf16 { letter.len_utf16() } else { 1 };
        }
        (units == offset).then_some(text.len())
    }

    fn length(self, text: &str) -> u32 {
        match self {
            Self::Bytes => text.len() as u32,
            Self::CodePoints => text.chars().count() as u32,
            Self::Utf16 => text.chars().map(char::len_utf16).sum::<usize>() as u32,
        }
    }
}

/// Bytes between two places whose offsets are kept: few enough that the rest is counted at once.
const STRIDE: usize = 512;

/// The byte offsets of one text in another unit. Made in one pass over the text; a text of ASCII needs none.
#[derive(Clone, Debug)]
pub struct Offsets<'t> {
    text: &'t str,
    unit: Unit,
    /// Offsets in bytes and in units, about every [`STRIDE`] bytes; empty where they are the same.
    marks: Vec<(u32, u32)>,
}

impl<'t> Offsets<'t> {
    /// The offsets of `text` in `unit`.
    pub fn new(text: &'t str, unit: Unit) -> Self {
        let mut marks = Vec::new();
        if unit != Unit::Bytes && !text.is_ascii() {
            let (mut at, mut units) = (0, 0);
            while at < text.len() {
                marks.push((at as u32, units));
                let next = text.ceil_char_boundary(at + STRIDE);
                units += unit.length(&text[at..next]);
                at = next;
            }
        }
        Self { text, unit, marks }
    }

    /// The offset of a byte; one past the end counts as the end, one within a character as its start.
    pub fn of(&self, byte: u32) -> u32 {
        let byte = (byte as usize).min(self.text.len());
        let Some(mark) = self.marks.partition_point(|&(at, _)| at as usize <= byte).checked_sub(1) else {
            return byte as u32;
        };
        let (at, units) = self.marks[mark];
        units + self.unit.length(&self.text[at as usize..self.text.floor_char_boundary(byte)])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn offsets_lead_back_to_bytes() {
        for text in ["", "abc", "≥ 🦴 L4", "🦴"] {
            for unit in [Unit::Bytes, Unit::CodePoints, Unit::Utf16] {
                let offsets = Offsets::new(text, unit);
                let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
                for at in ends {
                    assert_eq!(unit.byte(text, offsets.of(at as u32) as usize), Some(at), "{text} {unit:?}");
                }
                assert_eq!(unit.byte(text, offsets.of(text.len() as u32) as usize + 1), None);
            }
        }
        assert_eq!((Unit::Utf16.byte("🦴", 1), Unit::Bytes.byte("🦴", 2)), (None, None));
    }

    #[test]
    fn bytes_begin_where_units_do() {
        let byte = |text, unit| Unit::Utf16.byte(text, unit);
        let text = "a≥🦴b";
        let bytes: Vec<_> = (0..=6).map(|unit| byte(text, unit)).collect();
        assert_eq!(bytes, [Some(0), Some(1), Some(4), None, Some(8), Some(9), None]);
        assert_eq!([byte("ab", 2), byte("ab", 3), byte("", 0), byte("", 1)], [Some(2), None, Some(0), None]);
    }

    proptest! {
        #[test]
        fn offsets_are_the_lengths_of_what_stands_before(text in "(.|[a-zé≥🦴]{300}){0,12}") {
            let units = [Unit::Bytes, Unit::CodePoints, Unit::Utf16];
            for offsets in units.map(|unit| Offsets::new(&text, unit)) {
                for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                    let before = &text[..byte];
                    let expected = match offsets.unit {
                        Unit::Bytes => before.len(),
                        Unit::CodePoints => before.chars().count(),
                        Unit::Utf16 => before.encode_utf16().count(),
                    };
                    prop_assert_eq!(offsets.of(byte as u32) as usize, expected);
                }
                prop_assert_eq!(offsets.of(u32::MAX), offsets.of(text.len() as u32));
            }
        }
    }
}
