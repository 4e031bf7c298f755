//! The comparison of one note, and the figures of many.
//!
//! Figures are micro-averages: all facts of all notes count the same.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::checks::{Settings, completeness};
use crate::model::{Audit, CorrelationStatus, FindingKind, Gap, ProcedureFamily, Status};

use super::contradictions::{Disagreement, contradictions};
use super::counts::{ByKind, Counts, Matched, rate};
use super::facts::{self, Aspect, Fact, GapFact, Loose, ProcedureFact, RootFact};
use super::gold::GoldNote;

/// One note compared with its gold.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The note and its gold facts.
    pub note: GoldNote,
    /// What the engine says of it.
    pub audit: Audit,
    /// Findings, strictly: every value has to agree.
    pub findings: Matched<Fact>,
    /// Procedures, strictly.
    pub procedures: Matched<ProcedureFact>,
    /// Radiculopathies, strictly.
    pub radiculopathies: Matched<RootFact>,
    /// The gaps that gold's facts leave against those of the audit.
    pub gaps: Matched<GapFact>,
    /// Contradictions.
    pub contradictions: Matched<Disagreement>,
}

impl Scored {
    /// Compares the audit of a note with the note's gold.
    pub fn new(note: GoldNote, audit: Audit) -> Self {
        let expected = expected_gaps(&note);
        Self {
            findings: Matched::of(
                facts::findings(&note.findings).into_keys(),
                facts::findings(&audit.findings).into_keys(),
            ),
            procedures: Matched::of(
                facts::procedures(&note.procedures).into_keys(),
                facts::procedures(&audit.procedures).into_keys(),
            ),
            radiculopathies: Matched::of(
                facts::radiculopathies(&note.radiculopathies).into_keys(),
                facts::radiculopathies(&audit.radiculopathies).into_keys(),
            ),
            gaps: Matched::of(
                facts::gaps(&expected, &note.findings).into_keys(),
                facts::gaps(&audit.gaps, &audit.findings).into_keys(),
            ),
            contradictions: contradictions(&note.contradictions, &audit),
            note,
            audit,
        }
    }
}

/// The gaps that a perfect reading of the note would report.
fn expected_gaps(note: &GoldNote) -> Vec<Gap> {
    // Who says that imaging and symptoms do not belong together has answered, too (NF004).
    let told = note.correlation.map(|c| if note.correlation_told { CorrelationStatus::Explicit } else { c });
    completeness(note.note_type, &note.findings, told, &Settings::default()).gaps
}

/// How often a label is right, with every pair of gold and audit counted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Confusion {
    /// Notes that gold labels.
    pub labelled: u32,
    /// Those of them where the audit agrees.
    pub correct: u32,
    /// `correct` of `labelled`.
    pub accuracy: Option<f64>,
    /// Gold label → audit label → notes.
    pub matrix: BTreeMap<&'static str, BTreeMap<&'static str, u32>>,
}

/// The name of an absent label.
pub(super) const UNASKED: &str = "null";

impl Confusion {
    fn of(pairs: impl Iterator<Item = (Option<&'static str>, Option<&'static str>)>) -> Self {
        let mut confusion = Self::default();
        for (gold, audit) in pairs {
            let row = confusion.matrix.entry(gold.unwrap_or(UNASKED)).or_default();
            *row.entry(audit.unwrap_or(UNASKED)).or_default() += 1;
            confusion.labelled += u32::from(gold.is_some());
            confusion.correct += u32::from(gold.is_some() && gold == audit);
        }
        confusion.accuracy = rate(confusion.correct, confusion.labelled);
        confusion
    }
}

/// The labels of correlation, gold's and the audit's.
pub(super) fn correlation(scored: &Scored) -> (Option<&'static str>, Option<&'static str>) {
    (
        scored.note.correlation.map(CorrelationStatus::name),
        scored.audit.correlation.as_ref().map(|c| c.status.name()),
    )
}

/// The labels of conservative care, gold's and the audit's.
pub(super) fn conservative_care(scored: &Scored) -> (Option<&'static str>, Option<&'static str>) {
    let name = |documented| if documented { "true" } else { "false" };
    (
        scored.note.conservative_care.map(name),
        scored.audit.conservative_care.as_ref().map(|c| name(c.documented)),
    )
}

