//! Queries: what is put to the clinician for a gap.
//!
//! They follow AHIMA/ACDIS, *Guidelines for Achieving a Compliant Query Practice* (2022 update): a query cites the
//! note's own words, leads to no answer and offers what the record supports, always with "other" and "unable to
//! determine". All wording is data ([`Rules`]).
//!
//! The answers offered for a side, a severity or a correlation are every value there is, so that none is put
//! forward. For a level that would be the whole spine, so a query offers the levels that the note itself states of
//! a finding that is present, from the neck down, without those at which it denies this very finding; the
//! "other" that closes the list is the open answer.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{Audit, Element, Evidence, Fact, Finding, Gap, Level, Side, Status};

use super::describe::{describe_fact, words};
use super::indicators::{indicators, join};
use super::rules::fill;
use super::subject::Subject;
use super::{QueryTemplate, Rules};

/// The answers offered for one element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is missing.
    pub element: Element,
    /// The answers.
    pub options: Vec<String>,
}

/// A question to the clinician about one finding, one procedure, or the note as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Query {
    /// The finding, as an index into [`Audit::findings`].
    pub finding: Option<usize>,
    /// The procedure, as an index into [`Audit::procedures`]; with neither, the note as a whole is meant.
    pub procedure: Option<usize>,
    /// The gaps that it asks for, as indices into [`Audit::gaps`].
    pub gaps: Vec<usize>,
    /// The question, with the indicators in it.
    pub text: String,
    /// The note's own words that give rise to it, in the note's order; empty where the note was left out.
    pub indicators: Vec<String>,
    /// Where those words stand, in the note's order.
    #[serde(skip)]
    pub evidence: Vec<Evidence>,
    /// The answers to choose from, for each element in the order of the gaps.
    pub choices: Vec<Choice>,
}

/// The queries of a note: one for each finding or procedure with gaps, and one for the note's own gaps.
///
/// `note` is the text that was audited; pass an empty one for queries without any word of it.
pub fn queries(rules: &Rules, audit: &Audit, note: &str) -> Vec<Query> {
    queries_for(rules, audit, note, |_| true)
}

/// The queries of a note for those of its gaps, by index into [`Audit::gaps`], that are to be asked for.
pub fn queries_for(rules: &Rules, audit: &Audit, note: &str, is_asked: impl Fn(usize) -> bool) -> Vec<Query> {
    let mut groups: Vec<(&Gap, Vec<usize>)> = Vec::new();
    for (index, gap) in audit.gaps.iter().enumerate().filter(|(index, _)| is_asked(*index)) {
        let about = (gap.finding, gap.procedure);
        match groups.iter_mut().find(|(first, _)| (first.finding, first.procedure) == about) {
            Some((_, gaps)) => gaps.push(index),
            None => groups.push((gap, vec![index])),
        }
    }
    groups.into_iter().map(|(first, gaps)| ask(rules, audit, note, first, gaps)).collect()
}

/// The query for one gap alone, by its index into [`Audit::gaps`]; `None` where there is no such gap.
pub fn query(rules: &Rules, audit: &Audit, note: &str, gap: usize) -> Option<Query> {
    Some(ask(rules, audit, note, audit.gaps.get(gap)?, vec![gap]))
}

impl Query {
    /// The finding or procedure that it is about, in the contract's values, that hold no words of the note; `None`
    /// where it is about the note as a whole.
    pub fn about(&self, audit: &Audit) -> Option<String> {
        describe_fact(audit.fact(self.finding, self.procedure))
    }

    /// What is missing, of what, in one line that holds no words of the note.
    pub fn title(&self, rules: &Rules, audit: &Audit) -> String {
        let gaps = || self.gaps.iter().filter_map(|&gap| audit.gaps.get(gap));
        let missing: Vec<String> = gaps().map(|gap| words(gap.element.name())).collect();
        match (self.about(audit), gaps().find_map(|gap| rules.get(gap.rule))) {
            (Some(fact), _) => format!("{fact}: no {}", missing.join(", no ")),
            (None, Some(rule)) => rule.title.clone(),
            (None, None) => missing.join(", "),
        }
    }
}

