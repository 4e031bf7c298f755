//! What a pack stands on: the rules in force, the contractor's policy, the facts.

use super::contractor::ContractorPolicy;
use super::limit::Limit;
use crate::checks::rules::fill;
use crate::checks::{Case, Rule, Rules};
use crate::model::{Complaint, Date, DateOrigin, Encounter, Moment, Policy, ProcedureFamily, Relief, Status};

/// Days that a month counts at least where a note tells months in weeks: "twelve weeks" are three months.
const DAYS_OF_MONTH: u32 = 28;

/// One pack's view of a note.
pub(super) struct Ground<'a> {
    pub(super) case: Case<'a>,
    rules: &'a Rules,
    pack: &'static str,
    policy: Option<&'a ContractorPolicy>,
    day: Option<Date>,
}

impl<'a> Ground<'a> {
    /// `None` where the pack is off, or the contractor that is set had no policy on the day.
    pub(super) fn of(rules: &'a Rules, case: Case<'a>, pack: &'static str) -> Option<Self> {
        rules.pack(pack)?;
        let day = case.audit.service.map(|service| service.day);
        let policy = match (&case.context.contractor, day) {
            (Some(key), Some(day)) => Some(rules.contractors().policy(key, pack, day)?),
            _ => None,
        };
        Some(Self { case, rules, pack, policy, day })
    }

    pub(super) fn encounter(&self) -> &'a Encounter {
        &self.case.audit.encounter
    }

    /// The day of service, where it is known and not assumed.
    pub(super) fn known_day(&self) -> Option<Date> {
        self.case.audit.service.filter(|s| s.origin != DateOrigin::Assumed).map(|s| s.day)
    }

    /// The policy that is set, as an audit names it.
    pub(super) fn policy(&self) -> Option<Policy> {
        self.policy.map(|policy| Policy {
            pack: self.pack,
            contractor: policy.name.clone(),
            number: policy.lcd.clone(),
            article: policy.article.clone(),
            from: policy.from,
        })
    }

    pub(super) fn limit(&self, limit: Limit) -> Option<u32> {
        self.rules.limit(limit)
    }

    /// A limit given in months, in days of a note's own counting.
    pub(super) fn limit_in_days(&self, months: Limit) -> Option<u32> {
        self.limit(months).map(|months| months.saturating_mul(DAYS_OF_MONTH))
    }

    /// The rule of a code, where it is on and in force on the day of service. Days as texts compare as days.
    pub(super) fn rule(&self, code: &str) -> Option<&'a Rule> {
        let day = self.day.map(|day| day.to_string());
        let rule = self.rules.get(code)?;
        let has_begun = rule.effective_from.as_ref().zip(day.as_ref()).is_none_or(|(from, day)| from <= day);
        let has_ended = rule.effective_to.as_ref().zip(day.as_ref()).is_some_and(|(to, day)| to < day);
        (has_begun && !has_ended).then_some(rule)
    }

    /// Whether a score of pain or function is told of a moment.
    pub(super) fn has_score(&self, moment: Moment) -> bool {
        let encounter = self.encounter();
        encounter.pain_scores.iter().any(|score| score.moment == moment)
            || encounter.function_scores.iter().any(|score| score.moment == moment)
    }

    /// Whether conservative care is documented.
    pub(super) fn has_care(&self) -> bool {
        self.case.audit.conservative_care.as_ref().is_some_and(|care| care.documented)
            || self.encounter().care_days.is_some()
    }

    pub(super) fn complains_of(&self, complaint: Complaint) -> bool {
        let complaints = &self.encounter().complaints;
        complaints.iter().any(|(c, status)| c.value == complaint && *status == Status::Present)
    }

    /// What is told of the relief by an earlier procedure of a family.
    pub(super) fn reliefs(&self, of: impl Fn(ProcedureFamily) -> bool) -> impl Iterator<Item = &'a Relief> {
        let reliefs = self.encounter().reliefs.iter();
        reliefs.filter(move |r| r.moment == Moment::Before && r.after.is_none_or(&of))
    }

    /// The policy that is set in the words of a message.
    pub(super) fn policy_words(&self) -> String {
        let words = &self.rules.wording.policy;
        match self.policy {
            None => words.unset.clone(),
            Some(policy) => {
                let from = policy.from.to_string();
                let values = [
                    ("number", policy.lcd.as_str()),
                    ("contractor", policy.name.as_str()),
                    ("from", from.as_str()),
                ];
                fill(&words.named, &values)
            }
        }
    }
}
