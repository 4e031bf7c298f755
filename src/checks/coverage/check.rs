//! A session held against its policy: what the packs require and flag in the same way.

use super::Coverage;
use super::ground::Ground;
use super::history::History;
use super::limit::Limit;
use super::session::{Required, Session, half_words};
use crate::checks::rules::fill;
use crate::model::{
    Date, Element, Evidence, EvidenceList, Flag, Gap, Guidance, Lasting, Moment, ProcedureFamily, Relief,
    Role, SpineHalf, Stated,
};
use crate::text::Span;

/// A session, and what it is held against.
pub(super) struct Check<'a> {
    pub(super) ground: &'a Ground<'a>,
    pub(super) session: &'a Session<'a>,
}

impl<'a> Check<'a> {
    /// Whether the note is one that reports a procedure, with its reasons.
    pub(super) fn is_report(&self) -> bool {
        self.ground.case.audit.note_type.is_encounter()
    }

    /// Requires an element.
    pub(super) fn require(&self, found: &mut Coverage, (rule, element): Required, documented: bool) {
        if self.ground.rule(rule).is_some() {
            let gap = Gap { rule, element, finding: None, procedure: Some(self.session.at) };
            found.owed.require(gap, documented);
        }
    }

    /// Requires what the report of what was performed tells of its guidance and, where there was any to see by, of what
    /// was seen, each with whether it is told.
    pub(super) fn require_technique(
        &self,
        found: &mut Coverage,
        guidance: Required,
        seen: &[(Required, bool)],
    ) {
        if !self.is_report() {
            return;
        }
        let stated = self.ground.encounter().guidance;
        self.require(found, guidance, stated.is_some());
        // That there was none is flagged.
        if stated.is_none_or(|guidance| guidance.value != Guidance::None) {
            for &(required, is_told) in seen {
                // Images can be kept only where some were taken: that is asked first.
                if stated.is_some() || is_told || required.1 != Element::Images {
                    self.require(found, required, is_told);
                }
            }
        }
    }

    /// Requires what came of an injection: a score after it, or how much it relieved.
    pub(super) fn require_outcome(&self, found: &mut Coverage, required: Required) {
        let mut reliefs = self.ground.encounter().reliefs.iter();
        let is_told = reliefs.any(|r| r.moment == Moment::After && r.percent.is_some());
        self.require(found, required, is_told || self.ground.has_score(Moment::After));
    }

    /// Requires how much an earlier procedure of a family relieved, and for how long.
    pub(super) fn require_relief(
        &self,
        found: &mut Coverage,
        of: impl Fn(ProcedureFamily) -> bool,
        (percent, duration): (Required, Required),
    ) {
        self.require(found, percent, self.ground.reliefs(&of).any(|r| r.percent.is_some()));
        let is_told = self.ground.reliefs(&of).any(|r| r.lasted.is_some() || r.ongoing);
        self.require(found, duration, is_told);
    }

    /// Raises a flag, whose message has these values and names the procedure and the policy.
    pub(super) fn raise(
        &self,
        found: &mut Coverage,
        code: &'static str,
        values: &[(&str, String)],
        evidence: EvidenceList,
    ) {
        let Some(rule) = self.ground.rule(code) else { return };
        let (procedure, policy) = (self.session.name(), self.ground.policy_words());
        let mut filled = vec![("procedure", procedure.as_str()), ("policy", policy.as_str())];
        filled.extend(values.iter().map(|(key, value)| (*key, value.as_str())));
        let message = fill(rule.message.as_deref().unwrap_or_default(), &filled);
        found.flags.push(Flag { rule: code, level: rule.level, message, evidence });
    }

    /// Flags more of something in a half of the spine than a limit allows.
    pub(super) fn raise_over(
        &self,
        found: &mut Coverage,
        (code, limit): (&'static str, Limit),
        half: SpineHalf,
        count: u32,
    ) {
        if let Some(limit) = self.ground.limit(limit).filter(|&limit| count > limit) {
            let values =
                [("count", count.to_string()), ("limit", limit.to_string()), ("region", half_words(half))];
            self.raise(found, code, &values, self.session.evidence());
        }
    }

    /// Flags a service in a half of the spine that came sooner than a limit allows after the one on `day`, which is
    /// looked for with the limit.
    pub(super) fn raise_too_soon(
        &self,
        found: &mut Coverage,
        (code, limit): (&'static str, Limit),
        half: SpineHalf,
        day: impl Fn(u32) -> Option<Date>,
    ) {
        if let Some(limit) = self.ground.limit(limit)
            && let Some(day) = day(limit)
        {
            let values =
                [("day", day.to_string()), ("limit", limit.to_string()), ("region", half_words(half))];
            self.raise(found, code, &values, self.session.evidence());
        }
    }

    /// Flags guidance that is neither fluoroscopy nor computed tomography.
    pub(super) fn raise_unguided(&self, found: &mut Coverage, code: &'static str) {
        if let Some(guidance) = self.ground.encounter().guidance
            && matches!(guidance.value, Guidance::Ultrasound | Guidance::None)
        {
            self.raise(found, code, &[], stated_at(Role::Anchor, guidance.span));
        }
    }

    /// Flags what is stated to have lasted less than a limit, which is given as the policy counts it and in days.
    pub(super) fn raise_short(
        &self,
        found: &mut Coverage,
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
            self.raise(found, code, &values, stated_at(role, stated.span));
        }
    }

    /// Flags the relief by what was done before where the best that is told is less, or lasted less, than the limits.
    pub(super) fn raise_relief_below<'r>(
        &self,
        found: &mut Coverage,
        code: &'static str,
        reliefs: impl Iterator<Item = &'r Relief>,
        (percent, months): (Limit, Limit),
    ) {
        let (Some(percent), Some(days), Some(months)) =
            (self.ground.limit(percent), self.ground.limit_in_days(months), self.ground.limit(months))
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
        self.raise(found, code, &values, evidence);
    }

    /// The earlier services of each half that is treated, where the day of service is known.
    pub(super) fn histories(&self) -> impl Iterator<Item = (SpineHalf, History<'a>)> {
        let (earlier, day) = (&self.ground.case.context.earlier, self.ground.known_day());
        let halves = self.session.halves().into_iter();
        halves.filter_map(move |half| Some((half, History::new(earlier, day?, half))))
    }
}

/// The words of one stated value, as the evidence of a flag.
fn stated_at(role: Role, span: Span) -> EvidenceList {
    EvidenceList::from_elem(Evidence { role, span }, 1)
}
