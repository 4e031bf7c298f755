//! Bytes that may end a sentence or start a list item, looked for eight at a time.

use crate::text::{CHUNK, ONES, TOPS};

/// The next event of a text, remembered until reading is past it: a heading phrase or the end of a line may come first.
pub(super) struct Events<'t> {
    text: &'t [u8],
    /// No event stands from here on before `next`.
    from: usize,
    next: usize,
}

impl<'t> Events<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        let mut events = Self { text, from: 0, next: 0 };
        events.find(0);
        events
    }

    /// The first event at a place or behind it; the end of the text where there is none.
    pub(super) fn at_or_after(&mut self, at: usize) -> usize {
        if !(self.from..=self.next).contains(&at) {
            self.find(at);
        }
        self.next
    }

    fn find(&mut self, at: usize) {
        let rest = self.text.get(at..).unwrap_or_default();
        (self.from, self.next) = (at, first_event(rest).map_or(self.text.len(), |event| at + event));
    }
}

/// Where the first of the bytes `.!?|/*)` stands in a text.
fn first_event(text: &[u8]) -> Option<usize> {
    let (chunks, rest) = text.as_chunks::<CHUNK>();
    let found = |at: usize, events: u64| (events != 0).then(|| at + events.trailing_zeros() as usize / CHUNK);
    for (index, chunk) in chunks.iter().enumerate() {
        if let Some(event) = found(CHUNK * index, events(*chunk)) {
            return Some(event);
        }
    }
    let mut last = [0; CHUNK];
    last[..rest.len()].copy_from_slice(rest);
    found(text.len() - rest.len(), events(last))
}

/// The top bits of those of eight bytes that are events.
fn events(chunk: [u8; CHUNK]) -> u64 {
    let chunk = u64::from_le_bytes(chunk);
    let low = chunk & !TOPS;
    // Sets the top bit of each byte that is another than this one, whatever the bits of `either`.
    let is_other = |byte: u8, either: u8| {
        let (byte, either) = (u64::from(byte) * ONES, u64::from(either) * ONES);
        ((low | either) ^ byte) + (TOPS - ONES)
    };
    // Pairs of them differ in one bit.
    let others = is_other(b')', b')' ^ b'!')
        & is_other(b'.', b'.' ^ b'*')
        & is_other(b'?', b'?' ^ b'/')
        & is_other(b'|', 0);
    !(others | chunk) & TOPS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_judged_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let is_event = b".!?|/*)".contains(&byte);
            for at in 0..20 {
                let mut text = [b'x'; 20];
                text[at] = byte;
                assert_eq!(first_event(&text), is_event.then_some(at), "{byte}");
                // The first counts.
                text[19] = b'.';
                assert_eq!(first_event(&text), Some(if is_event { at } else { 19 }), "{byte}");
            }
        }
        assert_eq!(first_event(b""), None);
    }
}
