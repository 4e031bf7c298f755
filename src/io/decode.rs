//! Bytes to text: UTF-8, UTF-16 with a byte order mark, and Windows-1252 for what is neither.
//!
//! ```
//! use foramen::io::{Encoding, decode};
//! let decoded = decode(b"d\xe9generation \x96 mild").unwrap();
//! assert_eq!(decoded.text, "dégeneration – mild");
//! assert_eq!(decoded.encoding, Encoding::Windows1252);
//! ```

use std::borrow::Cow;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Reason;

/// How the bytes of a note were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8: the decoded text is the bytes as they came in.
    #[default]
    Utf8,
    /// UTF-8 after a byte order mark, which is not part of the text: offsets lie 3 bytes before the file's.
    Utf8Bom,
    /// UTF-16, little end first, by its byte order mark.
    Utf16Le,
    /// UTF-16, big end first, by its byte order mark.
    Utf16Be,
    /// Not valid UTF-8, and so read as Windows-1252, which has a character for every byte.
    Windows1252,
    /// Another, which the record names.
    Named(&'static str),
}

impl Encoding {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Bom => "utf-8-bom",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
            Self::Named(name) => name,
        }
    }

    /// Whether the decoded text differs from the bytes, so that offsets into one are none into the other.
    pub const fn changed_bytes(self) -> bool {
        !matches!(self, Self::Utf8)
    }
}

/// A decoded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, without a byte order mark.
    pub text: Cow<'b, str>,
    /// How it was read.
    pub encoding: Encoding,
}

/// Decodes the bytes of a whole note.
///
/// A text has one encoding: where any byte of it is no UTF-8, all of it is read as Windows-1252. Half a
/// surrogate pair in UTF-16 becomes U+FFFD. NUL and other control characters are kept.
///
/// # Errors
/// [`Reason::Binary`] where the first bytes are those of another kind of file, or one in twenty is a control character
/// that texts do not use.
pub fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Reason> {
    for (mark, decoder, encoding) in
        [(&b"\xff\xfe"[..], UTF_16LE, Encoding::Utf16Le), (b"\xfe\xff", UTF_16BE, Encoding::Utf16Be)]
    {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let (text, _) = decoder.decode_without_bom_handling(rest);
            return Ok(Decoded { text, encoding });
        }
    }
    if let Some(kind) = binary_kind(bytes) {
        return Err(Reason::Binary(kind));
    }
    if let Some(rest) = bytes.strip_prefix(UTF8_BOM)
        && let Ok(text) = std::str::from_utf8(rest)
    {
        return Ok(Decoded { text: text.into(), encoding: Encoding::Utf8Bom });
    }
    Ok(decode_line(bytes))
}

/// Decodes text that stands inside a larger file: UTF-8, or else Windows-1252.
pub(super) fn decode_line(bytes: &[u8]) -> Decoded<'_> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.into(), encoding: Encoding::Utf8 };
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Decoded { text, encoding: Encoding::Windows1252 }
}

/// Decodes text whose record names its encoding, by the labels of the web. A name that nobody knows is passed over.
///
/// # Errors
/// As [`decode`].
pub(super) fn decode_named<'b>(bytes: &'b [u8], label: &str) -> Result<Decoded<'b>, Reason> {
    let Some(named) = encoding_rs::Encoding::for_label(label.as_bytes()).filter(|named| *named != UTF_8)
    else {
        return decode(bytes);
    };
    let (text, _) = named.decode_with_bom_removal(bytes);
    let encoding = if named == WINDOWS_1252 { Encoding::Windows1252 } else { Encoding::Named(named.name()) };
    Ok(Decoded { text, encoding })
}

/// The byte order mark of UTF-8.
pub(super) const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";

/// First bytes of files that hold no plain text.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF file"),
    (b"{\\rtf", "an RTF file"),
    (b"PK\x03\x04", "a zip archive or Office document"),
    (b"\xd0\xcf\x11\xe0", "an older Office document"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"PAR1", "a Parquet file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
];

/// Bytes at the start of a file that are enough to know a binary file.
const SAMPLE: usize = 8192;

/// What kind of binary file the bytes begin; `None` for text.
///
/// Known by their first bytes, or by control characters that texts do not use: two or more, and one in
/// twenty of the first 8 KiB. A stray NUL in a note is no such sign.
pub(super) fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(kind);
    }
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let strange = sample.iter().filter(|b| matches!(b, 0..=7 | 14..=26 | 28..=31)).count();
    (strange >= 2 && strange * 20 >= sample.len()).then_some("a binary file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_decoded_by_one_rule() {
        let cases: &[(&[u8], &str, Encoding)] = &[
            (b"", "", Encoding::Utf8),
            ("L4–L5 ≥ 3 mm".as_bytes(), "L4–L5 ≥ 3 mm", Encoding::Utf8),
            (b"a\r\nb\r\n", "a\r\nb\r\n", Encoding::Utf8),
            (b"left\0right", "left\0right", Encoding::Utf8),
            (b"\xef\xbb\xbfMRI", "MRI", Encoding::Utf8Bom),
            (b"\xef\xbb\xbf", "", Encoding::Utf8Bom),
            (b"\xff\xfeM\0R\0I\0", "MRI", Encoding::Utf16Le),
            (b"\xfe\xff\0M\0R\0I", "MRI", Encoding::Utf16Be),
            (b"\xff\xfeM\0\x00\xd8", "M\u{fffd}", Encoding::Utf16Le),
            (b"patient\x92s L4\x96L5 45\xb0", "patient’s L4–L5 45°", Encoding::Windows1252),
            // Mixed: one encoding for the whole text.
            (b"caf\xe9 \xc3\xa9", "café Ã©", Encoding::Windows1252),
        ];
        for (bytes, text, encoding) in cases {
            let decoded = decode(bytes).unwrap();
            assert_eq!((decoded.text.as_ref(), decoded.encoding), (*text, *encoding), "{bytes:?}");
        }
    }

    #[test]
    fn binary_files_are_refused() {
        let noise: Vec<u8> = (0_u32..4096).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let cases: &[(&[u8], &str)] = &[
            (b"%PDF-1.7 rest", "a PDF file"),
            (b"PK\x03\x04rest", "a zip archive or Office document"),
            (b"\x1f\x8b\x08rest", "a gzip file"),
            (b"\x7fELF\x02\x01\x01\0\0\0\0\0", "a binary file"),
            (b"M\0R\0I\0 \0L\0", "a binary file"),
            (&[0; 64], "a binary file"),
            (&noise, "a binary file"),
        ];
        for (bytes, kind) in cases {
            assert_eq!(decode(bytes), Err(Reason::Binary(kind)));
        }
    }
}
