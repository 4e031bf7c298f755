//! Notes that come as an attachment: base64, of a content type, in a character set.
//!
//! ```text
//! text/html; charset=iso-8859-1   PHA+TVJJPC9wPg==   ─▶   MRI
//! ```

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::decode::{decode, decode_named};
use super::markup::{html, rtf};
use super::{Encoding, Reason};

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Markup {
    /// Nothing but the text.
    Plain,
    Html,
    Rtf,
}

/// A content type that is read, and its character set where it names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ContentType<'t> {
    pub(super) markup: Markup,
    charset: Option<&'t str>,
}

impl<'t> ContentType<'t> {
    /// Text whose character set nobody names.
    pub(super) const fn of(markup: Markup) -> Self {
        Self { markup, charset: None }
    }

    /// Reads a media type with its parameters (RFC 9110, section 8.3.1); `None` for one that holds no readable text.
    pub(super) fn parse(text: &'t str) -> Option<Self> {
        let (name, parameters) = text.split_once(';').unwrap_or((text, ""));
        let markup = match name.trim().to_ascii_lowercase().as_str() {
            "text/plain" | "text" => Markup::Plain,
            "text/html" | "application/xhtml+xml" | "text/xhtml" => Markup::Html,
            "text/rtf" | "application/rtf" => Markup::Rtf,
            _ => return None,
        };
        Some(Self { markup, charset: charset(parameters) })
    }
}

/// The character set that the parameters of a media type name.
pub(crate) fn charset(parameters: &str) -> Option<&str> {
    parameters.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

/// The text of an attachment, without its markup.
///
/// # Errors
/// When the bytes are no text, or not of this type.
pub(super) fn text_of(kind: ContentType<'_>, bytes: &[u8]) -> Result<(String, Encoding), Reason> {
    // Senders call RTF plain text, and it cannot be mistaken.
    if kind.markup == Markup::Rtf || rtf::is_rtf(bytes) {
        return Ok((rtf::text(bytes)?, Encoding::Utf8));
    }
    let decoded = match kind.charset {
        Some(label) => decode_named(bytes, label)?,
        None => decode(bytes)?,
    };
    let text = match kind.markup {
        Markup::Html => html::text(&decoded.text),
        Markup::Plain | Markup::Rtf => decoded.text.into_owned(),
    };
    Ok((text, decoded.encoding))
}

/// The bytes of base64 text, in which blanks and line ends count for nothing; `None` where it is none.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    const CODE: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    CODE.decode(text).ok().or_else(|| CODE.decode(text.split_ascii_whitespace().collect::<String>()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_are_read_with_their_character_set() {
        let read = |text| ContentType::parse(text).map(|kind| (kind.markup, kind.charset));
        assert_eq!(read("text/plain"), Some((Markup::Plain, None)));
        assert_eq!(read("Text/HTML; Charset=\"UTF-8\""), Some((Markup::Html, Some("UTF-8"))));
        assert_eq!(read("application/rtf;x=y; charset=cp1252"), Some((Markup::Rtf, Some("cp1252"))));
        assert_eq!(read("application/pdf"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn the_named_character_set_is_taken() {
        let text = |kind: &str, bytes: &[u8]| text_of(ContentType::parse(kind).unwrap(), bytes).unwrap();
        let cyrillic = (String::from("МРТ"), Encoding::Named("ISO-8859-5"));
        assert_eq!(text("text/plain; charset=iso-8859-5", b"\xbc\xc0\xc2"), cyrillic);
        assert_eq!(text("text/plain; charset=none-such", "é".as_bytes()).0, "é");
        assert_eq!(text("text/plain; charset=utf-8", b"\xe9"), ("é".into(), Encoding::Windows1252));
        assert_eq!(text("text/html", b"<p>a</p><p>b</p>").0, "a\n\nb");
        assert_eq!(text("text/plain", b"{\\rtf1 a\\par b}").0, "a\nb");
        let pdf = text_of(ContentType::of(Markup::Plain), b"%PDF-1.7");
        assert_eq!(pdf.unwrap_err().name(), "binary");
    }

    #[test]
    fn base64_may_be_wrapped_and_lack_its_padding() {
        for (text, expected) in [
            ("TVJJ", Some("MRI")),
            ("TV\r\n JJ\n", Some("MRI")),
            ("TVI=", Some("MR")),
            ("TVI", Some("MR")),
            ("", Some("")),
            ("TV*J", None),
            ("TVJJT", None),
            ("TVJé", None),
        ] {
            assert_eq!(base64(text).as_deref(), expected.map(str::as_bytes), "{text}");
        }
    }
}
