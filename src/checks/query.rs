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

use serde::Serialize;

use crate::model::{Audit, Element, Evidence, Finding, Gap, Level, Role, Side, Status};

use super::completeness::is_owing;
use super::describe::describe;
use super::indicators::indicators;
use super::rules::fill;
use super::{QueryTemplate, Rules};

/// The answers offered for one element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is missing.
    pub element: Element,
    /// The answers.
    pub options: Vec<String>,
}

/// A question to the clinician about one finding, or about the note as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Query {
    /// The finding, as an index into [`Audit::findings`]; `None` for the note as a whole.
    pub finding: Option<usize>,
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

/// The queries of a note: one for each finding with gaps, and one for the note's own gaps.
///
/// `note` is the text that was audited; pass an empty one for queries without any word of it.
pub fn queries(rules: &Rules, audit: &Audit, note: &str) -> Vec<Query> {
    let mut groups: Vec<(Option<usize>, Vec<usize>)> = Vec::new();
    for (index, gap) in audit.gaps.iter().enumerate() {
        match groups.iter_mut().find(|(finding, _)| *finding == gap.finding) {
            Some((_, gaps)) => gaps.push(index),
            None => groups.push((gap.finding, vec![index])),
        }
    }
    groups.into_iter().map(|(finding, gaps)| ask(rules, audit, note, finding, gaps)).collect()
}

/// The query for one gap alone, by its index into [`Audit::gaps`]; `None` where there is no such gap.
pub fn query(rules: &Rules, audit: &Audit, note: &str, gap: usize) -> Option<Query> {
    let finding = audit.gaps.get(gap)?.finding;
    Some(ask(rules, audit, note, finding, vec![gap]))
}

fn ask(rules: &Rules, audit: &Audit, note: &str, finding: Option<usize>, gaps: Vec<usize>) -> Query {
    let subject = Subject::of(audit, finding);
    let indicators = indicators(note, &subject.evidence);
    let missing: Vec<(&Gap, &QueryTemplate)> = gaps
        .iter()
        .filter_map(|&gap| audit.gaps.get(gap))
        .filter_map(|gap| Some((gap, rules.get(gap.rule)?.query.as_ref()?)))
        .collect();
    let choices = missing
        .iter()
        .map(|&(gap, template)| Choice {
            element: gap.element,
            options: options(rules, audit, gap, template),
        })
        .collect();
    let asks: Vec<&str> = missing.iter().map(|(_, template)| template.ask.as_str()).collect();
    let text = text(rules, &subject, &indicators, &asks);
    Query { finding, gaps, text, indicators, evidence: subject.evidence, choices }
}

/// What a query is about.
struct Subject<'a> {
    findings: Vec<&'a Finding>,
    evidence: Vec<Evidence>,
    is_note: bool,
}

impl<'a> Subject<'a> {
    fn of(audit: &'a Audit, finding: Option<usize>) -> Self {
        let mut subject = match finding {
            Some(index) => {
                let findings: Vec<&Finding> = audit.findings.get(index).into_iter().collect();
                let evidence = evidence_of(&findings);
                Self { findings, evidence, is_note: false }
            }
            None => Self::note(audit),
        };
        subject.evidence.sort_unstable_by_key(|e| (e.span.start, e.span.end, e.role));
        subject.evidence.dedup();
        subject
    }

    /// The note as a whole: its foraminal findings, what its correlation points to, and its radiculopathies where
    /// that is no symptom.
    fn note(audit: &'a Audit) -> Self {
        let findings: Vec<&Finding> = audit.findings.iter().filter(|f| is_owing(f)).collect();
        let mut evidence = evidence_of(&findings);
        evidence.extend(audit.correlation.iter().flat_map(|c| c.evidence.iter().copied()));
        if !evidence.iter().any(|e| e.role == Role::Symptom) {
            let present = audit.radiculopathies.iter().filter(|r| r.status == Status::Present);
            evidence.extend(present.flat_map(|r| r.evidence.iter().copied()));
        }
        Self { findings, evidence, is_note: true }
    }
}

fn evidence_of(findings: &[&Finding]) -> Vec<Evidence> {
    findings.iter().flat_map(|f| f.evidence.iter().copied()).collect()
}

fn text(rules: &Rules, subject: &Subject<'_>, indicators: &[String], asks: &[&str]) -> String {
    let frame = &rules.frame;
    let opening = if indicators.is_empty() {
        let findings: Vec<String> = subject.findings.iter().map(|f| describe(f, |_| true)).collect();
        fill(&frame.describe, &[("findings", &join(&findings, &frame.and))])
    } else {
        let quoted: Vec<String> = indicators.iter().map(|words| format!("“{words}”")).collect();
        fill(&frame.cite, &[("indicators", &join(&quoted, &frame.and))])
    };
    let ask = if subject.is_note { &frame.ask_note } else { &frame.ask_finding };
    let elements = join(asks, &frame.and);
    format!("{opening} {}", fill(ask, &[("elements", &elements)]))
}

/// "a", "a and b", "a, b and c".
fn join<S: AsRef<str>>(items: &[S], and: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

fn options(rules: &Rules, audit: &Audit, gap: &Gap, template: &QueryTemplate) -> Vec<String> {
    let mut options = template.options.clone();
    if template.levels_of_note {
        let finding = gap.finding.and_then(|index| audit.findings.get(index));
        options.extend(supported_levels(audit, finding).iter().map(Level::to_string));
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
        Audit { findings, correlation, gaps: found.gaps, score: found.score, ..Audit::empty(note_type) }
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