/// The query for gaps of one finding, one procedure or the note as a whole: `first` is the first of them.
fn ask(rules: &Rules, audit: &Audit, note: &str, first: &Gap, gaps: Vec<usize>) -> Query {
    let (finding, procedure) = (first.finding, first.procedure);
    let fact = audit.fact(finding, procedure);
    let missing: Vec<(&Gap, &QueryTemplate)> = gaps
        .iter()
        .filter_map(|&gap| audit.gaps.get(gap))
        .filter_map(|gap| Some((gap, rules.get(gap.rule)?.query.as_ref()?)))
        .collect();
    let elements: Vec<Element> = missing.iter().map(|(gap, _)| gap.element).collect();
    let subject = Subject::of(audit, fact, &elements);
    let indicators = indicators(note, &subject.evidence);
    let choices = missing
        .iter()
        .map(|&(gap, template)| Choice {
            element: gap.element,
            options: options(rules, audit, fact, template),
        })
        .collect();
    let asks: Vec<&str> = missing.iter().map(|(_, template)| template.ask.as_str()).collect();
    let text = text(rules, fact, &subject.described, &indicators, &asks);
    Query { finding, procedure, gaps, text, indicators, evidence: subject.evidence, choices }
}

fn text(rules: &Rules, fact: Fact<'_>, described: &[String], indicators: &[String], asks: &[&str]) -> String {
    let frame = &rules.frame;
    let opening = if indicators.is_empty() {
        fill(&frame.describe, &[("findings", &join(described, &frame.and))])
    } else {
        let quoted: Vec<String> = indicators.iter().map(|words| format!("“{words}”")).collect();
        fill(&frame.cite, &[("indicators", &join(&quoted, &frame.and))])
    };
    let ask = match fact {
        Fact::Finding(_) => &frame.ask_finding,
        Fact::Procedure(_) => &frame.ask_procedure,
        Fact::Note => &frame.ask_note,
    };
    let elements = join(asks, &frame.and);
    format!("{opening} {}", fill(ask, &[("elements", &elements)]))
}

fn options(rules: &Rules, audit: &Audit, fact: Fact<'_>, template: &QueryTemplate) -> Vec<String> {
    let mut options = template.options.clone();
    if template.levels_of_note {
        options.extend(supported_levels(audit, fact.finding()).iter().map(Level::to_string));
    }
    options.extend(rules.open_answers().iter().cloned());
    options
}

/// Levels that the note states of findings that are present, from the neck down, less those at which it denies
/// what `finding` says.
fn supported_levels(audit: &Audit, finding: Option<&Finding>) -> BTreeSet<Level> {
    let excluded: BTreeSet<Level> = audit
        .findings
        .iter()
        .filter(|other| finding.is_some_and(|f| denies(other, f)))
        .filter_map(|f| f.level)
        .collect();
    let present = audit.findings.iter().filter(|f| f.status == Status::Present);
    present.filter_map(|f| f.level).filter(|level| !excluded.contains(level)).collect()
}

