//! A run in figures, for a person who answers for documentation: what was found, what is missing, where, and whose.
//!
//! Figures of parts are merged into those of the whole, in any grouping that keeps the order of the input; they go to
//! JSON and back. Their size does not grow with the number of notes.

mod counts;
mod heat;
mod keyed;
mod passages;
mod worst;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::io::{Note, Reject};
use crate::model::{Audit, Date, DateOrigin, Element, FindingKind, Level, NoteType, Status};

use counts::add_all;

pub(crate) use counts::percent;
pub use counts::{GapCounts, Group, LevelCounts, ScoreCounts};
pub use heat::{Cell, HeatMap};
pub use keyed::Keyed;
pub(super) use keyed::MOST_KEYS;
pub use passages::Passage;
pub use worst::{Asked, WorstNote, WorstNotes};

/// The figures of some notes. They hold no time, and no word of a note but in `worst`: the same notes give the same
/// figures.
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
    #[serde(with = "level_list")]
    pub levels: BTreeMap<Option<Level>, LevelCounts>,
    /// Present findings by kind, level, side and severity.
    pub heat: HeatMap,
    /// By what the notes were written for.
    pub note_types: BTreeMap<NoteType, Group>,
    /// By who wrote them.
    pub providers: Keyed,
    /// By where they were written.
    pub facilities: Keyed,
    /// By the month of service, as `YYYY-MM`.
    pub months: Keyed,
    /// The notes that lack the most.
    pub worst: WorstNotes,
}

impl Summary {
    /// Counts a note. Whether it is one of the worst is asked apart, of [`WorstNotes`].
    pub fn add(&mut self, note: &Note<'_>, audit: &Audit) {
        self.notes += 1;
        self.bytes += note.text.len() as u64;
        self.empty_notes += u64::from(note.text.trim().is_empty());
        *self.encodings.entry(note.encoding.name().into()).or_default() += 1;
        for finding in &audit.findings {
            *self.findings.entry(finding.kind).or_default().entry(finding.status).or_default() += 1;
            if finding.status == Status::Present {
                self.levels.entry(finding.level).or_default().present += 1;
            }
            self.heat.add(finding);
        }
        for finding in audit.gaps.iter().filter_map(|gap| audit.findings.get(gap.finding?)) {
            self.levels.entry(finding.level).or_default().gaps += 1;
        }
        for flag in &audit.flags {
            *self.flags.entry(flag.rule.into()).or_default() += 1;
        }
        let figures = Group::of(audit);
        add_all(&mut self.gaps, figures.gaps.clone());
        self.score += figures.score;
        self.note_types.entry(audit.note_type).or_default().add(&figures);
        self.providers.add(note.provider.as_deref(), &figures);
        self.facilities.add(note.facility.as_deref(), &figures);
        self.months.add(day_of(note, audit).map(month).as_deref(), &figures);
    }

    /// Counts a record that could not be read.
    pub fn add_reject(&mut self, reject: &Reject) {
        *self.rejects.entry(reject.reason.name().into()).or_default() += 1;
    }

    /// Adds the figures of notes that come later in the input.
    pub fn merge(&mut self, later: Self) {
        self.notes += later.notes;
        self.bytes += later.bytes;
        self.empty_notes += later.empty_notes;
        self.duplicate_ids += later.duplicate_ids;
        self.duplicate_texts += later.duplicate_texts;
        self.skipped_files += later.skipped_files;
        add_all(&mut self.rejects, later.rejects);
        add_all(&mut self.encodings, later.encodings);
        for (kind, counts) in later.findings {
            add_all(self.findings.entry(kind).or_default(), counts);
        }
        add_all(&mut self.gaps, later.gaps);
        add_all(&mut self.flags, later.flags);
        add_all(&mut self.levels, later.levels);
        self.score += later.score;
        self.heat.merge(later.heat);
        for (note_type, figures) in &later.note_types {
            self.note_types.entry(*note_type).or_default().add(figures);
        }
        self.providers.merge(&later.providers);
        self.facilities.merge(&later.facilities);
        self.months.merge(&later.months);
        self.worst.merge(later.worst);
    }

    /// Records that could not be read.
    pub fn rejected(&self) -> u64 {
        self.rejects.values().sum()
    }
}

/// The day of service, where the note or its record states one.
fn day_of(note: &Note<'_>, audit: &Audit) -> Option<Date> {
    let stated = audit.service.filter(|service| service.origin != DateOrigin::Assumed);
    note.service_date.or(stated.map(|service| service.day))
}

fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The levels as a list, which keeps their order and the one that is not stated.
mod level_list {
    use super::{BTreeMap, Deserialize, Deserializer, Level, LevelCounts, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct AtLevel {
        level: Option<Level>,
        #[serde(flatten)]
        counts: LevelCounts,
    }

    pub(super) fn serialize<S: Serializer>(
        levels: &BTreeMap<Option<Level>, LevelCounts>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(levels.iter().map(|(&level, &counts)| AtLevel { level, counts }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Option<Level>, LevelCounts>, D::Error> {
        let list = Vec::<AtLevel>::deserialize(deserializer)?;
        Ok(list.into_iter().map(|at| (at.level, at.counts)).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::checks::sample::finding_in;
    use crate::checks::{Rules, Settings, completeness};
    use crate::io::{Encoding, Place, Reason};
    use crate::model::{EvidenceList, Flag, FlagLevel};

    static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::embedded().unwrap());

    /// A note of some findings, each its values and its words, and who wrote it when.
    fn note<'n>(text: &'n str, provider: Option<&'n str>, day: Option<&str>) -> Note<'n> {
        Note {
            id: "n".into(),
            note_type: None,
            patient_id: None,
            provider: provider.map(Into::into),
            facility: None,
            service_date: day.map(|day| day.parse().unwrap()),
            setting: None,
            payer: None,
            ignore: Vec::new(),
            text: text.into(),
            encoding: Encoding::Utf8,
            place: Place { file: "f".into(), record: Some(1), offset: None },
        }
    }

    fn audit(text: &str, findings: &[&str]) -> Audit {
        let findings: Vec<_> =
            findings.iter().map(|values| finding_in(text, values, &["anchor narrow"])).collect();
        let owed = completeness(NoteType::Radiology, &findings, None, &Settings::default());
        Audit { score: owed.score(), gaps: owed.gaps, findings, ..Audit::empty(NoteType::Radiology) }
    }

    /// The figures of notes alone, with the worst of them.
    fn summary(notes: &[(Note<'_>, Audit)]) -> Summary {
        let mut summary = Summary::default();
        for (note, audit) in notes {
            summary.add(note, audit);
            summary.worst.consider(&RULES, note, audit, true);
        }
        summary
    }

    #[test]
    fn what_is_found_and_missing_is_counted() {
        let text = "the canal is narrow";
        let texts: [&[&str]; 3] = [
            &["foraminal_stenosis L4-L5 left", "foraminal_stenosis L4-L5 mild"],
            &["foraminal_stenosis L4-L5 left absent"],
            &["foraminal_stenosis L4-L5 left severe", "central_canal_stenosis"],
        ];
        let notes: Vec<_> = texts
            .iter()
            .zip(["2024-02-29", "2024-02-01", "2024-03-01"])
            .map(|(findings, day)| (note(text, Some("Dr. A"), Some(day)), audit(text, findings)))
            .collect();
        let json = serde_json::to_value(summary(&notes)).unwrap();
        assert_eq!(json["findings"]["foraminal_stenosis"], serde_json::json!({"present": 3, "absent": 1}));
        assert_eq!(json["gaps"]["laterality"], serde_json::json!({"gaps": 1, "notes": 1}));
        let levels = serde_json::json!([
            {"level": null, "present": 1, "gaps": 0}, {"level": "L4-L5", "present": 3, "gaps": 2}
        ]);
        assert_eq!(json["levels"], levels);
        let score = serde_json::json!({
            "documented": 7, "required": 9, "percent": 77.8, "scored_notes": 2, "complete_notes": 1
        });
        assert_eq!(json["score"], score);
        let cell = |side, severity, present| {
            serde_json::json!({
                "kind": "foraminal_stenosis", "level": "L4-L5", "side": side, "severity": severity, "present": present
            })
        };
        let cells =
            [cell(None, Some("mild"), 1), cell(Some("left"), None, 1), cell(Some("left"), Some("severe"), 1)];
        assert_eq!(json["heat"].as_array().unwrap()[..3], cells);
        assert_eq!(json["providers"]["keys"]["Dr. A"]["notes"], 3);
        assert_eq!(json["facilities"]["unstated"]["notes"], 3);
        assert_eq!(json["months"]["keys"]["2024-02"]["notes"], 2);
        assert_eq!(json["note_types"]["radiology"]["score"], score);
    }

    #[test]
    fn the_worst_note_is_kept_with_queries_and_words() {
        let text = "Levels below: the foramen is narrow.";
        let found = [(note(text, None, None), audit(text, &["foraminal_stenosis left"]))];
        let worst = serde_json::to_value(&summary(&found).worst).unwrap();
        let expected = serde_json::json!([{
            "note_id": "n", "file": "f", "record": 1, "offset": null, "bytes": 36, "note_type": "radiology", "missing": 2,
            "score": {"documented": 1, "required": 3},
            "queries": [{
                "rules": ["NF001", "NF003"],
                "about": "foraminal stenosis (left)",
                "text": "The note states “narrow”. Please document, in your clinical judgment, the spinal level and the \
                         severity of this finding.",
                "choices": [
                    {"element": "level", "options": ["other", "unable to determine"]},
                    {"element": "severity", "options": ["mild", "moderate", "severe", "other", "unable to determine"]},
                ],
            }],
            "more_queries": 0,
            "passages": [{"start": 0, "text": text, "marks": [{"start": 29, "end": 35}]}],
        }]);
        assert_eq!(worst, expected);
        let mut silent = WorstNotes::default();
        silent.consider(&RULES, &found[0].0, &found[0].1, false);
        let silent = serde_json::to_string(&silent).unwrap();
        assert!(!silent.contains("narrow") && silent.contains("foraminal stenosis (left)"), "{silent}");
    }

    #[test]
    fn a_note_of_any_size_takes_little_room_among_the_worst() {
        let text = "narrow ".repeat(20_000);
        let findings = vec!["foraminal_stenosis"; 5_000];
        let mut note = note(&text, None, None);
        note.id = "i".repeat(10 << 20).into();
        let worst = summary(&[(note, audit(&text, &findings))]).worst;
        let kept = worst.iter().next().unwrap();
        assert_eq!((kept.missing, kept.queries.len() as u64 + kept.more_queries), (15_000, 5_000));
        assert!(serde_json::to_string(&worst).unwrap().len() < 40_000);
    }

    /// Notes that differ in all that is counted.
    fn notes() -> impl Strategy<Value = Vec<(Note<'static>, Audit)>> {
        const TEXT: &str = "it is narrow";
        const FINDINGS: &[&str] = &[
            "foraminal_stenosis",
            "foraminal_stenosis left",
            "foraminal_stenosis L4-L5 right severe",
            "foraminal_stenosis L4-L5 absent",
            "central_canal_stenosis C3-C4 mild",
        ];
        let provider = proptest::option::of(prop_oneof![Just("Dr. A"), Just("Dr. B"), Just("Dr. C")]);
        let day = proptest::option::of(prop_oneof![Just("2023-12-31"), Just("2024-01-01")]);
        let one = (vec(proptest::sample::select(FINDINGS), 0..4), provider, day, 0..3_usize);
        let one = one.prop_map(|(findings, provider, day, flags)| {
            let mut audit = audit(TEXT, &findings);
            let flag = Flag {
                rule: if findings.len() > 1 { "NC001" } else { "NC002" },
                level: FlagLevel::Info,
                message: String::new(),
                evidence: EvidenceList::new(),
            };
            audit.flags = vec![flag; flags];
            let mut note = note(TEXT, None, day);
            note.provider = provider.map(Into::into);
            (note, audit)
        });
        vec(one, 0..90).prop_map(|mut notes| {
            for (at, (note, _)) in notes.iter_mut().enumerate() {
                note.id = at.to_string().into();
            }
            notes
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn any_grouping_gives_the_same_figures(notes in notes(), cuts in vec(0..90_usize, 0..6)) {
            let whole = summary(&notes);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(notes.len())).collect();
            cuts.sort_unstable();
            let starts = std::iter::once(0).chain(cuts.iter().copied());
            let ends = cuts.iter().copied().chain(std::iter::once(notes.len()));
            let parts: Vec<Summary> = starts.zip(ends).map(|(start, end)| summary(&notes[start..end])).collect();
            let mut merged = Summary::default();
            for part in &parts {
                // Parts come from JSON where a run is resumed.
                merged.merge(serde_json::from_str(&serde_json::to_string(part).unwrap()).unwrap());
            }
            prop_assert_eq!(&merged, &whole);
            // From the back, two by two.
            let folded = parts.into_iter().rev().reduce(|later, mut part| { part.merge(later); part });
            prop_assert_eq!(folded.as_ref(), Some(&whole));
        }

        #[test]
        fn what_a_rising_floor_leaves_out_is_never_missed(notes in notes(), part in 1..9_usize) {
            let mut merged = WorstNotes::default();
            for some in notes.chunks(part) {
                let mut worst = WorstNotes::above(merged.floor());
                for (note, audit) in some {
                    worst.consider(&RULES, note, audit, false);
                }
                merged.merge(worst);
            }
            let mut whole = WorstNotes::default();
            for (note, audit) in &notes {
                whole.consider(&RULES, note, audit, false);
            }
            prop_assert_eq!(merged, whole);
        }
    }

    #[test]
    fn rejects_are_counted_by_reason() {
        let place = Place { file: "f".into(), record: None, offset: None };
        let mut summary = Summary::default();
        for reason in [Reason::NotAnObject, Reason::NotAnObject, Reason::Utf16("JSON Lines")] {
            summary.add_reject(&Reject { place: place.clone(), reason });
        }
        let mut twice = summary.clone();
        twice.merge(summary);
        assert_eq!((twice.rejected(), twice.rejects["not_an_object"]), (6, 4));
    }
}
