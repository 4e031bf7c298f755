//! An answer as words of the note: the ways to word it are tried until one closes the gap and changes nothing else.

use super::ApplyError;
use super::changes::changes;
use super::facts::{FindingFacts, procedures};
use super::places::{Edit, Places};
use crate::Engine;
use crate::checks::{Place, finding_score, words};
use crate::model::{Audit, Changes, Context, Element, Finding, Gap};

/// A draft, and what its audit says.
pub(super) struct Draft<'a> {
    pub(super) engine: &'a Engine,
    pub(super) context: &'a Context,
    pub(super) text: &'a str,
    pub(super) audit: &'a Audit,
}

impl Draft<'_> {
    /// The words that answer a gap, by its index into [`Audit::gaps`], with one of its options.
    pub(super) fn answer(&self, gap: usize, option: &str) -> Result<Edit, ApplyError> {
        let gap = self.audit.gaps.get(gap).ok_or(ApplyError::Stale)?;
        let element = gap.element;
        let fact = self.audit.fact(gap.finding, gap.procedure);
        let finding = fact.finding();
        let words = self.engine.rules().answers();
        if words.ways(element).next().is_none() {
            return Err(ApplyError::NotWorded { element });
        }
        let stated = stated(finding, element, option);
        let known: Vec<(&str, &str)> = stated.iter().map(|(name, value)| (*name, &**value)).collect();
        let analysis = self.engine.analyse(self.text);
        let places = Places { text: self.text, analysis: &analysis };
        // What the note as a whole lacks is said of the last finding that something is asked of.
        let last = || self.audit.findings.iter().rfind(|finding| finding_score(finding).required > 0);
        let of_finding = finding.or_else(last).map(|finding| &*finding.evidence);
        let of_procedure = fact.procedure().map(|procedure| &*procedure.evidence);
        let edits = words.ways(element).filter_map(|way| {
            let of_account = of_procedure.filter(|_| way.place == Place::Account);
            let evidence = of_account.or(of_finding).or(of_procedure)?;
            places.edit(way.place, evidence, &words.words(way, option, &known)?)
        });
        let mut fitting = edits.filter(|edit| self.closes(gap, finding, option, edit));
        fitting.next().ok_or(ApplyError::NoPlace { element })
    }

    /// Whether an edit closes the gap, as the option says, and leaves all else as it is stated.
    fn closes(&self, gap: &Gap, finding: Option<&Finding>, option: &str, edit: &Edit) -> bool {
        let mut text = self.text.to_owned();
        text.replace_range(edit.range.clone(), &edit.text);
        let after = self.engine.audit(&text, self.context);
        let Changes { opened, closed, .. } = changes(self.audit, &after);
        let is_closed = closed.iter().any(|c| (c.rule, c.element) == (gap.rule, gap.element));
        // What is told of a procedure may raise the question that follows: guidance that of its images, care that of how long.
        let is_of_procedure = |&new: &usize| after.gaps.get(new).is_some_and(|new| new.procedure.is_some());
        is_closed
            && (opened.is_empty() || gap.procedure.is_some() && opened.iter().all(is_of_procedure))
            && procedures(self.audit) == procedures(&after)
            && self.is_answered(finding, option, gap.element, &after)
    }

    /// Whether the finding, and no other, is now as the option says: it alone is gone, and what is new is it with the
    /// answer, or nothing, where another statement of the note already said so.
    fn is_answered(&self, finding: Option<&Finding>, option: &str, element: Element, after: &Audit) -> bool {
        let mut before: Vec<FindingFacts> = self.audit.findings.iter().map(FindingFacts::from).collect();
        let mut new: Vec<FindingFacts> = after.findings.iter().map(FindingFacts::from).collect();
        before.retain(|facts| match new.iter().position(|other| other == facts) {
            Some(found) => {
                new.remove(found);
                false
            }
            None => true,
        });
        let Some(finding) = finding else { return before.is_empty() && new.is_empty() };
        let was = FindingFacts::from(finding);
        let Some(expected) = was.with(element, option) else { return false };
        before == [was] && new.iter().all(|facts| *facts == expected)
    }
}

/// What a finding states, with the answer in its place, by the names that the wording knows.
fn stated(finding: Option<&Finding>, element: Element, option: &str) -> Vec<(&'static str, String)> {
    let value =
        |of: Element, stated: Option<String>| if element == of { Some(option.to_owned()) } else { stated };
    let severity = value(Element::Severity, finding.and_then(|f| f.severity).map(|s| words(s.name())));
    let side = value(Element::Laterality, finding.and_then(|f| f.side).map(|s| words(s.name())));
    let level = value(Element::Level, finding.and_then(|f| f.level).map(|level| level.to_string()));
    let named = [("severity", severity), ("side", side), ("level", level)];
    named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
