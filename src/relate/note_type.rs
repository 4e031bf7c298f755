//! What a note was written for, read from its words and sections where nobody says it.
//!
//! Each word that is typical of one type speaks for it once, more loudly in the title; each kind of section
//! speaks for the types that have it. The loudest type wins; a note of which too little speaks is another thing.
//!
//! ```text
//! PROCEDURE NOTE                       procedure 6
//! Consent: …                           procedure 2, operative 1
//! A 22 gauge needle … lidocaine        procedure 3
//! ```

use crate::lexicon::Concept;
use crate::matching::Token;
use crate::model::{Finding, Mention, NoteType, SectionKind};
use crate::segment::Layout;

/// How far the title of a note reaches, in words, and marks that stand between them.
const TITLE: usize = 28;
/// How many times what it weighs elsewhere a word in the title weighs.
const TITLE_WEIGHT: u32 = 4;
/// What a word weighs for each of [`TYPES`]: the words of a needle's way are seldom said elsewhere, anatomy and
/// operations are named in every note.
const WORD_WEIGHTS: [u32; TYPES.len()] = [1, 1, 2, 1, 3];
/// The most that words can say for one type.
const MOST_WORDS: u32 = 14;
/// What findings say for a report, where the note speaks of nobody and of nothing done: many a report is nothing but
/// findings, without title or heading.
const FINDINGS_WEIGHT: u32 = 3;
/// What it says for a visit that somebody is spoken of.
const PERSON_WEIGHT: u32 = 3;
/// The least that a type must reach.
const LEAST: u32 = 3;

/// The types in the order in which a tie is decided, as they index the scores.
const TYPES: [NoteType; 5] =
    [NoteType::Radiology, NoteType::Operative, NoteType::Procedure, NoteType::Clinic, NoteType::Other];

/// Reads the type of a note from its sections and the mentions of [`crate::lexicon::Layer::Note`].
/// `tokens` are the words of the note.
pub fn note_type(
    layout: &Layout,
    tokens: &[Token],
    words: &[Mention<Concept>],
    findings: &[Finding],
) -> NoteType {
    let title = tokens.get(TITLE).map_or(u32::MAX, |token| token.start);
    let mut scores = [0; TYPES.len()];
    for (index, score) in scores.iter_mut().enumerate() {
        let own = words.iter().filter(|m| m.concept == Concept::Note(TYPES[index]));
        let said: u32 = own.map(|m| if m.span.start < title { TITLE_WEIGHT } else { 1 }).sum();
        *score = (said * WORD_WEIGHTS[index]).min(MOST_WORDS);
    }
    if words.iter().any(|m| m.concept == Concept::Person && !is_of_request(layout, m)) {
        add(&mut scores, NoteType::Clinic, PERSON_WEIGHT);
    } else if !findings.is_empty() && !layout.sections.iter().any(|s| s.kind == SectionKind::Procedure) {
        add(&mut scores, NoteType::Radiology, FINDINGS_WEIGHT);
    }
    for &kind in SectionKind::ALL {
        if layout.sections.iter().any(|s| s.kind == kind) {
            scores.iter_mut().zip(section_weights(kind)).for_each(|(score, weight)| *score += weight);
        }
    }
    let best = (0..TYPES.len()).rev().max_by_key(|&i| scores[i]).unwrap_or_default();
    if scores[best] < LEAST { NoteType::Other } else { TYPES[best] }
}

/// Adds to what is said for a type.
fn add(scores: &mut [u32; TYPES.len()], note_type: NoteType, weight: u32) {
    for (score, _) in scores.iter_mut().zip(TYPES).filter(|&(_, of)| of == note_type) {
        *score += weight;
    }
}

/// Whether a mention stands in what a report repeats of the request for it: who is to be seen, and why.
fn is_of_request(layout: &Layout, mention: &Mention<Concept>) -> bool {
    let after = layout.sections.partition_point(|section| section.heading.start <= mention.span.start);
    let section = after.checked_sub(1).and_then(|index| layout.sections.get(index));
    section.is_some_and(|section| {
        matches!(section.kind, SectionKind::Indication | SectionKind::Technique | SectionKind::Comparison)
    })
}

/// What a kind of section says for each of [`TYPES`].
const fn section_weights(kind: SectionKind) -> [u32; TYPES.len()] {
    match kind {
        SectionKind::Technique => [2, 0, 2, 0, 0],
        SectionKind::Comparison => [5, 0, 0, 0, 0],
        SectionKind::Findings => [4, 1, 0, 0, 0],
        SectionKind::Impression => [3, 0, 0, 2, 1],
        SectionKind::Indication => [2, 1, 1, 0, 0],
        SectionKind::Procedure => [0, 4, 4, 0, 0],
        SectionKind::Consent => [0, 2, 3, 0, 0],
        SectionKind::Plan => [0, 0, 1, 4, 0],
        SectionKind::Exam | SectionKind::ReviewOfSystems | SectionKind::FamilyHistory => [0, 0, 0, 4, 0],
        SectionKind::Medications | SectionKind::PastHistory | SectionKind::Imaging => [0, 0, 0, 2, 0],
        SectionKind::History => [1, 0, 0, 2, 0],
        SectionKind::Key => [2, 0, 0, 0, 0],
        SectionKind::Unknown | SectionKind::Addendum | SectionKind::Other => [0; TYPES.len()],
    }
}
