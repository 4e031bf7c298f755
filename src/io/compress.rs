//! Gzip and zstd, known by their first bytes whatever the file is called, and unpacked as they are read.
//!
//! Several gzip members or zstd frames that follow each other are one stream. One that is cut short or damaged gives
//! an error where it breaks, after all that stands before it.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::peek::{Peeked, Reader};

/// Bytes that are read at a time.
pub(super) const BUFFER: usize = 256 << 10;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// By the first bytes of a file.
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            // A frame, or one to be skipped, with which some tools begin a file.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Where something stands that is packed so.
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Gzip => "inside gzip",
            Self::Zstd => "inside zstd",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// What is in `reader`, unpacked, and how it was packed.
pub(super) fn unpack(reader: Reader) -> (Peeked, Option<Packing>) {
    let packed = Peeked::new(reader);
    let Some(packing) = Packing::of(packed.head()) else { return (packed, None) };
    let inner: Box<dyn Read + Send> = match packing {
        Packing::Gzip => Box::new(MultiGzDecoder::new(packed)),
        Packing::Zstd => match zstd::stream::read::Decoder::with_buffer(packed) {
            Ok(decoder) => Box::new(decoder),
            Err(error) => Box::new(Failed(Some(error))),
        },
    };
    let reader: Reader = Box::new(BufReader::with_capacity(BUFFER, Unpacking { inner, packing }));
    (Peeked::new(reader), Some(packing))
}

/// A decoder whose errors are told in words.
struct Unpacking {
    inner: Box<dyn Read + Send>,
    packing: Packing,
}

impl Read for Unpacking {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.inner.read(bytes).map_err(|error| {
            let name = self.packing.name();
            let told = match error.kind() {
                io::ErrorKind::UnexpectedEof => format!("the {name} stream ends too early, as if cut short"),
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
                    format!("the {name} stream is damaged ({error})")
                }
                _ => return error,
            };
            io::Error::new(error.kind(), told)
        })
    }
}

/// A decoder that could not be made.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::stream::encode_all(bytes, 1).unwrap()
    }

    /// All that can be read, and the error that ends it.
    fn read(bytes: Vec<u8>) -> (Vec<u8>, Option<String>) {
        let (mut reader, _) = unpack(Box::new(io::Cursor::new(bytes)));
        let mut read = Vec::new();
        loop {
            let used = match reader.fill_buf() {
                Ok([]) => return (read, None),
                Ok(buffer) => {
                    read.extend_from_slice(buffer);
                    buffer.len()
                }
                Err(error) => return (read, Some(error.to_string())),
            };
            reader.consume(used);
        }
    }

    /// Bytes that do not pack well, so that a cut falls into the middle of them.
    fn noise(length: usize) -> Vec<u8> {
        let next = |seed: &u64| Some(seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        std::iter::successors(Some(1), next).map(|seed| (seed >> 56) as u8).take(length).collect()
    }

    #[test]
    fn parts_that_follow_each_other_are_one() {
        let (a, b) = (noise(100_000), b"end".to_vec());
        let whole = [a.clone(), b.clone()].concat();
        let skipped = [&b"\x5a\x2a\x4d\x18\x02\0\0\0xx"[..], &zstd(&a), &zstd(&b)].concat();
        for packed in [
            whole.clone(),
            [gzip(&a), gzip(&b)].concat(),
            [gzip(&a), gzip(b""), gzip(&b)].concat(),
            [zstd(&a), zstd(&b)].concat(),
            skipped,
        ] {
            assert!(read(packed) == (whole.clone(), None));
        }
        assert_eq!(read(Vec::new()), (Vec::new(), None));
    }

    #[test]
    fn what_stands_before_a_break_is_read() {
        let whole = noise(20_000);
        for (packed, told) in [
            (gzip(&whole), "the gzip stream ends too early, as if cut short"),
            (zstd(&whole), "the zstd stream ends too early, as if cut short"),
        ] {
            for end in (4..packed.len()).step_by(10) {
                let (found, error) = read(packed[..end].to_vec());
                assert!(whole.starts_with(&found), "{end}");
                assert_eq!(error.as_deref(), Some(told), "{end}");
            }
        }
        let half = gzip(&whole)[..15_000].to_vec();
        assert!(read(half).0.len() > 10_000);
        let broken = [gzip(b"first"), b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xff\xff".to_vec()].concat();
        let (found, error) = read(broken);
        assert!(found == b"first" && error.unwrap().starts_with("the gzip stream is damaged"));
    }
}
