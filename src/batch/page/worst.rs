//! The worst notes, as a reviewer reads them.

use crate::batch::{Asked, Passage, WorstNote};

use super::format::{count, heading, rate, visible};

/// Letters of a line of a query, about.
const LINE: usize = 60;

/// A note that lacks much.
#[derive(Debug)]
pub(super) struct Worst {
    pub(super) id: String,
    pub(super) place: String,
    pub(super) note_type: String,
    pub(super) missing: String,
    pub(super) documented: String,
    pub(super) passages: Vec<Shown>,
    pub(super) queries: Vec<Question>,
    pub(super) more: Option<String>,
}

/// A passage in pieces.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) pieces: Vec<Piece>,
    /// Whether words of the note stand before it, and after it.
    pub(super) cut_before: bool,
    pub(super) cut_after: bool,
}

/// Words of a passage.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) is_evidence: bool,
}

/// A query, ready to be copied.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) rules: String,
    /// What it is about; empty where it is about the note.
    pub(super) about: String,
    pub(super) text: String,
    /// Lines that it takes, about.
    pub(super) lines: usize,
}

impl Worst {
    /// The view of a note.
    pub(super) fn of(note: &WorstNote) -> Self {
        let place = match (note.record, note.offset) {
            (Some(record), Some(offset)) => format!("{}, record {record}, byte {offset}", note.file),
            (Some(record), None) => format!("{}, record {record}", note.file),
            (None, _) => note.file.clone(),
        };
        let score = note.score;
        Self {
            id: visible(&note.note_id),
            place: visible(&place),
            note_type: heading(note.note_type.name()),
            missing: count(note.missing.into()),
            documented: format!("{} of {} ({})", score.documented, score.required, rate(score.percent())),
            passages: note.passages.iter().map(|passage| shown(passage, note.bytes)).collect(),
            queries: note.queries.iter().map(question).collect(),
            more: (note.more_queries > 0).then(|| count(note.more_queries)),
        }
    }
}

/// The question, and each element's answers on a line.
fn question(asked: &Asked) -> Question {
    let answers = asked.choices.iter();
    let answers =
        answers.map(|choice| format!("\n{}: {}", heading(choice.element.name()), choice.options.join(" | ")));
    let text = visible(&(asked.text.clone() + &answers.collect::<String>()));
    let lines = text.lines().map(|line| line.chars().count() / LINE + 1).sum();
    let about = visible(asked.about.as_deref().unwrap_or_default());
    Question { rules: visible(&asked.rules.join(", ")), about, text, lines }
}

/// A passage of a note of so many bytes.
fn shown(passage: &Passage, bytes: u64) -> Shown {
    let end = u64::from(passage.start) + passage.text.len() as u64;
    Shown { pieces: pieces(passage), cut_before: passage.start > 0, cut_after: end < bytes }
}

/// A passage in pieces, each evidence or not. Marks that are none of the passage are left out.
fn pieces(passage: &Passage) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |text: &str, is_evidence| {
        if !text.is_empty() {
            pieces.push(Piece { text: visible(text), is_evidence });
        }
    };
    let mut done = 0;
    for mark in &passage.marks {
        let at = |byte: u32| byte.checked_sub(passage.start).map(|byte| byte as usize);
        let (Some(start), Some(end)) = (at(mark.start), at(mark.end)) else { continue };
        let (Some(before), Some(words)) = (passage.text.get(done..start), passage.text.get(start..end))
        else {
            continue;
        };
        push(before, false);
        push(words, true);
        done = end;
    }
    push(passage.text.get(done..).unwrap_or_default(), false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn a_passage_is_cut_at_its_marks() {
        let passage = |marks: &[(u32, u32)]| Passage {
            start: 10,
            text: "aébcd".to_owned(),
            marks: marks.iter().map(|&(start, end)| Span::new(start, end)).collect(),
        };
        let shown = |marks: &[(u32, u32)]| {
            let pieces = pieces(&passage(marks));
            let shown =
                pieces.iter().map(|p| if p.is_evidence { format!("<{}>", p.text) } else { p.text.clone() });
            shown.collect::<String>()
        };
        for (marks, expected) in [
            (&[(11, 13), (14, 16)][..], "a<é>b<cd>"),
            (&[(10, 11)], "<a>ébcd"),
            // What a broken file of figures could say.
            (&[(0, 3), (12, 13), (14, 99), (15, 11)], "aébcd"),
            (&[], "aébcd"),
        ] {
            assert_eq!(shown(marks), expected, "{marks:?}");
        }
    }
}
