//! Measuring the context stage alone: sentences with one condition each, labelled by people as denied, past,
//! conditional, or another person's.
//!
//! The file has a heading and tab-separated columns: a number, the condition, the sentence with the condition in
//! capitals, negation (`Negated`, `Affirmed`, `Possible`), temporality (`Recent`, `Historical`, `Hypothetical` or
//! `Not particular`) and experiencer (`Patient`, `Other` or `Family member`). It is the layout of the test set of
//! Chapman's `NegEx` and `ConText`, where `Not particular` is the label of conditional statements.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use crate::model::Status;
use crate::text::{FoldSpan, Folded, Span};

use super::counts::Counts;

/// A labelled sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledSentence {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The condition.
    pub condition: String,
    /// The sentence.
    pub sentence: String,
    /// What is said of the condition; empty where it is there now, and the patient's own.
    pub labels: Vec<Status>,
}

/// Labelled sentences could not be read.
#[derive(Debug, thiserror::Error)]
pub enum AssertionError {
    /// The file could not be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line has too few or too many columns.
    #[error("{}:{line}: {found} tab-separated columns where 6 are due: number, condition, sentence, negation, temporality, experiencer", path.display())]
    Columns {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// How many columns it has.
        found: usize,
    },
    /// A label is not known.
    #[error("{}:{line}: the {column} is none of {}", path.display(), known.join(", "))]
    Label {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Which column.
        column: &'static str,
        /// What may stand there.
        known: Vec<&'static str>,
    },
}

/// A label as the file writes it, in lower case, and what it says; nothing for the plain case.
type Labels = [(&'static str, Option<Status>)];

const NEGATION: &Labels =
    &[("affirmed", None), ("negated", Some(Status::Absent)), ("possible", Some(Status::Possible))];
const TEMPORALITY: &Labels = &[
    ("recent", None),
    ("historical", Some(Status::Historical)),
    ("hypothetical", Some(Status::Hypothetical)),
    ("not particular", Some(Status::Hypothetical)),
];
const EXPERIENCER: &Labels =
    &[("patient", None), ("other", Some(Status::Family)), ("family member", Some(Status::Family))];

/// Reads labelled sentences.
///
/// # Errors
/// When the file cannot be read, a line has not six columns, or a label is not known.
pub fn read_sentences(path: &Path) -> Result<Vec<LabelledSentence>, AssertionError> {
    let text =
        fs::read_to_string(path).map_err(|source| AssertionError::Io { path: path.to_owned(), source })?;
    let rows = text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty());
    rows.map(|(index, row)| read_row(path, index + 1, row)).collect()
}

fn read_row(path: &Path, line: usize, row: &str) -> Result<LabelledSentence, AssertionError> {
    let columns: Vec<&str> = row.split('\t').collect();
    let &[_, condition, sentence, negation, temporality, experiencer] = columns.as_slice() else {
        return Err(AssertionError::Columns { path: path.to_owned(), line, found: columns.len() });
    };
    let mut labels = Vec::new();
    for (column, label, known) in [
        ("negation", negation, NEGATION),
        ("temporality", temporality, TEMPORALITY),
        ("experiencer", experiencer, EXPERIENCER),
    ] {
        let Some((_, says)) = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(label.trim())) else {
            let known = known.iter().map(|(name, _)| *name).collect();
            return Err(AssertionError::Label { path: path.to_owned(), line, column, known });
        };
        labels.extend(*says);
    }
    Ok(LabelledSentence { line, condition: condition.to_owned(), sentence: sentence.to_owned(), labels })
}

impl LabelledSentence {
    /// Where the condition stands in the sentence, in bytes: where it is in capitals, else where it is first.
    pub fn target(&self) -> Option<Span> {
        let (sentence, condition) = (Folded::new(&self.sentence), Folded::new(&self.condition));
        let len = condition.text().len() as u32;
        let places = sentence.text().match_indices(condition.text());
        let mut spans =
            places.map(|(at, _)| sentence.to_note(FoldSpan::new(at as u32, at as u32 + len))).peekable();
        let first = spans.peek().copied().filter(|_| len > 0)?;
        let capitals = |span: &Span| !span.of(&self.sentence).chars().any(char::is_lowercase);
        Some(spans.find(capitals).unwrap_or(first))
    }
}

/// The axes that are measured, by the names of the output.
const AXES: [(&str, Status); 4] = [
    ("negated", Status::Absent),
    ("historical", Status::Historical),
    ("hypothetical", Status::Hypothetical),
    ("other_experiencer", Status::Family),
];

/// A sentence that the context stage reads otherwise than its label.
#[derive(Clone, Debug)]
pub struct Misread {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The label in question.
    pub label: &'static str,
    /// Whether the label is due; else the stage made it up.
    pub due: bool,
    /// The sentence.
    pub sentence: String,
}

