//! The messages of a file, in bounded memory: plain, framed as on the wire, in batches, or printed into a log.
//!
//! ```text
//! 0x0B MSH|… 0x0D PID|… 0x0D 0x1C 0x0D        the lower layer protocol (MLLP)
//! FHS|… BHS|… MSH|… MSH|… BTS|… FTS|…         a batch
//! <SB> MSH|…<R> PID|…<R> <EB>                 an interface engine's log
//! ```

use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::sync::Arc;

use crate::io::decode::UTF8_BOM;
use crate::io::record::{Layout, MAX_RECORD};
use crate::io::{Place, Reason, Record, Reject};

/// Starts and ends a message on the wire.
const FRAME_START: u8 = 0x0b;
const FRAME_END: u8 = 0x1c;
/// The same in a log.
const PRINTED_START: &[u8] = b"<SB>";
const PRINTED_END: &[u8] = b"<EB>";
/// Lines that are looked at, at most, to find the first message: a log has a line of its own before it.
const LOOK: usize = 8;
/// Segments around the messages of a batch.
const BATCH: [&[u8]; 4] = [b"FHS", b"BHS", b"BTS", b"FTS"];

/// The records of a file of HL7 messages.
pub(in crate::io) struct Messages {
    reader: Box<dyn BufRead + Send>,
    file: Arc<str>,
    name: Arc<str>,
    /// Where the next line starts.
    offset: u64,
    limit: u64,
    line: Vec<u8>,
    /// How many messages have begun.
    begun: u64,
    open: Option<Open>,
    frame: Frame,
    /// Whether the file has frames or batches, and whether it has text that belongs to no message.
    framed: bool,
    stray: bool,
    ready: VecDeque<Result<Record, Reject>>,
    ended: bool,
}

/// A message being gathered.
struct Open {
    place: Place,
    bytes: Vec<u8>,
    too_long: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    None,
    Wire,
    Printed,
}

impl Messages {
    /// The messages of `file`, of which `reader` has all; `name` starts the ids of those that have none.
    pub(in crate::io) fn new(reader: Box<dyn BufRead + Send>, file: Arc<str>, name: Arc<str>) -> Self {
        Self {
            reader,
            file,
            name,
            offset: 0,
            limit: MAX_RECORD,
            line: Vec::new(),
            begun: 0,
            open: None,
            frame: Frame::None,
            framed: false,
            stray: false,
            ready: VecDeque::new(),
            ended: false,
        }
    }

    /// Reads to the end of a line or a frame, keeps at most one byte beyond the limit, and gives how many there were.
    fn read_line(&mut self) -> io::Result<u64> {
        self.line.clear();
        let mut total = 0;
        loop {
            let buffer = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            let end = memchr::memchr3(b'\r', b'\n', FRAME_END, buffer);
            let used = end.map_or(buffer.len(), |at| at + 1);
            let room = (self.limit as usize + 1).saturating_sub(self.line.len());
            self.line.extend_from_slice(buffer.get(..used.min(room)).unwrap_or_default());
            self.reader.consume(used);
            total += used as u64;
            if end.is_some() || used == 0 {
                return Ok(total);
            }
        }
    }

    /// Takes in the line that was read last, of so many bytes.
    fn take_line(&mut self, total: u64) {
        let mut line = std::mem::take(&mut self.line);
        let starts = if self.offset == 0 { line.strip_prefix(UTF8_BOM) } else { None };
        let mut content = starts.unwrap_or(&line);
        let started = match content {
            [FRAME_START, ..] => Some(Frame::Wire),
            _ if content.starts_with(PRINTED_START) => Some(Frame::Printed),
            _ => None,
        };
        if let Some(frame) = started {
            self.end(true);
            self.frame = frame;
            self.framed = true;
            content = match frame {
                Frame::Printed => content.strip_prefix(PRINTED_START).unwrap_or(content),
                _ => content.strip_prefix(&[FRAME_START]).unwrap_or(content),
            };
        }
        let skipped = line.len() - content.len();
        let printed_end =
            (self.frame == Frame::Printed).then(|| memchr::memmem::find(content, PRINTED_END)).flatten();
        let ended = match printed_end {
            Some(at) => {
                content = content.get(..at).unwrap_or(content);
                true
            }
            None => content.last() == Some(&FRAME_END),
        };
        let content = content.strip_suffix(&[FRAME_END]).unwrap_or(content);
        self.take_content(content, self.offset + skipped as u64, total > line.len() as u64);
        if ended {
            self.end(false);
            self.frame = Frame::None;
        }
        self.offset += total;
        line.clear();
        self.line = line;
    }

