//! The first bytes of a stream, looked at without being taken from it.

use std::io::{self, BufRead, Read};

/// A stream of bytes.
pub(super) type Reader = Box<dyn BufRead + Send>;

/// Bytes that are looked at: the header of a table or the first object of JSON Lines.
const HEAD: u64 = 64 << 10;

/// A stream whose first bytes are known.
pub(super) struct Peeked {
    head: Vec<u8>,
    /// How many bytes of the head were read already.
    read: usize,
    /// What stopped the look; told in its place, after the bytes before it.
    failed: Option<io::Error>,
    rest: Reader,
}

impl Peeked {
    /// Looks at the first bytes: fewer where the stream ends or breaks before.
    pub(super) fn new(mut rest: Reader) -> Self {
        let mut head = Vec::new();
        let failed = (&mut rest).take(HEAD).read_to_end(&mut head).err();
        Self { head, read: 0, failed, rest }
    }

    /// The first bytes that were not read yet.
    pub(super) fn head(&self) -> &[u8] {
        self.head.get(self.read..).unwrap_or_default()
    }

    /// Passes over `mark` where the stream begins with it; gives how many bytes were passed.
    pub(super) fn pass(&mut self, mark: &[u8]) -> u64 {
        let passed = if self.head.starts_with(mark) { mark.len() } else { 0 };
        self.read += passed;
        passed as u64
    }
}

impl BufRead for Peeked {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let Some(left @ [_, ..]) = self.head.get(self.read..) {
            return Ok(left);
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.rest.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        if self.read < self.head.len() {
            self.read += amount;
        } else {
            self.rest.consume(amount);
        }
    }
}

impl Read for Peeked {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let used = {
            let mut ready = self.fill_buf()?;
            ready.read(bytes)?
        };
        self.consume(used);
        Ok(used)
    }
}
