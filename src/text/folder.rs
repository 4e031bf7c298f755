//! The pass over a note that folds it.

use super::chars::{full_width, is_blank, is_dash, is_ignorable, spelt_out};
use super::eight::{CHUNK, simple_bytes};
use super::fold::Break;

/// What a note is folded to.
type FoldedNote = (Vec<u8>, Vec<(u32, u32)>, Vec<Break>);

/// The folded bytes of a note, the places where their distance to the note changes (view, note), and the line ends.
pub(super) fn fold(note: &str) -> FoldedNote {
    let mut folder = Folder {
        bytes: note.as_bytes(),
        note,
        out: Vec::with_capacity(note.len() + 8),
        map: Vec::with_capacity(note.len() / 32 + 4),
        breaks: Vec::with_capacity(note.len() / 64 + 4),
        line_start: 0,
    };
    folder.map.push((0, 0));
    folder.run();
    (folder.out, folder.map, folder.breaks)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Blank,
    Dash,
    Tilde,
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        if byte <= 0x20 || byte == 0x7f {
            classes[byte] = Class::Blank;
        } else if byte >= 0x80 {
            classes[byte] = Class::Wide;
        }
        byte += 1;
    }
    classes[b'-' as usize] = Class::Dash;
    classes[b'~' as usize] = Class::Tilde;
    classes
};

struct Folder<'n> {
    bytes: &'n [u8],
    note: &'n str,
    out: Vec<u8>,
    map: Vec<(u32, u32)>,
    breaks: Vec<Break>,
    line_start: usize,
}

