//! From a breach to its flag: level, message, evidence.
//!
//! A rule of level `error` that rests on a row known only from a secondary source gives a `warning`, and so does
//! one that rests on a day which is assumed; the message then says so. A code that was right once weighs less still
//! on an assumed day: the note may be older than the day.

use rustc_hash::FxHashMap;

use crate::codes::Certainty;
use crate::model::{
    DateOrigin, Drug, Evidence, EvidenceList, Flag, FlagLevel, Procedure, Role, ServiceDate, StatedCode,
};
use crate::text::Span;

use super::super::rules::fill;
use super::super::{Rule, Rules};

/// What a breach is made of.
#[derive(Default)]
pub(super) struct Breach<'v> {
    values: Vec<(&'v str, String)>,
    evidence: EvidenceList,
    certainty: Option<Certainty>,
    is_of_day: bool,
    was_right_once: bool,
}

impl<'v> Breach<'v> {
    /// A value of the message.
    #[expect(clippy::needless_pass_by_value, reason = "most values are made for the call")]
    pub(super) fn with(mut self, name: &'v str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// Codes, with their places.
    pub(super) fn codes<'c>(mut self, codes: impl IntoIterator<Item = &'c StatedCode>) -> Self {
        self.evidence.extend(codes.into_iter().map(|c| Evidence { role: Role::Anchor, span: c.span }));
        self
    }

    /// Procedures, with their words.
    pub(super) fn procedures<'c>(mut self, procedures: impl IntoIterator<Item = &'c Procedure>) -> Self {
        for procedure in procedures {
            self.evidence.extend(procedure.evidence.iter().copied());
        }
        self
    }

    /// Drugs, with their places.
    pub(super) fn drugs<'c>(mut self, drugs: impl IntoIterator<Item = &'c Drug>) -> Self {
        self.evidence.extend(drugs.into_iter().map(|d| Evidence { role: Role::Treatment, span: d.span }));
        self
    }

    /// Words that prove it.
    pub(super) fn words(mut self, role: Role, span: Span) -> Self {
        self.evidence.push(Evidence { role, span });
        self
    }

    /// The evidence of another fact.
    pub(super) fn evidence(mut self, evidence: &[Evidence]) -> Self {
        self.evidence.extend(evidence.iter().copied());
        self
    }

    /// How sure a row is that it rests on; the least sure one counts.
    pub(super) fn certainty(mut self, certainty: Certainty) -> Self {
        self.certainty = self.certainty.max(Some(certainty));
        self
    }

    /// That it was none on earlier days: where the day is assumed, the note may simply be older.
    pub(super) const fn once_right(mut self) -> Self {
        self.was_right_once = true;
        self
    }

    /// That it holds on the day of service and need not hold on another.
    pub(super) const fn of_day(mut self) -> Self {
        self.is_of_day = true;
        self
    }
}

/// Collects the flags of one note.
pub(super) struct Raise<'a> {
    rules: &'a Rules,
    service: Option<ServiceDate>,
    flags: Vec<Flag>,
    /// The number of the flag that says a message of a rule.
    said: FxHashMap<(&'static str, String), usize>,
}

impl<'a> Raise<'a> {
    pub(super) fn new(rules: &'a Rules, service: Option<ServiceDate>) -> Self {
        Self { rules, service, flags: Vec::new(), said: FxHashMap::default() }
    }

    /// The rule of a code, where it holds on the day of service.
    pub(super) fn rule(&self, code: &str) -> Option<&'a Rule> {
        self.rules.get(code).filter(|rule| rule.is_in_effect(self.service.map(|service| service.day)))
    }

    /// The codes that a rule, or else its pack, lists under a name.
    pub(super) fn listed(&self, code: &str, list: &str) -> &'a [String] {
        self.rules.listed(code, list)
    }

    /// What stands in for a code that has ended, as an addition to a message.
    pub(super) fn instead(&self, codes: &str) -> String {
        fill(&self.rules.wording.instead, &[("codes", codes)])
    }

    /// Raises the flag of a rule; what is said already gets these words as well, for a note may state a code often.
    pub(super) fn flag(&mut self, code: &'static str, breach: Breach<'_>) {
        let Some(rule) = self.rule(code) else { return };
        let values: Vec<(&str, &str)> =
            breach.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut message = fill(rule.message.as_deref().unwrap_or_default(), &values);
        let mut level = rule.level.min(highest(breach.certainty));
        if let Some(service) = self.service.filter(|s| s.origin == DateOrigin::Assumed)
            && (breach.is_of_day || rule.is_dated())
        {
            level = level.min(if breach.was_right_once { FlagLevel::Info } else { FlagLevel::Warning });
            let day = service.day.to_string();
            message = fill(&self.rules.wording.assumed, &[("message", &message), ("day", &day)]);
        }
        let at = *self.said.entry((code, message.clone())).or_insert(self.flags.len());
        match self.flags.get_mut(at) {
            Some(said) => said.evidence.extend(breach.evidence),
            None => self.flags.push(Flag { rule: code, level, message, evidence: breach.evidence }),
        }
    }

    pub(super) fn into_flags(self) -> Vec<Flag> {
        let mut flags = self.flags;
        for flag in &mut flags {
            in_order(&mut flag.evidence);
        }
        flags
    }
}

/// Puts evidence in the order of the note, each place once.
fn in_order(evidence: &mut EvidenceList) {
    evidence.sort_unstable_by_key(|e| (e.span.start, e.span.end, e.role));
    evidence.dedup();
}

/// The highest level that rows of a certainty carry.
fn highest(certainty: Option<Certainty>) -> FlagLevel {
    match certainty {
        None | Some(Certainty::Verified) => FlagLevel::Error,
        Some(Certainty::Secondary | Certainty::Known) => FlagLevel::Warning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_certain_row_holds_the_level_down() {
        let mut breach = Breach::default();
        assert_eq!(highest(breach.certainty), FlagLevel::Error);
        for (row, level) in [
            (Certainty::Verified, FlagLevel::Error),
            (Certainty::Known, FlagLevel::Warning),
            (Certainty::Verified, FlagLevel::Warning),
        ] {
            breach = breach.certainty(row);
            assert_eq!(highest(breach.certainty), level);
        }
    }
}
