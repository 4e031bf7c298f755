//! Coding: what was done and stated, against the rules of its day.

use super::{Case, Rules};
use crate::model::Flag;

/// The flags of a note, in the order of the rules.
pub fn coding_flags(_rules: &Rules, _case: Case<'_>) -> Vec<Flag> {
    Vec::new()
}