    /// Takes in a line without the marks of its frame, which starts at `offset`; `cut` if it is longer than was kept.
    fn take_content(&mut self, content: &[u8], offset: u64, cut: bool) {
        if is_header(content) {
            self.end(false);
            self.begun += 1;
            let place = Place { file: self.file.clone(), record: Some(self.begun), offset: Some(offset) };
            self.open = Some(Open { place, bytes: Vec::new(), too_long: false });
        } else if is_of_batch(content) {
            self.end(false);
            self.framed = true;
            return;
        }
        match &mut self.open {
            Some(open) => {
                open.too_long |= cut || (open.bytes.len() + content.len()) as u64 > self.limit;
                if open.too_long {
                    open.bytes = Vec::new();
                } else {
                    open.bytes.extend(content);
                }
            }
            None => self.stray |= !content.trim_ascii().is_empty(),
        }
    }

    /// Ends the message being gathered; `cut` if no end of its frame was seen.
    fn end(&mut self, cut: bool) {
        let Some(Open { place, bytes, too_long }) = self.open.take() else { return };
        let reason = if too_long {
            Some(Reason::TooLong { limit: self.limit })
        } else if cut && self.frame != Frame::None {
            Some(Reason::BrokenMessage("its frame has no end: it was cut short"))
        } else {
            None
        };
        self.ready.push_back(match reason {
            Some(reason) => Err(Reject { place, reason }),
            None => Ok(Record { place, name: self.name.clone(), layout: Layout::Hl7, bytes }),
        });
    }

    /// Ends the file.
    fn end_file(&mut self) {
        self.ended = true;
        self.end(true);
        if self.begun == 0 && self.stray && !self.framed {
            let place = Place { file: self.file.clone(), record: None, offset: Some(0) };
            let reason = Reason::BrokenMessage("the file has no MSH segment");
            self.ready.push_back(Err(Reject { place, reason }));
        }
    }
}

impl Iterator for Messages {
    type Item = Result<Record, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Some(record);
            }
            if self.ended {
                return None;
            }
            match self.read_line() {
                Ok(0) => self.end_file(),
                Ok(total) => self.take_line(total),
                Err(error) => {
                    self.ended = true;
                    let record = Some(self.begun.max(1));
                    let place = Place { file: self.file.clone(), record, offset: Some(self.offset) };
                    return Some(Err(Reject { place, reason: Reason::Unreadable(error.to_string()) }));
                }
            }
        }
    }
}

/// Whether a file begins with messages, or with a log of them.
pub(in crate::io) fn is_file(head: &[u8]) -> bool {
    head.split(|byte| matches!(byte, b'\r' | b'\n')).take(LOOK).any(|line| {
        let line = line.strip_prefix(UTF8_BOM).unwrap_or(line);
        let line = line.strip_prefix(&[FRAME_START]).unwrap_or(line);
        let line = line.strip_prefix(PRINTED_START).unwrap_or(line);
        is_header(line) || is_of_batch(line)
    })
}

/// Whether a line starts a message: with the name of its header and two separators, which no sentence has.
fn is_header(line: &[u8]) -> bool {
    matches!(line, [b'M', b'S', b'H', field, component, ..]
        if field.is_ascii_punctuation() && component.is_ascii_punctuation() && field != component)
}

