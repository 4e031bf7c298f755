//! A run in figures, for a person who answers for documentation: what was found, what is missing, and where.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::io::{Note, Reject};
use crate::model::{Audit, Element, FindingKind, Level, NoteType, Status};

/// The figures of some notes. They hold no time and no word of a note: the same notes give the same figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Notes that were audited.
    pub notes: u64,
    /// Bytes of their decoded texts.
    pub bytes: u64,
    /// Notes without a word.
    pub empty_notes: u64,
    /// Notes whose id an earlier note had; they are kept.
    pub duplicate_ids: u64,
    /// Notes whose text an earlier note had; they are kept.
    pub duplicate_texts: u64,
    /// Records that could not be read, by the kind of reason.
    pub rejects: BTreeMap<Cow<'static, str>, u64>,
    /// Files in folders that were passed over for their ending.
    pub skipped_files: u64,
    /// Notes by what they were written for.
    pub note_types: BTreeMap<NoteType, u64>,
    /// Notes by encoding.
    pub encodings: BTreeMap<Cow<'static, str>, u64>,
    /// Findings by kind and status.
    pub findings: BTreeMap<FindingKind, BTreeMap<Status, u64>>,
    /// Gaps by element.
    pub gaps: BTreeMap<Element, GapCounts>,
    /// Flags by rule.
    pub flags: BTreeMap<Cow<'static, str>, u64>,
    /// Completeness.
    pub score: ScoreCounts,
    /// Present findings and gaps by level, from the neck down; `None` is the findings without a level.
    #[serde(serialize_with = "level_list", deserialize_with = "listed_levels")]
    pub levels: BTreeMap<Option<Level>, LevelCounts>,
}

/// Gaps of one element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapCounts {
    /// How many.
    pub gaps: u64,
    /// Notes that have one.
    pub notes: u64,
}

/// Completeness over many notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ScoreCounts {
    /// Required elements that are there.
    pub documented: u64,
    /// Required elements.
    pub required: u64,
    /// Notes of which something is required.
    pub scored_notes: u64,
    /// Notes of them that lack nothing.
    pub complete_notes: u64,
}

impl ScoreCounts {
    /// Documented over required in percent, to one decimal; `None` where nothing is required.
    pub fn percent(self) -> Option<f64> {
        percent(self.documented, self.required)
    }
}

/// What stands at one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelCounts {
    /// Present findings.
    pub present: u64,
    /// Gaps of findings.
    pub gaps: u64,
}

impl AddAssign for GapCounts {
    fn add_assign(&mut self, other: Self) {
        self.gaps += other.gaps;
        self.notes += other.notes;
    }
}

impl AddAssign for LevelCounts {
    fn add_assign(&mut self, other: Self) {
        self.present += other.present;
        self.gaps += other.gaps;
    }
}

impl AddAssign for ScoreCounts {
    fn add_assign(&mut self, other: Self) {
        self.documented += other.documented;
        self.required += other.required;
        self.scored_notes += other.scored_notes;
        self.complete_notes += other.complete_notes;
    }
}

impl Summary {
    /// Counts a note.
    pub fn add(&mut self, note: &Note<'_>, audit: &Audit) {
        self.notes += 1;
        self.bytes += note.text.len() as u64;
        self.empty_notes += u64::from(note.text.trim().is_empty());
        *self.note_types.entry(audit.note_type).or_default() += 1;
        *self.encodings.entry(note.encoding.name().into()).or_default() += 1;
        for finding in &audit.findings {
            *self.findings.entry(finding.kind).or_default().entry(finding.status).or_default() += 1;
            if finding.status == Status::Present {
                self.levels.entry(finding.level).or_default().present += 1;
            }
        }
        for &element in Element::ALL {
            let gaps = audit.gaps.iter().filter(|gap| gap.element == element).count() as u64;
            if gaps > 0 {
                *self.gaps.entry(element).or_default() += GapCounts { gaps, notes: 1 };
            }
        }
        for finding in audit.gaps.iter().filter_map(|gap| audit.findings.get(gap.finding?)) {
            self.levels.entry(finding.level).or_default().gaps += 1;
        }
        for flag in &audit.flags {
            *self.flags.entry(flag.rule.into()).or_default() += 1;
        }
        let scored = audit.score.required > 0;
        self.score += ScoreCounts {
            documented: audit.score.documented.into(),
            required: audit.score.required.into(),
            scored_notes: scored.into(),
            complete_notes: (scored && audit.score.documented >= audit.score.required).into(),
        };
    }

    /// Counts a record that could not be read.
    pub fn add_reject(&mut self, reject: &Reject) {
        *self.rejects.entry(reject.reason.name().into()).or_default() += 1;
    }

