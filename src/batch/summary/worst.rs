//! The notes that lack the most, with what a reviewer needs to put it right: the place, the queries, the words.

use std::borrow::Cow;
use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::checks::{Choice, Query, Rules, queries};
use crate::io::Note;
use crate::model::{Audit, NoteType, Score};

use super::keyed::shortened;
use super::passages::{Passage, passages};

/// How many notes are kept.
const KEPT: usize = 25;

/// The most bytes of the queries of one note.
const QUERY_BYTES: usize = 6_000;

/// The most bytes that are kept of an id and of a file's name.
const NAME_BYTES: usize = 400;

/// The notes with the most missing elements, the first of the input first among those that lack as many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorstNotes {
    notes: Vec<WorstNote>,
    /// Notes that lack no more are not kept.
    #[serde(skip)]
    floor: u32,
}

/// A note that lacks much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorstNote {
    /// Its id, at most 400 bytes of it.
    pub note_id: String,
    /// The file that it stands in, at most 400 bytes of the name.
    pub file: String,
    /// Which record of the file, where it holds several.
    pub record: Option<u64>,
    /// First byte of the record, where the format has one.
    pub offset: Option<u64>,
    /// Bytes of its text.
    pub bytes: u64,
    /// What it was written for.
    pub note_type: NoteType,
    /// How many required elements are missing.
    pub missing: u32,
    /// How complete it is.
    pub score: Score,
    /// What to ask its author.
    pub queries: Vec<Asked>,
    /// Queries for which there was no room.
    pub more_queries: u64,
    /// Its words around the evidence of the queries; none where words are left out.
    pub passages: Vec<Passage>,
}

/// A query, as it can be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The rules that ask, by their codes.
    pub rules: Vec<Cow<'static, str>>,
    /// The finding or procedure that it is about; `None` where it is about the note.
    pub about: Option<String>,
    /// The question.
    pub text: String,
    /// The answers to choose from, for each element.
    pub choices: Vec<Choice>,
}

impl WorstNotes {
    /// Keeps notes that lack more than `floor` elements.
    pub(crate) const fn above(floor: u32) -> Self {
        Self { notes: Vec::new(), floor }
    }

    /// The notes, the worst first.
    pub fn iter(&self) -> impl Iterator<Item = &WorstNote> {
        self.notes.iter()
    }

    /// A later note that lacks no more than so many elements changes nothing.
    pub(crate) fn floor(&self) -> u32 {
        self.notes.get(KEPT - 1).map_or(self.floor, |last| last.missing)
    }

    /// Takes a note in, later than all before it, where it is one of the worst. Without `text` no word of it is kept.
    pub(crate) fn consider(&mut self, rules: &Rules, note: &Note<'_>, audit: &Audit, text: bool) {
        if audit.gaps.len() as u32 > self.floor() {
            self.notes.push(WorstNote::new(rules, note, audit, text));
            self.sort();
        }
    }

    /// Adds those of notes that come later in the input.
    pub(crate) fn merge(&mut self, later: Self) {
        self.notes.extend(later.notes);
        self.sort();
    }

    fn sort(&mut self) {
        // Stable: what came first stays first.
        self.notes.sort_by_key(|note| Reverse(note.missing));
        self.notes.truncate(KEPT);
    }
}

impl WorstNote {
    fn new(rules: &Rules, note: &Note<'_>, audit: &Audit, text: bool) -> Self {
        let mut queries = queries(rules, audit, if text { &note.text } else { "" });
        let asked = queries.len();
        let mut room = QUERY_BYTES;
        let fitting = queries.iter().take_while(|query| {
            let rest = room.checked_sub(query.text.len());
            room = rest.unwrap_or(0);
            rest.is_some()
        });
        let fitting = fitting.count();
        queries.truncate(fitting);
        let evidence = queries.iter().flat_map(|query| &query.evidence).map(|evidence| evidence.span);
        let passages = if text { passages(&note.text, evidence.collect()) } else { Vec::new() };
        Self {
            note_id: shortened(&note.id, NAME_BYTES).into_owned(),
            file: shortened(&note.place.file, NAME_BYTES).into_owned(),
            record: note.place.record,
            offset: note.place.offset,
            bytes: note.text.len() as u64,
            note_type: audit.note_type,
            missing: audit.gaps.len() as u32,
            score: audit.score,
            queries: queries.into_iter().map(|query| Asked::new(query, audit)).collect(),
            more_queries: (asked - fitting) as u64,
            passages,
        }
    }
}

impl Asked {
    fn new(query: Query, audit: &Audit) -> Self {
        let rules = query.gaps.iter().filter_map(|&gap| audit.gaps.get(gap));
        let rules = rules.map(|gap| Cow::Borrowed(gap.rule)).collect();
        Self { rules, about: query.about(audit), text: query.text, choices: query.choices }
    }
}