/// Whether a line is a segment around the messages of a batch.
fn is_of_batch(line: &[u8]) -> bool {
    line.split_at_checked(3).is_some_and(|(name, rest)| BATCH.contains(&name) && rest.starts_with(b"|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Place and bytes of each message, or why it was rejected.
    fn read(file: &[u8], limit: u64) -> Vec<(Option<u64>, u64, Result<String, String>)> {
        let mut messages = Messages::new(Box::new(io::Cursor::new(file.to_vec())), "f".into(), "f".into());
        messages.limit = limit;
        let items = messages.map(|item| match item {
            Ok(record) => (record.place, Ok(String::from_utf8(record.bytes).unwrap())),
            Err(reject) => (reject.place, Err(reject.reason.to_string())),
        });
        items.map(|(place, what)| (place.record, place.offset.unwrap(), what)).collect()
    }

    fn ok(record: u64, offset: u64, bytes: &str) -> (Option<u64>, u64, Result<String, String>) {
        (Some(record), offset, Ok(bytes.to_owned()))
    }

    fn cut(record: u64, offset: u64) -> (Option<u64>, u64, Result<String, String>) {
        let reason =
            "broken HL7 version 2 message: its frame has no end: it was cut short; export the message again";
        (Some(record), offset, Err(reason.to_owned()))
    }

    #[test]
    fn messages_are_cut_out_of_any_file() {
        for (file, expected) in [
            ("", vec![]),
            ("\r\n \n", vec![]),
            ("MSH|^~\\&|1\rPID|1\r", vec![ok(1, 0, "MSH|^~\\&|1\rPID|1\r")]),
            ("MSH|^|1\nMSH|^|2", vec![ok(1, 0, "MSH|^|1\n"), ok(2, 8, "MSH|^|2")]),
            ("\u{feff}MSH|^|1\n", vec![ok(1, 3, "MSH|^|1\n")]),
            // On the wire.
            (
                "\x0bMSH|^|1\rPID|1\r\x1c\r\x0bMSH|^|2\x1c\r",
                vec![ok(1, 1, "MSH|^|1\rPID|1\r"), ok(2, 18, "MSH|^|2")],
            ),
            ("\x0bMSH|^|1\rPID|1\r", vec![cut(1, 1)]),
            ("\x0bMSH|^|1\r\x0bMSH|^|2\r\x1c\r", vec![cut(1, 1), ok(2, 10, "MSH|^|2\r")]),
            ("\x0b\r\x1c\r", vec![]),
            // In batches, and a batch in a frame.
            (
                "FHS|^\rBHS|^\rMSH|^|1\rMSH|^|2\rBTS|2\rFTS|1\r",
                vec![ok(1, 12, "MSH|^|1\r"), ok(2, 20, "MSH|^|2\r")],
            ),
            (
                "\x0bBHS|^\rMSH|^|1\rMSH|^|2\rBTS|^\r\x1c\r",
                vec![ok(1, 7, "MSH|^|1\r"), ok(2, 15, "MSH|^|2\r")],
            ),
            // In a log.
            (
                "10:00|INFO|\n<SB>\nMSH|^|1<R>\n<EB><R>\n\r\n10:01|INFO|\n<SB>\nMSH|^|2<R>\n<EB>",
                vec![ok(1, 17, "MSH|^|1<R>\n"), ok(2, 55, "MSH|^|2<R>\n")],
            ),
            ("<SB>MSH|^|1<R>PID|<R><EB>\n", vec![ok(1, 4, "MSH|^|1<R>PID|<R>")]),
            ("x\n<SB>\n<R>\n<EB>", vec![]),
            ("<SB>\nMSH|^|1<R>\n", vec![cut(1, 5)]),
            // No message starts in the middle of a text.
            ("MSH|^|1\nMSH is a hormone\nMSHx|\n", vec![ok(1, 0, "MSH|^|1\nMSH is a hormone\nMSHx|\n")]),
        ] {
            assert_eq!(read(file.as_bytes(), 1000), expected, "{file:?}");
        }
    }

    #[test]
    fn a_file_without_messages_is_one_reject() {
        let reason =
            "broken HL7 version 2 message: the file has no MSH segment; export the message again".to_owned();
        for file in ["PID|1\r", "MSH", "MSH\n", "hello"] {
            assert_eq!(read(file.as_bytes(), 1000), [(None, 0, Err(reason.clone()))], "{file}");
        }
    }

    #[test]
    fn a_long_message_is_one_reject_and_the_next_goes_on() {
        let long = (Some(1), 0, Err("longer than 20 bytes, the most that one note may have: export each note as a record of its own".to_owned()));
        let next = ok(2, 56, "MSH|^|2\r");
        let lines = format!("MSH|^|1\r{}MSH|^|2\r", "OBX|1|\r\n".repeat(6));
        assert_eq!(read(lines.as_bytes(), 20), [long.clone(), next.clone()]);
        let line = format!("MSH|^|{}\rMSH|^|2\r", "1".repeat(49));
        assert_eq!(read(line.as_bytes(), 20), [long, next]);
    }
}