/// The figures of a set of notes.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figures {
    /// How many notes.
    pub notes: u32,
    /// Findings: kind, level, side, severity and status all agree.
    pub findings: ByKind<FindingKind>,
    /// The same by the status of the fact.
    pub by_kind_and_status: BTreeMap<FindingKind, BTreeMap<Status, Counts>>,
    /// Looser comparisons.
    pub aspects: BTreeMap<Aspect, ByKind<FindingKind>>,
    /// Gaps.
    pub gaps: Counts,
    /// Radiculopathies: root, side and status agree.
    pub radiculopathies: Counts,
    /// Contradictions of findings.
    pub contradictions: Counts,
    /// Correlation.
    pub correlation: Confusion,
    /// Conservative care.
    pub conservative_care: Confusion,
    /// Procedures: family, level, side and status agree.
    pub procedures: ByKind<ProcedureFamily>,
}

impl Figures {
    /// Sums up notes.
    pub fn of(notes: &[&Scored]) -> Self {
        let mut figures = Self { notes: notes.len() as u32, ..Self::default() };
        let mut by_status = BTreeMap::new();
        for scored in notes {
            figures.findings.add(&scored.findings, |f: &Fact| f.kind);
            scored.findings.count_by(|f| (f.kind, f.status), &mut by_status);
            for &aspect in Aspect::ALL {
                let matched =
                    Matched::of(aspect.of(&scored.note.findings), aspect.of(&scored.audit.findings));
                figures.aspects.entry(aspect).or_default().add(&matched, |l: &Loose| l.kind);
            }
            figures.gaps += scored.gaps.counts();
            figures.radiculopathies += scored.radiculopathies.counts();
            figures.contradictions += scored.contradictions.counts();
            figures.procedures.add(&scored.procedures, |p: &ProcedureFact| p.family);
        }
        for ((kind, status), counts) in by_status {
            figures.by_kind_and_status.entry(kind).or_default().insert(status, counts);
        }
        figures.correlation = Confusion::of(notes.iter().map(|s| correlation(s)));
        figures.conservative_care = Confusion::of(notes.iter().map(|s| conservative_care(s)));
        figures
    }
}

/// The figures of all notes, and of the parts that they fall into.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// All notes.
    pub all: Figures,
    /// By where the notes come from.
    pub by_source: BTreeMap<String, Figures>,
    /// By file.
    pub by_file: BTreeMap<String, Figures>,
    /// By what the notes were written for.
    pub by_note_type: BTreeMap<String, Figures>,
}

impl Evaluation {
    /// Sums up notes.
    pub fn of(scored: &[Scored]) -> Self {
        Self {
            all: Figures::of(&scored.iter().collect::<Vec<_>>()),
            by_source: parts(scored, |s| s.note.source.clone()),
            by_file: parts(scored, |s| s.note.file.clone()),
            by_note_type: parts(scored, |s| s.note.note_type.to_string()),
        }
    }
}

