//! Eight bytes of text judged at once.
//!
//! Adding to the low seven bits of a byte carries into its top bit where the byte is not below a bound, so that one
//! addition compares eight bytes (Lamport 1975, multiple byte processing with full-word instructions).
//!
//! ```text
//! "Mild L4-"   ▶   "mild l4-", of which seven bytes are simple: the dash is not
//! ```

/// How many bytes are judged at a time.
pub(crate) const CHUNK: usize = 8;

/// A one in each of eight bytes: what it is multiplied by stands in all.
pub(crate) const ONES: u64 = 0x0101_0101_0101_0101;

/// The top bit of each of eight bytes.
pub(crate) const TOPS: u64 = 0x80 * ONES;

/// Eight bytes in lower case, and how many of them, from the first, stand for themselves but for their case: all of
/// ASCII that is no control character, dash or tilde, and blanks before such a byte or a dash.
pub(super) const fn simple_bytes(chunk: u64) -> (u64, usize) {
    let low = chunk & !TOPS;
    let at_least = [low + 0x60 * ONES, low + (0x80 - b'A' as u64) * ONES, low + (0x7f - b'Z' as u64) * ONES];
    let [printed, from_a, beyond_z] = at_least;
    let blank = !((low ^ (b' ' as u64 * ONES)) + 0x7f * ONES);
    let tilde_or_delete = low + 2 * ONES;
    let dash = !((low ^ (b'-' as u64 * ONES)) + 0x7f * ONES);
    let ends_run = chunk | !printed | tilde_or_delete;
    // What follows the last byte is not seen: a blank there waits for the next chunk.
    let before_no_word = (ends_run | blank) >> 8 | 0x80 << 56;
    let special = (ends_run | dash | blank & before_no_word) & TOPS;
    let capitals = from_a & !beyond_z & !chunk & TOPS;
    (chunk | capitals >> 2, special.trailing_zeros() as usize / 8)
}

/// How many of eight bytes, from the first, belong to a word: letters, digits, and all beyond ASCII.
pub(crate) const fn word_bytes(chunk: u64) -> usize {
    let low = chunk & !TOPS;
    let lower = low | (0x20 * ONES);
    let letters = (lower + (0x80 - b'a' as u64) * ONES) & !(lower + (0x7f - b'z' as u64) * ONES);
    let digits = (low + (0x80 - b'0' as u64) * ONES) & !(low + (0x7f - b'9' as u64) * ONES);
    let others = !(letters | digits | chunk) & TOPS;
    others.trailing_zeros() as usize / 8
}