/// How well the context stage reads labelled sentences.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AssertionFigures {
    /// How many sentences.
    pub sentences: usize,
    /// Those that do not hold their condition: they count as read plainly.
    pub unplaced: usize,
    /// Counts by label.
    #[serde(flatten)]
    pub labels: BTreeMap<&'static str, Counts>,
    /// What is read otherwise, in the order of the file.
    #[serde(skip)]
    pub misread: Vec<Misread>,
}

/// Compares what `assess` says of each condition, given the sentence and the condition's place, with the labels.
pub fn score_sentences(
    sentences: &[LabelledSentence],
    assess: impl Fn(&str, Span) -> Status + Sync,
) -> AssertionFigures {
    let read: Vec<Option<Status>> =
        sentences.par_iter().map(|s| s.target().map(|target| assess(&s.sentence, target))).collect();
    let mut figures = AssertionFigures { sentences: sentences.len(), ..AssertionFigures::default() };
    for (sentence, said) in sentences.iter().zip(read) {
        figures.unplaced += usize::from(said.is_none());
        for (label, status) in AXES {
            let counts = figures.labels.entry(label).or_default();
            let due = sentence.labels.contains(&status);
            match (due, said == Some(status)) {
                (true, true) => counts.tp += 1,
                (false, false) => {}
                (due, _) => {
                    *if due { &mut counts.fn_ } else { &mut counts.fp } += 1;
                    let words = sentence.sentence.clone();
                    figures.misread.push(Misread { line: sentence.line, label, due, sentence: words });
                }
            }
        }
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADING: &str = "line number\tCondition\tsentence\tnegation\ttemporality\texperiencer\n";

    fn read(rows: &str) -> Result<Vec<LabelledSentence>, AssertionError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.tsv");
        fs::write(&path, format!("{HEADING}{rows}")).unwrap();
        read_sentences(&path)
    }

    #[test]
    fn labels_become_what_is_said() {
        let rows = read(concat!(
            "1\tcough\tNo COUGH.\tNegated\tHistorical\tPatient\r\n",
            "2\trash\tReturn if RASH.\tAffirmed\tNot particular\tPatient\n\n",
            "3\tgout\tUncle has GOUT.\tAffirmed\tRecent\tFamily member\n",
        ))
        .unwrap();
        let labels: Vec<_> = rows.iter().map(|r| (r.line, r.labels.clone())).collect();
        assert_eq!(
            labels,
            [
                (2, vec![Status::Absent, Status::Historical]),
                (3, vec![Status::Hypothetical]),
                (5, vec![Status::Family])
            ]
        );
    }

    #[test]
    fn a_bad_line_is_named() {
        for (rows, message) in [
            ("1\tcough\tNo COUGH.\tNegated\tRecent\n", "s.tsv:2: 5 tab-separated columns where 6 are due"),
            ("\n1\tc\tC\tNegatd\tRecent\tPatient\n", "s.tsv:3: the negation is none of affirmed, negated"),
            ("1\tc\tC\tNegated\tRecent\tDog\n", "s.tsv:2: the experiencer is none of patient, other"),
        ] {
            let error = read(rows).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn the_condition_is_found_across_blanks_and_preferably_in_capitals() {
        for (condition, sentence, found) in [
            ("chest  pain", "No chest pain, then CHEST\n PAIN.", Some("CHEST\n PAIN")),
            ("chest pain", "no Chest  pain", Some("Chest  pain")),
            ("cough", "No fever.", None),
            ("", "No fever.", None),
        ] {
            let row = LabelledSentence {
                line: 1,
                condition: condition.to_owned(),
                sentence: sentence.to_owned(),
                labels: Vec::new(),
            };
            assert_eq!(row.target().map(|t| t.of(sentence)), found, "{sentence}");
        }
    }

    #[test]
    fn each_label_is_counted_alone() {
        let rows = read(concat!(
            "1\ta\tA\tNegated\tHistorical\tPatient\n",
            "2\tb\tB\tAffirmed\tRecent\tPatient\n",
            "3\tc\tnone here\tNegated\tRecent\tPatient\n",
        ))
        .unwrap();
        let figures = score_sentences(&rows, |_, _| Status::Absent);
        assert_eq!((figures.sentences, figures.unplaced), (3, 1));
        assert_eq!(figures.labels["negated"], Counts { tp: 1, fp: 1, fn_: 1 });
        assert_eq!(figures.labels["historical"], Counts { tp: 0, fp: 0, fn_: 1 });
        assert_eq!(figures.labels["other_experiencer"], Counts::default());
        let misread: Vec<_> = figures.misread.iter().map(|m| (m.line, m.label, m.due)).collect();
        assert_eq!(misread, [(2, "historical", true), (3, "negated", false), (4, "negated", true)]);
    }
}
