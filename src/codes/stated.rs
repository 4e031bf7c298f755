//! Codes in a note: found, and never confused with telephone numbers, dates and measurements.

use crate::model::StatedCode;
use crate::segment::Layout;
use crate::text::Folded;

/// The codes that a note states, in its order.
pub fn stated_codes(_folded: &Folded<'_>, _layout: &Layout) -> Vec<StatedCode> {
    Vec::new()
}