/// Whether `other`, at its level, denies what `finding` says.
fn denies(other: &Finding, finding: &Finding) -> bool {
    let both = |side| matches!(side, None | Some(Side::Bilateral));
    other.status == Status::Absent
        && other.kind == finding.kind
        && (both(other.side) || other.side == finding.side || finding.side == Some(Side::Bilateral))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::sample::{evidence, finding, finding_in};
    use crate::checks::{Settings, completeness};
    use crate::model::{Concordance, Correlation, CorrelationStatus, NoteType, Radiculopathy};

    fn audit(note_type: NoteType, findings: Vec<Finding>, correlation: Option<Correlation>) -> Audit {
        let status = correlation.as_ref().map(|c| c.status);
        let found = completeness(note_type, &findings, status, &Settings::default());
        Audit { findings, correlation, score: found.score(), gaps: found.gaps, ..Audit::empty(note_type) }
    }

    fn asked(audit: &Audit, note: &str) -> Vec<Query> {
        queries(&Rules::embedded().unwrap(), audit, note)
    }

    #[test]
    fn several_gaps_of_one_finding_are_one_query() {
        let note = "L4-5: There is foraminal narrowing. L5-S1: Left foraminal stenosis.";
        let findings = vec![
            finding_in(note, "foraminal_stenosis L4-L5", &["level L4-5", "anchor foraminal narrowing"]),
            finding_in(
                note,
                "foraminal_stenosis L5-S1 left",
                &["level L5-S1", "side Left", "anchor foraminal stenosis"],
            ),
        ];
        let asked = asked(&audit(NoteType::Radiology, findings, None), note);
        assert_eq!(asked.len(), 2);
        assert_eq!((asked[0].finding, &asked[0].gaps[..]), (Some(0), &[0, 1][..]));
        assert_eq!(
            asked[0].text,
            "The note states “L4-5: There is foraminal narrowing”. Please document, in your clinical judgment, \
             the side and the severity of this finding."
        );
        assert_eq!(
            asked[0].choices[0].options,
            ["left", "right", "bilateral", "other", "unable to determine"]
        );
        assert_eq!((asked[1].finding, &asked[1].gaps[..]), (Some(1), &[2][..]));
        assert_eq!(asked[1].indicators, ["L5-S1: Left foraminal stenosis"]);
        assert_eq!(
            asked[1].choices[0].options,
            ["mild", "moderate", "severe", "other", "unable to determine"]
        );
    }

    #[test]
    fn levels_on_offer_are_those_of_the_note_that_it_does_not_deny() {
        for (denial, expected) in [
            ("foraminal_stenosis L3-L4 absent", &["C5-C6", "L4-L5"][..]),
            ("foraminal_stenosis L3-L4 absent right", &["C5-C6", "L3-L4", "L4-L5"]),
            ("foraminal_stenosis L3-L4 absent left", &["C5-C6", "L4-L5"]),
            ("central_canal_stenosis L3-L4 absent", &["C5-C6", "L3-L4", "L4-L5"]),
        ] {
            let findings = vec![
                finding("foraminal_stenosis left moderate"),
                finding("disc_displacement L4-L5"),
                finding("disc_displacement L3-L4"),
                finding("facet_arthropathy C5-C6"),
                finding("disc_displacement L1-L2 historical"),
                finding(denial),
            ];
            let asked = asked(&audit(NoteType::Radiology, findings, None), "");
            let options = &asked[0].choices[0].options;
            assert_eq!(options[..options.len() - 2], *expected, "{denial}");
        }
    }

    #[test]
    fn a_note_that_names_no_level_leaves_the_answer_open() {
        let asked =
            asked(&audit(NoteType::Radiology, vec![finding("foraminal_stenosis left mild")], None), "");
        assert_eq!(asked[0].choices[0].options, ["other", "unable to determine"]);
        assert_eq!(
            asked[0].text,
            "The note documents foraminal stenosis (left, mild). Please document, in your clinical judgment, \
             the spinal level of this finding."
        );
    }

    #[test]
    fn the_correlation_query_cites_symptom_and_imaging() {
        let note = "Tingling thumb. MRI: severe left C5-6 foraminal stenosis. Left C6 radiculopathy?";
        let stenosis = finding_in(
            note,
            "foraminal_stenosis C5-C6 left severe",
            &["severity severe", "side left", "level C5-6", "anchor foraminal stenosis"],
        );
        let correlation = |pieces: &[&str]| {
            Some(Correlation {
                status: CorrelationStatus::Implicit,
                concordance: Concordance::Undetermined,
                evidence: evidence(note, pieces).into_iter().collect(),
            })
        };
        for (pieces, expected) in [
            (
                &["symptom Tingling thumb", "imaging MRI"][..],
                &["Tingling thumb", "MRI: severe left C5-6 foraminal stenosis"][..],
            ),
            (&["symptom Tingling thumb"], &["Tingling thumb", "severe left C5-6 foraminal stenosis"]),
            (&[], &["severe left C5-6 foraminal stenosis", "C6 radiculopathy"]),
        ] {
            let mut audit = audit(NoteType::Clinic, vec![stenosis.clone()], correlation(pieces));
            audit.radiculopathies.push(Radiculopathy {
                root: None,
                side: None,
                status: Status::Present,
                evidence: evidence(note, &["anchor C6 radiculopathy"]).into_iter().collect(),
            });
            let asked = asked(&audit, note);
            assert_eq!((asked.len(), asked[0].finding), (1, None));
            assert_eq!(asked[0].indicators, expected);
        }
    }

    #[test]
    fn a_gap_that_is_not_there_has_no_query() {
        let complete = audit(NoteType::Other, vec![finding("foraminal_stenosis L4-L5 left mild")], None);
        assert_eq!(query(&Rules::embedded().unwrap(), &complete, "", 0), None);
        assert_eq!(asked(&complete, ""), []);
    }
}
