//! HL7 version 2 messages: the text of observations, gathered into one note for each order or document.
//!
//! After *HL7 Messaging Standard*, version 2.5.1: chapter 2 (syntax, escapes), 7 (OBR, OBX), 9 (TXA).
//!
//! ```text
//! MSH|^~\&|RIS|CLINIC||||20240310||ORU^R01|m1|P|2.5
//! PID|1||77^^^CLINIC^MR
//! OBR|1||A12|…|||20240310
//! OBX|1|TX|…||MRI LUMBAR SPINE
//! OBX|2|TX|…||L4-5: Mild left~foraminal stenosis.
//!
//! ─▶ id A12, patient 77, facility CLINIC, day 2024-03-10, text MRI LUMBAR SPINE⏎L4-5: Mild left⏎foraminal stenosis.
//! ```

mod escape;
mod messages;
mod report;
mod syntax;

use super::Reason;
use super::decode::{Decoded, decode_line, decode_named};
use super::document::Document;

pub(super) use messages::{Messages, is_file};

/// The notes of a message, which starts with its MSH segment; none where it has no text.
pub(super) fn documents(bytes: &[u8]) -> Vec<Result<Document, Reason>> {
    let decoded = match decoded(bytes) {
        Ok(decoded) => decoded,
        Err(reason) => return vec![Err(reason)],
    };
    match syntax::Message::read(&decoded.text) {
        Ok(message) => report::documents(&message, decoded.encoding),
        Err(reason) => vec![Err(reason)],
    }
}

/// The text of a message, in the character set that its MSH-18 names (table 0211).
fn decoded(bytes: &[u8]) -> Result<Decoded<'_>, Reason> {
    let end = memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len());
    let header = String::from_utf8_lossy(bytes.get(..end).unwrap_or(bytes));
    let named = header.split(header.chars().nth(3).unwrap_or('|')).nth(17).unwrap_or_default();
    let named = named.split(['~', '<']).next().unwrap_or_default().trim();
    let label = match named {
        "GB 18030-2000" => "gb18030".to_owned(),
        "BIG-5" => "big5".to_owned(),
        "KS X 1001" => "euc-kr".to_owned(),
        named => match named.strip_prefix("8859/") {
            Some(part) => format!("iso-8859-{part}"),
            None => return Ok(decode_line(bytes)),
        },
    };
    decode_named(bytes, &label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(message: &[u8]) -> Vec<String> {
        documents(message).into_iter().map(|document| document.unwrap().text).collect()
    }

    #[test]
    fn the_named_character_set_is_taken() {
        let message = |named: &str, word: &[u8]| {
            let mut bytes = format!("MSH|^~\\&|||||||ORU^R01|1|P|2.5||||||{named}\rOBX|1|TX|||").into_bytes();
            bytes.extend(word);
            texts(&bytes).remove(0)
        };
        assert_eq!(message("UNICODE UTF-8", "45°".as_bytes()), "45°");
        assert_eq!(message("", "45°".as_bytes()), "45°");
        assert_eq!(message("", b"45\xb0"), "45°");
        assert_eq!(message("UNICODE UTF-8", b"45\xb0"), "45°");
        assert_eq!(message("8859/1", b"45\xb0"), "45°");
        assert_eq!(message("8859/5~ISO IR87", b"\xbc\xc0\xc2"), "МРТ");
        assert_eq!(message("8859/99", b"45\xb0"), "45°");
    }

    #[test]
    fn segments_may_end_in_any_way() {
        for end in ["\r", "\n", "\r\n", "<R>\n", "<R>\r\n", "<R>"] {
            let message =
                ["MSH|^~\\&|||||||ORU^R01|1", "OBR|1||9", "OBX|1|TX|||a", "OBX|2|TX|||b", ""].join(end);
            let found = documents(message.as_bytes()).remove(0).unwrap();
            assert_eq!((found.id.as_deref(), found.text.as_str()), (Some("9"), "a\nb"), "{end:?}");
        }
        // A line end within a field is one of the text.
        assert_eq!(texts(b"MSH|^~\\&|1\rOBX|1|TX|||a\nOBXb\r\n\r\nc|||\rNTE|1"), ["a\nOBXb\n\nc"]);
        assert_eq!(texts(b"MSH|^~\\&|1<R>\nOBX|1|TX|||a\nb|||<R>\n"), ["a\nb"]);
    }

    #[test]
    fn separators_are_those_of_the_message() {
        let message = b"MSH#:*!%#A:B#HOSP:1#\rPID###*7:::x:MR\rOBX#1#TX#X%Y##a!F!b!R!c!S!d!T!e!E!*f|~^&\\";
        let found = documents(message).remove(0).unwrap();
        assert_eq!(found.text, "a#b*c:d%e!\nf|~^&\\");
        assert_eq!((found.patient_id.as_deref(), found.facility.as_deref()), (Some("7"), Some("HOSP")));
        // Without an escape character nothing is escaped.
        assert_eq!(texts(b"MSH|^~|x\rOBX|1|TX|||a\\T\\b"), ["a\\T\\b"]);
        for broken in [&b""[..], b"MSH", b"MSH|", b"PID|1", b"MSH\xc3\xa9^~", b"MSH|\xc3\xa9", b"\xff"] {
            let reason = documents(broken).remove(0).unwrap_err();
            assert_eq!(reason.name(), "broken_message", "{broken:?}");
        }
    }
}
