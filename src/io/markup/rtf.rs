//! RTF to text: groups, destinations, the characters of its code page, paragraphs and table cells.
//!
//! After the *Rich Text Format Specification*, version 1.9.1 (Microsoft, 2008). What a reader of the document would not
//! see is left out: tables of fonts, pictures, headers of pages, hidden and deleted text.
//!
//! ```text
//! {\rtf1\ansi{\fonttbl{\f0 Arial;}}MRI:\par L4-5 \'b1 L5-S1}   ─▶   MRI:⏎L4-5 ± L5-S1
//! ```

use encoding_rs::{Encoding, WINDOWS_1252};

use super::flow::Flow;
use crate::io::Reason;
use crate::io::decode::UTF8_BOM;

/// Groups within groups, at most; word processors write some dozens.
const DEEPEST: usize = 1000;

/// Destinations that are no text of the document. Those that a reader may pass over (`\*`) need no name.
const DESTINATIONS: &[&str] = &[
    "author",
    "bkmkend",
    "bkmkstart",
    "buptim",
    "colortbl",
    "comment",
    "company",
    "creatim",
    "datafield",
    "doccomm",
    "filetbl",
    "fonttbl",
    "footer",
    "footerf",
    "footerl",
    "footerr",
    "generator",
    "header",
    "headerf",
    "headerl",
    "headerr",
    "info",
    "keywords",
    "listtable",
    "nonshppict",
    "operator",
    "pict",
    "printim",
    "private",
    "revtim",
    "rxe",
    "stylesheet",
    "subject",
    "tc",
    "tcn",
    "template",
    "title",
    "txe",
    "xe",
];

/// Characters that have a control word of their own.
const CHARACTERS: &[(&str, &str)] = &[
    ("bullet", "•"),
    ("emdash", "—"),
    ("emspace", " "),
    ("endash", "–"),
    ("enspace", " "),
    ("ldblquote", "“"),
    ("lquote", "‘"),
    ("qmspace", " "),
    ("rdblquote", "”"),
    ("rquote", "’"),
    ("tab", "\t"),
];

/// Whether the bytes begin as RTF does.
pub(in crate::io) fn is_rtf(bytes: &[u8]) -> bool {
    bytes.strip_prefix(UTF8_BOM).unwrap_or(bytes).trim_ascii_start().starts_with(b"{\\rtf")
}

/// The text of an RTF document.
///
/// # Errors
/// [`Reason::BrokenRtf`] where it does not begin as one, nests too deeply, or ends within a group: it was cut short then.
pub(in crate::io) fn text(bytes: &[u8]) -> Result<String, Reason> {
    let broken = |offset, what| Err(Reason::BrokenRtf { offset, what });
    if !is_rtf(bytes) {
        return broken(0, "it does not start with {\\rtf");
    }
    let rest = bytes.strip_prefix(UTF8_BOM).unwrap_or(bytes);
    let mut reader = Reader { rest, page: WINDOWS_1252, ..Reader::default() };
    loop {
        let offset = bytes.len() - reader.rest.len();
        if reader.outer.len() > DEEPEST {
            return broken(offset, "groups are nested too deeply");
        }
        match reader.next() {
            Step::More => {}
            Step::Done => break,
            Step::Cut => return broken(offset, "it ends within a group: the document was cut short"),
        }
    }
    reader.write();
    Ok(reader.flow.finish())
}

/// What a group may change, and its end restores.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    /// It is no text of the document.
    dropped: bool,
    /// Its text is hidden or deleted.
    hidden: bool,
    /// Characters after `\u` that stand for it in readers without Unicode.
    substitutes: usize,
}

enum Step {
    More,
    Done,
    Cut,
}

struct Reader<'b> {
    rest: &'b [u8],
    flow: Flow,
    group: Group,
    /// The groups around this one.
    outer: Vec<Group>,
    /// The code page.
    page: &'static Encoding,
    /// Text that is read and not yet written: bytes of the code page, or units of UTF-16.
    bytes: Vec<u8>,
    units: Vec<u16>,
    /// Substitutes that are still to be passed over.
    pending: usize,
}

