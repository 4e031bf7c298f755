//! Where messages begin and end in the bytes of a WebSocket (RFC 6455, section 5.2).
//!
//! What reads the frames tells of whole messages alone, so that one whose end does not come would be waited for as long
//! as its sender likes. Only heads are looked at here.

/// The frames so far.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// The head of a frame that is not there whole.
    head: Vec<u8>,
    /// Bytes of its payload that are to come.
    left: u64,
    /// Whether its last byte is that of a message.
    is_last: bool,
    is_under_way: bool,
}

impl Frames {
    /// Takes further bytes; gives whether the message that is under way after them began in them.
    pub(super) fn take(&mut self, mut bytes: &[u8]) -> bool {
        let mut is_new = false;
        while let Some((&first, rest)) = bytes.split_first() {
            if self.left > 0 {
                let passed = usize::try_from(self.left).map_or(bytes.len(), |left| left.min(bytes.len()));
                self.left -= passed as u64;
                bytes = bytes.get(passed..).unwrap_or_default();
            } else {
                bytes = rest;
                if self.head.is_empty() {
                    is_new |= self.begin(first);
                }
                self.head.push(first);
                let Some(length) = length(&self.head) else { continue };
                self.head.clear();
                self.left = length;
            }
            if self.left == 0 && self.is_last {
                (self.is_last, self.is_under_way, is_new) = (false, false, false);
            }
        }
        is_new
    }

    /// Whether a message has begun that has not ended.
    pub(super) const fn is_under_way(&self) -> bool {
        self.is_under_way
    }

    /// Begins a frame; gives whether a message begins with it. Pings and their like come between its frames.
    const fn begin(&mut self, first: u8) -> bool {
        let (is_final, is_control) = (first & 0x80 != 0, first & 0x08 != 0);
        self.is_last = is_final && !is_control;
        let is_new = !is_control && !self.is_under_way;
        self.is_under_way |= is_new;
        is_new
    }
}

/// The length of the payload, once the head is whole.
fn length(head: &[u8]) -> Option<u64> {
    let (&second, rest) = head.get(1..)?.split_first()?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (short, long) = (second & 0x7f, |bytes: usize| rest.get(..bytes));
    let number = |bytes: &[u8]| bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
    let (length, taken) = match short {
        126 => (number(long(2)?), 2),
        127 => (number(long(8)?), 8),
        short => (u64::from(short), 0),
    };
    (rest.len() >= taken + mask).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame as clients send it: with a mask.
    fn frame(first: u8, length: usize) -> Vec<u8> {
        let mut bytes = vec![first];
        match length {
            0..126 => bytes.push(0x80 | length as u8),
            126..65_536 => {
                bytes.push(0x80 | 0x7e);
                bytes.extend((length as u16).to_be_bytes());
            }
            _ => {
                bytes.push(0x80 | 0x7f);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        bytes.extend([1, 2, 3, 4]);
        bytes.resize(bytes.len() + length, b'x');
        bytes
    }

    const TEXT: u8 = 0x81;
    const PART: u8 = 0x01;
    const MORE: u8 = 0x00;
    const LAST: u8 = 0x80;
    const PONG: u8 = 0x8a;

    #[test]
    fn a_message_is_under_way_until_its_last_byte() {
        for length in [0, 1, 125, 126, 300, 65_535, 65_536, 70_000] {
            for (name, first) in [("whole", vec![TEXT]), ("parts", vec![PART, PONG, MORE, PONG, LAST])] {
                let bytes: Vec<u8> = first.iter().flat_map(|&first| frame(first, length)).collect();
                let mut frames = Frames::default();
                for (at, &byte) in bytes.iter().enumerate() {
                    let is_new = frames.take(&[byte]);
                    let is_end = at + 1 == bytes.len();
                    assert_eq!(is_new, at == 0, "{name} {length} {at}");
                    assert_eq!(frames.is_under_way(), !is_end, "{name} {length} {at}");
                }
            }
        }
    }

    #[test]
    fn what_follows_in_the_same_bytes_is_another_message() {
        let mut frames = Frames::default();
        assert!(!frames.take(&frame(PONG, 5)) && !frames.is_under_way());
        assert!(frames.take(&frame(PART, 9)) && frames.is_under_way());
        let (end, next) = (frame(LAST, 9), frame(TEXT, 9));
        // One ends and the next begins; then that ends.
        let (some, rest) = next.split_at(3);
        assert!(frames.take(&[end, some.to_vec()].concat()) && frames.is_under_way());
        assert!(!frames.take(rest) && !frames.is_under_way());
        assert!(!frames.take(&[frame(TEXT, 0), frame(TEXT, 200)].concat()) && !frames.is_under_way());
    }
}
