//! Places in a note.
//!
//! A [`Span`] counts **bytes of the note exactly as it came in**; a [`FoldSpan`] counts bytes of its folded
//! view ([`crate::text::Folded`]). They are two types so that one cannot be taken for the other.

use serde::{Deserialize, Serialize};

/// A half-open range of bytes of the note as it came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A half-open range of bytes of the folded view of a note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FoldSpan {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

macro_rules! range_methods {
    ($name:ident) => {
        impl $name {
            /// The range from `start` to `end`, in bytes.
            pub const fn new(start: u32, end: u32) -> Self {
                Self { start, end }
            }

            /// Length in bytes.
            pub const fn len(self) -> u32 {
                self.end.saturating_sub(self.start)
            }

            /// Whether it holds no byte.
            pub const fn is_empty(self) -> bool {
                self.end <= self.start
            }

            /// Whether `other` lies wholly inside.
            pub const fn contains(self, other: Self) -> bool {
                self.start <= other.start && other.end <= self.end
            }

            /// Whether the two share a byte.
            pub const fn overlaps(self, other: Self) -> bool {
                self.start < other.end && other.start < self.end
            }

            /// The smallest range that covers both.
            #[must_use]
            pub fn union(self, other: Self) -> Self {
                Self { start: self.start.min(other.start), end: self.end.max(other.end) }
            }

            /// As indices for slicing.
            pub const fn range(self) -> std::ops::Range<usize> {
                self.start as usize..self.end as usize
            }
        }
    };
}

range_methods!(Span);
range_methods!(FoldSpan);

impl Span {
    /// The words at this place of `note`; empty where the range is not one of the note.
    pub fn of(self, note: &str) -> &str {
        note.get(self.range()).unwrap_or_default()
    }
}