    /// Adds the figures of other notes.
    pub fn merge(&mut self, other: Self) {
        self.notes += other.notes;
        self.bytes += other.bytes;
        self.empty_notes += other.empty_notes;
        self.duplicate_ids += other.duplicate_ids;
        self.duplicate_texts += other.duplicate_texts;
        self.skipped_files += other.skipped_files;
        add_all(&mut self.rejects, other.rejects);
        add_all(&mut self.note_types, other.note_types);
        add_all(&mut self.encodings, other.encodings);
        for (kind, counts) in other.findings {
            add_all(self.findings.entry(kind).or_default(), counts);
        }
        add_all(&mut self.gaps, other.gaps);
        add_all(&mut self.flags, other.flags);
        add_all(&mut self.levels, other.levels);
        self.score += other.score;
    }

    /// Records that could not be read.
    pub fn rejected(&self) -> u64 {
        self.rejects.values().sum()
    }
}

/// Part of a whole in percent, to one decimal; `None` where the whole is nothing.
// Counts stay far below 2^52, from where on they would not be exact.
#[expect(clippy::cast_precision_loss)]
pub(crate) fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 * 1000.0 / whole as f64).round() / 10.0)
}

fn add_all<K: Ord, V: AddAssign + Default>(into: &mut BTreeMap<K, V>, from: BTreeMap<K, V>) {
    for (key, value) in from {
        *into.entry(key).or_default() += value;
    }
}

impl Serialize for ScoreCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Score", 5)?;
        object.serialize_field("documented", &self.documented)?;
        object.serialize_field("required", &self.required)?;
        object.serialize_field("percent", &self.percent())?;
        object.serialize_field("scored_notes", &self.scored_notes)?;
        object.serialize_field("complete_notes", &self.complete_notes)?;
        object.end()
    }
}

#[derive(Serialize, Deserialize)]
struct AtLevel {
    level: Option<Level>,
    #[serde(flatten)]
    counts: LevelCounts,
}

fn listed_levels<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<Option<Level>, LevelCounts>, D::Error> {
    let levels = Vec::<AtLevel>::deserialize(deserializer)?;
    Ok(levels.into_iter().map(|at| (at.level, at.counts)).collect())
}

fn level_list<S: Serializer>(
    levels: &BTreeMap<Option<Level>, LevelCounts>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(levels.iter().map(|(&level, &counts)| AtLevel { level, counts }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{Encoding, Place};
    use crate::model::{EvidenceList, Finding, Gap, Score, SectionKind};

    fn audit(status: Status, gap: bool) -> Audit {
        let finding = Finding {
            kind: FindingKind::ForaminalStenosis,
            subtype: None,
            level: Some("L4-L5".parse().unwrap()),
            side: None,
            severity: None,
            status,
            root: None,
            grade: None,
            section: SectionKind::Findings,
            evidence: EvidenceList::new(),
        };
        let gaps = gap.then_some(Gap {
            rule: "NF002",
            element: Element::Laterality,
            finding: Some(0),
            procedure: None,
        });
        Audit {
            findings: vec![finding],
            gaps: gaps.into_iter().collect(),
            score: Score { documented: 3 - u32::from(gap), required: 3 },
            ..Audit::empty(NoteType::Radiology)
        }
    }

    #[test]
    fn merged_figures_are_those_of_all_notes() {
        let place = Place { file: "f".into(), record: None, offset: None };
        let note = Note {
            id: "n".into(),
            note_type: None,
            patient_id: None,
            provider: None,
            facility: None,
            service_date: None,
            setting: None,
            payer: None,
            ignore: Vec::new(),
            text: "four".into(),
            encoding: Encoding::Utf8,
            place,
        };
        let audits =
            [audit(Status::Present, true), audit(Status::Absent, false), audit(Status::Present, true)];
        let (mut whole, mut merged) = (Summary::default(), Summary::default());
        for audit in &audits {
            whole.add(&note, audit);
            let mut one = Summary::default();
            one.add(&note, audit);
            merged.merge(one);
        }
        assert_eq!(whole, merged);
        let json = serde_json::to_value(&whole).unwrap();
        assert_eq!(json["findings"]["foraminal_stenosis"], serde_json::json!({"present": 2, "absent": 1}));
        assert_eq!(json["gaps"]["laterality"], serde_json::json!({"gaps": 2, "notes": 2}));
        assert_eq!(json["levels"], serde_json::json!([{"level": "L4-L5", "present": 2, "gaps": 2}]));
        assert_eq!(
            json["score"],
            serde_json::json!({"documented": 7, "required": 9, "percent": 77.8, "scored_notes": 3, "complete_notes": 1})
        );
    }
}