impl Folder<'_> {
    fn run(&mut self) {
        let bytes = self.bytes;
        let mut at = 0;
        while at < bytes.len() {
            let simple = self.simple(at);
            if simple > 0 {
                at += simple;
                continue;
            }
            match CLASSES[bytes[at] as usize] {
                Class::Plain => {
                    let run =
                        bytes[at..].iter().take_while(|&&b| CLASSES[b as usize] == Class::Plain).count();
                    let from = self.out.len();
                    self.out.extend_from_slice(&bytes[at..at + run]);
                    self.out[from..].make_ascii_lowercase();
                    at += run;
                }
                Class::Blank => {
                    let next = bytes.get(at + 1).map_or(Class::Blank, |&b| CLASSES[b as usize]);
                    let simple = bytes[at] == b' ' && matches!(next, Class::Plain | Class::Dash);
                    if simple && self.out.last().is_some_and(|&b| b != b' ') {
                        self.out.push(b' ');
                        at += 1;
                    } else {
                        at = self.blanks(at, false);
                    }
                }
                Class::Dash => at = self.dash(at, 1),
                Class::Tilde => at = self.tilde(at),
                Class::Wide => at = self.wide(at),
            }
        }
        while self.out.last() == Some(&b' ') {
            self.out.pop();
        }
        // A line of ignorable characters alone leaves nothing to stand at its start.
        while self.breaks.pop_if(|b| b.next as usize >= self.out.len()).is_some() {}
    }

    /// Folds what starts at `at` and needs no more than lower case, up to eight bytes of it; gives how many. Most of a
    /// note goes this way, eight bytes at a time.
    fn simple(&mut self, at: usize) -> usize {
        let Some(bytes) = self.bytes.get(at..).and_then(<[u8]>::first_chunk::<CHUNK>) else { return 0 };
        if bytes[0] == b' ' && self.out.last().is_none_or(|&b| b == b' ') {
            return 0;
        }
        let (lower, count) = simple_bytes(u64::from_le_bytes(*bytes));
        self.out.extend_from_slice(&lower.to_le_bytes());
        self.out.truncate(self.out.len() - (CHUNK - count));
        count
    }

    /// Notes that the byte written next stands for `note` in the note.
    fn point(&mut self, note: usize) {
        let view = self.out.len() as u32;
        if let Some(last) = self.map.last_mut()
            && last.0 == view
        {
            last.1 = note as u32;
            return;
        }
        self.map.push((view, note as u32));
    }

    /// Folds a run of white space that starts at `at`; gives where it ends. A `joined` run leaves no blank.
    fn blanks(&mut self, mut at: usize, joined: bool) -> usize {
        let start = at;
        let mut line_ends = 0_u32;
        let mut indent = 0_u16;
        let mut line_length = 0;
        while at < self.bytes.len() {
            // A tilde that opens the run stands for a line end, and so do those that follow it.
            let width = if self.bytes[at] == b'~' && (at == start || self.bytes[start] == b'~') {
                1
            } else {
                blank_width(self.note, at)
            };
            if width == 0 {
                break;
            }
            let byte = self.bytes[at];
            if matches!(byte, b'\n' | 0x0b | 0x0c | b'~')
                || byte == b'\r' && self.bytes.get(at + 1) != Some(&b'\n')
            {
                if line_ends == 0 {
                    let carriage_return = byte == b'\n' && at > start && self.bytes[at - 1] == b'\r';
                    line_length = (at - usize::from(carriage_return) - self.line_start) as u32;
                }
                line_ends += 1;
                indent = 0;
                self.line_start = at + width;
            } else if byte != b'\r' {
                indent = indent.saturating_add(1);
            }
            at += width;
        }
        if !joined && !self.out.is_empty() && self.out.last() != Some(&b' ') {
            self.point(start);
            self.out.push(b' ');
        }
        self.point(at);
        if line_ends > 0 && at < self.bytes.len() {
            let next = self.out.len() as u32;
            self.breaks.push(Break { next, blank_line: line_ends > 1, indent, line_length, joined });
        }
        at
    }

    /// Folds a tilde: HL7 v2 messages join lines with it ("stenosis.~L3-L4:"); "~11 mm" means about.
    fn tilde(&mut self, at: usize) -> usize {
        let after = self.bytes.get(at + 1).copied().unwrap_or(b' ');
        let about = self.out.last().is_none_or(|&b| b == b' ') || after.is_ascii_digit() || after == b' ';
        if about && after != b'~' {
            self.out.push(b'~');
            return at + 1;
        }
        self.blanks(at, false)
    }

    /// Folds a dash of `width` bytes at `at`.
    fn dash(&mut self, at: usize, width: usize) -> usize {
        let end = at + width;
        let before = self.out.last().copied().unwrap_or(b' ');
        let after = self.bytes.get(end).copied().unwrap_or(b' ');
        if before.is_ascii_alphabetic() && self.joins_next_line(at, end) {
            return self.blanks(end, true);
        }
        let between_letters = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
        if width > 1 {
            self.point(at);
        }
        self.out.push(if between_letters { b' ' } else { b'-' });
        if width > 1 {
            self.point(end);
        }
        end
    }

    /// Whether the dash at `at` breaks a word at a line end: the next line goes on in the same case.
    fn joins_next_line(&self, at: usize, end: usize) -> bool {
        let rest = &self.bytes[end..];
        let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        if rest.get(blanks) != Some(&b'\n') {
            return false;
        }
        let next = rest[blanks..].iter().position(|b| !b.is_ascii_whitespace()).map(|i| &rest[blanks + i..]);
        let Some(next) = next else { return false };
        let word: &[u8] = &next[..next.iter().take_while(|b| b.is_ascii_alphabetic()).count()];
        let upper = self.bytes[..at].last().is_some_and(u8::is_ascii_uppercase);
        // "mild-⏎to-moderate" is three words.
        word.len() > 1
            && !word.eq_ignore_ascii_case(b"to")
            && word.iter().all(|b| b.is_ascii_uppercase() == upper)
    }

    /// Folds one character beyond ASCII at `at`.
    fn wide(&mut self, at: usize) -> usize {
        let Some(c) = self.note[at..].chars().next() else { return self.bytes.len() };
        let end = at + c.len_utf8();
        if is_blank(c) {
            return self.blanks(at, false);
        }
        if is_dash(c) {
            return self.dash(at, c.len_utf8());
        }
        if is_ignorable(c) {
            self.point(end);
            return end;
        }
        let mut buffer = [0; 4];
        self.point(at);
        if let Some(plain) = spelt_out(c) {
            for (i, byte) in plain.bytes().enumerate() {
                if i > 0 {
                    self.point(at);
                }
                self.out.push(byte);
            }
        } else if let Some(full) = full_width(c) {
            self.out.push(full.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            let mut lower = c.to_lowercase();
            // A few capitals fold to two characters; one keeps the map simple and loses nothing we match.
            let lower = lower.next().unwrap_or(c);
            self.out.extend_from_slice(lower.encode_utf8(&mut buffer).as_bytes());
        } else {
            self.out.push(b'~');
        }
        self.point(end);
        end
    }
}

/// Bytes of the white space character at `at`; 0 where there is none.
fn blank_width(note: &str, at: usize) -> usize {
    match note.as_bytes()[at] {
        byte if CLASSES[byte as usize] == Class::Blank => 1,
        byte if byte < 0x80 => 0,
        _ => note[at..].chars().next().filter(|&c| is_blank(c)).map_or(0, char::len_utf8),
    }
}