impl Default for Reader<'_> {
    fn default() -> Self {
        Self {
            rest: &[],
            flow: Flow::default(),
            group: Group { substitutes: 1, ..Group::default() },
            outer: Vec::new(),
            page: WINDOWS_1252,
            bytes: Vec::new(),
            units: Vec::new(),
            pending: 0,
        }
    }
}

impl Reader<'_> {
    fn next(&mut self) -> Step {
        let Some((&byte, rest)) = self.rest.split_first() else { return Step::Cut };
        self.rest = rest;
        match byte {
            b'{' => {
                self.pending = 0;
                self.outer.push(self.group);
            }
            b'}' => {
                self.pending = 0;
                self.write();
                let Some(outer) = self.outer.pop() else { return Step::Done };
                self.group = outer;
                if self.outer.is_empty() {
                    return Step::Done;
                }
            }
            b'\\' => self.control(),
            b'\r' | b'\n' => {}
            byte => self.byte(byte),
        }
        Step::More
    }

    /// A byte of the code page.
    fn byte(&mut self, byte: u8) {
        if self.pending > 0 {
            self.pending -= 1;
        } else if !self.group.dropped && !self.group.hidden {
            if !self.units.is_empty() {
                self.write();
            }
            self.bytes.push(byte);
        }
    }

    /// A unit of UTF-16.
    fn unit(&mut self, unit: u16) {
        if !self.group.dropped && !self.group.hidden {
            if !self.bytes.is_empty() {
                self.write();
            }
            self.units.push(unit);
        }
        self.pending = self.group.substitutes;
    }

    /// Text that has a control of its own.
    fn say(&mut self, text: &str) {
        if self.pending > 0 {
            self.pending -= 1;
        } else if !self.group.dropped && !self.group.hidden {
            self.write();
            self.flow.kept(text);
        }
    }

    /// Writes what is read so far.
    fn write(&mut self) {
        if !self.bytes.is_empty() {
            let (text, _) = self.page.decode_without_bom_handling(&self.bytes);
            self.flow.kept(&text);
            self.bytes.clear();
        }
        if !self.units.is_empty() {
            self.flow.kept(&String::from_utf16_lossy(&self.units));
            self.units.clear();
        }
    }

    /// What a backslash starts.
    fn control(&mut self) {
        let letters = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters == 0 {
            return self.symbol();
        }
        let (word, rest) = self.rest.split_at(letters);
        let signed = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(signed).take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = if digits == 0 { (&[][..], rest) } else { rest.split_at(signed + digits) };
        self.rest = rest.strip_prefix(b" ").unwrap_or(rest);
        let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
        self.word(std::str::from_utf8(word).unwrap_or_default(), number);
    }

    /// A control of one character.
    fn symbol(&mut self) {
        let Some((&symbol, rest)) = self.rest.split_first() else { return };
        self.rest = rest;
        match symbol {
            b'\'' => {
                let code = self.rest.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
                if let Some(byte) = code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    self.rest = self.rest.get(2..).unwrap_or_default();
                    self.byte(byte);
                }
            }
            b'*' => self.group.dropped = true,
            b'~' => self.say(" "),
            b'_' => self.say("-"),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'\r' | b'\n' => self.line(),
            // An optional hyphen, and what only word processors ask for.
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        if word == "bin" {
            let length = number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
            self.rest = self.rest.get(length..).unwrap_or_default();
            return;
        }
        if self.group.dropped {
            return;
        }
        let is_on = number != Some(0);
        match word {
            "par" | "line" | "sect" | "page" | "column" => self.line(),
            "cell" | "nestcell" => self.cell(),
            "row" | "nestrow" => self.row(),
            "trowd" => self.start_row(),
            // Negative numbers stand for those above 32767.
            "u" => {
                let unit = number.and_then(|number| u16::try_from(number.rem_euclid(1 << 16)).ok());
                self.unit(unit.unwrap_or(u16::from(b'?')));
            }
            "uc" => {
                self.group.substitutes = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(100);
            }
            "v" | "deleted" => {
                self.write();
                self.group.hidden = is_on;
            }
            "plain" => {
                self.write();
                self.group.hidden = false;
            }
            "ansicpg" => {
                self.write();
                self.page = number.map_or(WINDOWS_1252, code_page);
            }
            _ if DESTINATIONS.contains(&word) => {
                self.write();
                self.group.dropped = true;
            }
            _ => {
                if let Some((_, text)) = CHARACTERS.iter().find(|(name, _)| *name == word) {
                    self.say(text);
                }
            }
        }
    }

    fn line(&mut self) {
        if !self.group.dropped && !self.group.hidden {
            self.write();
            self.flow.kept("\n");
        }
    }

    fn start_row(&mut self) {
        self.write();
        if !self.flow.in_cell() {
            self.flow.open_table();
            self.flow.open_row();
            self.flow.open_cell();
        }
    }

    fn cell(&mut self) {
        self.write();
        if self.flow.in_cell() {
            self.flow.open_cell();
        } else {
            self.flow.kept(" | ");
        }
    }

    fn row(&mut self) {
        self.write();
        if self.flow.in_cell() {
            self.flow.close_table();
        } else {
            self.flow.line();
        }
    }
}

