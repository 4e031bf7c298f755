//! What a pack stands on: the rules in force, the contractor's policy, the facts.

use super::Coverage;
use super::contractor::ContractorPolicy;
use super::history::History;
use super::limit::Limit;
use super::session::{Session, half_words};
use crate::checks::rules::fill;
use crate::checks::{Case, Rule, Rules};
use crate::model::{
    Complaint, Date, DateOrigin, Element, Encounter, Evidence, EvidenceList, Flag, Gap, Guidance, Lasting,
    Moment, Policy, Relief, Role, SpineHalf, Stated, Status,
};
use crate::text::Span;

/// Days that a month counts at least where a note tells months in weeks: "twelve weeks" are three months.
const DAYS_OF_MONTH: u32 = 28;

/// The words of one stated value, as the evidence of a flag.
pub(super) fn stated_at(role: Role, span: Span) -> EvidenceList {
    EvidenceList::from_elem(Evidence { role, span }, 1)
}

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

    /// Requires an element of a session.
    pub(super) fn require(
        &self,
        found: &mut Coverage,
        session: &Session<'_>,
        (rule, element): (&'static str, Element),
        documented: bool,
    ) {
        if self.rule(rule).is_some() {
            let gap = Gap { rule, element, finding: None, procedure: Some(session.at) };
            found.owed.require(gap, documented);
        }
    }

    /// Raises a flag on a session, whose message has these values and names the procedure and the policy.
    pub(super) fn raise(
        &self,
        found: &mut Coverage,
        session: &Session<'_>,
        code: &'static str,
        values: &[(&str, String)],
        evidence: EvidenceList,
    ) {
        let Some(rule) = self.rule(code) else { return };
        let (procedure, policy) = (session.name(), self.policy_words());
        let mut filled = vec![("procedure", procedure.as_str()), ("policy", policy.as_str())];
        filled.extend(values.iter().map(|(key, value)| (*key, value.as_str())));
        let message = fill(rule.message.as_deref().unwrap_or_default(), &filled);
        found.flags.push(Flag { rule: code, level: rule.level, message, evidence });
    }

    /// Flags more of something in a half of the spine than a limit allows.
    pub(super) fn raise_over(
        &self,
        found: &mut Coverage,
        session: &Session<'_>,
        (code, limit): (&'static str, Limit),
        half: SpineHalf,
        count: u32,
    ) {
        if let Some(limit) = self.limit(limit).filter(|&limit| count > limit) {
            let values =
                [("count", count.to_string()), ("limit", limit.to_string()), ("region", half_words(half))];
            self.raise(found, session, code, &values, session.evidence());
        }
    }

    /// Flags a service in a half of the spine that came sooner than a limit allows after the one on `day`, which is
    /// looked for with the limit.
    pub(super) fn raise_too_soon(
        &self,
        found: &mut Coverage,
        session: &Session<'_>,
        (code, limit): (&'static str, Limit),
        half: SpineHalf,
        day: impl Fn(u32) -> Option<Date>,
    ) {
        if let Some(limit) = self.limit(limit)
            && let Some(day) = day(limit)
        {
            let values =
                [("day", day.to_string()), ("limit", limit.to_string()), ("region", half_words(half))];
            self.raise(found, session, code, &values, session.evidence());
        }
    }

    /// Flags what is stated to have lasted less than a limit, which is given as the policy counts it and in days.
    pub(super) fn raise_short(
        &self,
        found: &mut Coverage,
        session: &Session<'_>,
        code: &'static str,
        stated: Option<Stated<Lasting>>,
        (limit, days): (u32, u32),
        role: Role,
    ) {
        if let Some(stated) = stated
            && stated.value.is_below(days)
        {
            let lasted = stated.value.days.unwrap_or_default();
            let values = [("days", lasted.to_string()), ("limit", limit.to_string())];
            self.raise(found, session, code, &values, stated_at(role, stated.span));
        }
    }

    /// Flags the relief by what was done before where the best that is told is less, or lasted less, than the limits.
    pub(super) fn raise_relief_below<'r>(
        &self,
        found: &mut Coverage,
        session: &Session<'_>,
        code: &'static str,
        reliefs: impl Iterator<Item = &'r Relief>,
        (percent, months): (Limit, Limit),
    ) {
        let (Some(percent), Some(days), Some(months)) =
            (self.limit(percent), self.limit_in_days(months), self.limit(months))
        else {
            return;
        };
        let is_below = |r: &Relief| {
            r.percent.is_some_and(|p| u32::from(p) < percent)
                || !r.ongoing && r.lasted.is_some_and(|lasted| lasted.is_below(days))
        };
        let told: Vec<&Relief> = reliefs.filter(|r| r.percent.is_some() || r.lasted.is_some()).collect();
        if told.is_empty() || !told.iter().all(|r| is_below(r)) {
            return;
        }
        let values = [("percent", percent.to_string()), ("months", months.to_string())];
        let evidence = told.into_iter().map(|r| Evidence { role: Role::Treatment, span: r.span }).collect();
        self.raise(found, session, code, &values, evidence);
    }

    /// The earlier services of each half that a session treats, where the day of service is known.
    pub(super) fn histories(&self, session: &Session<'_>) -> impl Iterator<Item = (SpineHalf, History<'a>)> {
        let (earlier, day) = (&self.case.context.earlier, self.known_day());
        session.halves().into_iter().filter_map(move |half| Some((half, History::new(earlier, day?, half))))
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

    /// Guidance that is stated, and is neither fluoroscopy nor computed tomography.
    pub(super) fn other_guidance(&self) -> Option<Stated<Guidance>> {
        self.encounter().guidance.filter(|g| matches!(g.value, Guidance::Ultrasound | Guidance::None))
    }

    fn policy_words(&self) -> String {
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
