//! The hash of the automaton's tables.

/// A hash of two numbers, all of whose bits differ for most pairs.
#[inline(always)]
pub(super) const fn hash(one: u64, other: u64) -> u64 {
    let mixed = (one ^ other.rotate_left(23)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 29
}