/// The encoding of a Windows code page.
fn code_page(number: i64) -> &'static Encoding {
    let label = match number {
        874 => "windows-874".into(),
        932 => "shift_jis".into(),
        936 => "gbk".into(),
        949 => "euc-kr".into(),
        950 => "big5".into(),
        10000 => "macintosh".into(),
        65001 => "utf-8".into(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> String {
        text(format!("{{\\rtf1\\ansi {body}}}").as_bytes()).unwrap()
    }

    #[test]
    fn documents_become_lines() {
        for (body, expected) in [
            ("", ""),
            ("a\\par b\\line c", "a\nb\nc"),
            ("a\r\nb", "ab"),
            ("a\\\nb", "a\nb"),
            ("{\\b a} b{\\i  c}", "a b c"),
            ("45\\'b0 \\'93x\\'94", "45° “x”"),
            ("\\ansicpg1251 \\'cc\\'d0\\'d2", "МРТ"),
            ("\\ansicpg932 \\'82\\'a0", "あ"),
            ("\\u8805?3 \\u-10179?\\u-8704?", "≥3 \u{1f600}"),
            ("\\uc2\\u8805>=3", "≥3"),
            ("\\uc0\\u8805 3", "≥3"),
            ("{\\uc2\\u8805>=}\\u8804<4", "≥≤4"),
            ("\\u8805\\'3e3", "≥3"),
            ("a\\~b\\_c\\-d\\emdash e\\tab f", "a b-cd—e\tf"),
            ("\\{a\\}\\\\", "{a}\\"),
            ("{\\fonttbl{\\f0 Arial;}}{\\*\\generator x;}{\\pict\\bin3 }}}ffd8}a", "a"),
            ("{\\header page 1\\par}{\\field{\\*\\fldinst LINK}{\\fldrslt a}}", "a"),
            ("{\\v hidden}a{\\deleted old\\par}\\v b\\v0 c", "ac"),
            ("{\\listtext\\tab 1.\\tab}a", "\t1.\ta"),
            (
                "a \\trowd\\intbl Level\\cell Side\\cell\\row\\trowd L4-5\\cell left\\cell\\row b",
                "a\nLevel | Side\nL4-5 | left\nb",
            ),
            ("\\unknown7 a\\'zz", "azz"),
        ] {
            assert_eq!(read(body), expected, "{body}");
        }
    }

    #[test]
    fn broken_documents_are_told() {
        let fault = |bytes: &[u8]| text(bytes).map_err(|reason| reason.to_string());
        assert_eq!(fault(b"{\\rtf1 a}\0\0}}"), Ok("a".into()));
        assert_eq!(fault(b"\xef\xbb\xbf\r\n{\\rtf1 a}"), Ok("a".into()));
        assert!(fault(b"plain").unwrap_err().contains("at byte 0: it does not start"));
        assert!(fault(b"{\\rtf1 {\\b a}").unwrap_err().contains("at byte 13: it ends within a group"));
        assert!(fault(b"{\\rtf1 a\\").unwrap_err().contains("it ends within a group"));
        assert!(fault(b"{\\rtf1 \\bin99999999 a}").unwrap_err().contains("it ends within a group"));
        let deep = [b"{\\rtf1 ".as_slice(), &b"{".repeat(1 << 20)].concat();
        assert!(fault(&deep).unwrap_err().contains("nested too deeply"));
    }
}
