//! Coding: what was done and stated, against the rules of its day.
//!
//! Each family of rules is a file that reads [`Facts`] and raises flags. A rule says nothing where the facts are not
//! in the note: a code without a documented level is not measured against a level. How much a flag weighs is the
//! rule's level, held down by the certainty of the rows that it rests on: "64484 without 64483" is an error because
//! the fee schedule says so; what is known and was not found in a source is a warning at most.

mod bundling;
mod codes;
mod counting;
mod counts;
mod diagnosis;
mod drugs;
mod facts;
mod modifier;
mod modifiers;
mod raise;
mod region;
mod spine;

use super::{Case, Rules};
use crate::model::Flag;
use facts::Facts;
use raise::Raise;

/// The flags of a note, in the order of the rules.
pub fn coding_flags(rules: &Rules, case: Case<'_>) -> Vec<Flag> {
    let audit = case.audit;
    if audit.codes.is_empty() && audit.procedures.is_empty() {
        return Vec::new();
    }
    let facts = Facts::new(case);
    let mut raise = Raise::new(rules, audit.service);
    for family in [
        codes::check,
        region::check,
        counting::check,
        modifiers::check,
        bundling::check,
        drugs::check,
        diagnosis::check,
    ] {
        family(&facts, &mut raise);
    }
    raise.into_flags()
}