fn parts(scored: &[Scored], part: impl Fn(&Scored) -> String) -> BTreeMap<String, Figures> {
    let mut groups: BTreeMap<String, Vec<&Scored>> = BTreeMap::new();
    for note in scored {
        groups.entry(part(note)).or_default().push(note);
    }
    groups.into_iter().map(|(name, notes)| (name, Figures::of(&notes))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::sample::{audit, finding, note};
    use crate::model::{Between, Contradiction, Element, Gap};

    fn strict(gold: &[&str], found: &[&str]) -> (u32, u32, u32) {
        let scored = Scored::new(note("", gold), audit(found.iter().map(|f| finding(f)).collect()));
        let Counts { tp, fp, fn_ } = scored.findings.counts();
        (tp, fp, fn_)
    }

    #[test]
    fn every_value_has_to_agree_and_both_sides_count_as_two() {
        let left = "foraminal_stenosis L4-L5 left mild present";
        let right = "foraminal_stenosis L4-L5 right mild present";
        let both = "foraminal_stenosis L4-L5 bilateral mild present";
        let unsided = "foraminal_stenosis L4-L5 - mild present";
        for (gold, found, counts) in [
            (&[left][..], &[left][..], (1, 0, 0)),
            (&[both], &[left, right], (2, 0, 0)),
            (&[left, right], &[both], (2, 0, 0)),
            (&[both], &[left], (1, 0, 1)),
            (&[left], &[both], (1, 1, 0)),
            (&[left], &[left, left], (1, 0, 0)),
            (&[both], &[unsided], (0, 1, 2)),
            (&[left], &["foraminal_stenosis L4-L5 left - present"], (0, 1, 1)),
            (&[left], &["foraminal_stenosis L4-L5 left mild possible"], (0, 1, 1)),
            (&[left], &["foraminal_stenosis L4 left mild present"], (0, 1, 1)),
            (&[left], &["lateral_recess_stenosis L4-L5 left mild present"], (0, 1, 1)),
            (&[], &[left], (0, 1, 0)),
            (&[], &[], (0, 0, 0)),
        ] {
            assert_eq!(strict(gold, found), counts, "{gold:?} against {found:?}");
        }
    }

    #[test]
    fn figures_are_kept_by_kind_status_source_and_aspect() {
        let gold = ["foraminal_stenosis L4-L5 left mild present", "disc_displacement L5-S1 - - absent"];
        let found = ["foraminal_stenosis L4-L5 left severe present", "disc_displacement L5-S1 - - absent"];
        let scored = Scored::new(note("", &gold), audit(found.iter().map(|f| finding(f)).collect()));
        let evaluation = Evaluation::of(&[scored]);
        let (foramen, disc) = (FindingKind::ForaminalStenosis, FindingKind::DiscDisplacement);
        let wrong = Counts { tp: 0, fp: 1, fn_: 1 };
        let right = Counts { tp: 1, fp: 0, fn_: 0 };
        assert_eq!(evaluation.all.findings.by_kind[&foramen], wrong);
        assert_eq!(evaluation.all.by_kind_and_status[&disc][&Status::Absent], right);
        assert_eq!(evaluation.all.aspects[&Aspect::LevelSide].by_kind[&foramen], right);
        assert_eq!(evaluation.all.aspects[&Aspect::LevelSeverity].by_kind[&foramen], wrong);
        assert_eq!(evaluation.all.aspects[&Aspect::LevelSubtype].overall, right);
        assert_eq!(evaluation.by_source["s"].findings.overall.f1(), Some(0.5));
        assert_eq!(evaluation.by_note_type["clinic"].notes, 1);
    }

    #[test]
    fn labels_are_judged_where_gold_has_one() {
        let confusion = Confusion::of(
            [
                (Some("explicit"), Some("explicit")),
                (Some("none"), Some("explicit")),
                (Some("none"), None),
                (None, Some("implicit")),
            ]
            .into_iter(),
        );
        assert_eq!((confusion.labelled, confusion.correct, confusion.accuracy), (3, 1, Some(0.3333)));
        assert_eq!(confusion.matrix["none"], BTreeMap::from([("explicit", 1), ("null", 1)]));
        assert_eq!(confusion.matrix["null"], BTreeMap::from([("implicit", 1)]));
    }

    #[test]
    fn a_contradiction_of_level_may_name_either_level() {
        let pair = vec![
            finding("disc_displacement L4-L5 right - present"),
            finding("disc_displacement L5-S1 right - present"),
        ];
        for (level, between, hits) in
            [("L5-S1", Between::Level, 1), ("L4-L5", Between::Level, 1), ("L5-S1", Between::Side, 0)]
        {
            let mut gold = note("", &[]);
            gold.contradictions.push(crate::eval::GoldContradiction {
                kind: "disc_displacement".to_owned(),
                level: level.parse().ok(),
                between,
            });
            let mut found = audit(pair.clone());
            found.contradictions.push(Contradiction { between: Between::Level, first: 0, second: 1 });
            assert_eq!(Scored::new(gold, found).contradictions.counts().tp, hits, "{level} {between}");
        }
    }

    #[test]
    fn gaps_are_those_that_golds_own_facts_leave() {
        let gold = note("", &["foraminal_stenosis L4-L5 bilateral - present"]);
        let mut found = audit(vec![finding("foraminal_stenosis L4-L5 left - present")]);
        found.gaps.push(Gap { rule: "X", element: Element::Severity, finding: Some(0), procedure: None });
        let gaps = Scored::new(gold, found).gaps;
        assert_eq!(gaps.hit.len(), 1);
        let missed: Vec<_> = gaps.missing.iter().map(|g| (g.element, g.side)).collect();
        assert_eq!(
            missed,
            [(Element::Severity, Some(crate::model::Side::Right)), (Element::Correlation, None)]
        );
        assert!(gaps.spurious.is_empty());
    }
}
