//! Modifiers as they stand on claims.

use crate::model::{Side, StatedCode};

/// Both sides.
pub(super) const BOTH: &str = "50";
/// Left.
pub(super) const LEFT: &str = "LT";
/// Right.
pub(super) const RIGHT: &str = "RT";
/// More than one procedure.
pub(super) const MULTIPLE: &str = "51";
/// Distinct procedure.
pub(super) const DISTINCT: &str = "59";
/// The four that say in what a procedure is distinct.
pub(super) const DISTINCT_IN: [&str; 4] = ["XE", "XP", "XS", "XU"];
/// The requirements of the policy are met.
pub(super) const POLICY_MET: &str = "KX";
/// Part of a single-dose container was thrown away.
pub(super) const DISCARDED: &str = "JW";
/// Nothing of it was.
pub(super) const NONE_DISCARDED: &str = "JZ";

/// Whether a stated code bears a modifier.
pub(super) fn has(stated: &StatedCode, modifier: &str) -> bool {
    stated.modifiers.iter().any(|m| m == modifier)
}

/// The side that its modifiers give; `None` where they give none.
pub(super) fn side(stated: &StatedCode) -> Option<Side> {
    match (has(stated, LEFT), has(stated, RIGHT)) {
        _ if has(stated, BOTH) => Some(Side::Bilateral),
        (true, true) => Some(Side::Bilateral),
        (true, false) => Some(Side::Left),
        (false, true) => Some(Side::Right),
        (false, false) => None,
    }
}
