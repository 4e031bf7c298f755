//! What codes and days are read from, and what stands around a place of it.

use super::tables::CodeTables;
use crate::lexicon::{Coding, Concept, Word};
use crate::matching::{FunctionWords, Token, steps};
use crate::model::{Mention, SectionKind};
use crate::segment::Layout;
use crate::text::{FoldSpan, Folded};

/// The most words and marks between words of coding and what they stand before: "CPT code(s) is: #".
const NEAR: usize = 8;

/// What codes and days are read from.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The folded view.
    pub folded: &'a Folded<'a>,
    /// Sections and sentences.
    pub layout: &'a Layout,
    /// The words of the note, and what stands between them.
    pub tokens: &'a [Token],
    /// The mentions of [`Concept::Coding`], in the order of the note.
    pub cues: &'a [Mention<Concept>],
    /// Numbers and small words.
    pub words: &'a FunctionWords,
    /// The code tables.
    pub tables: &'a CodeTables,
}

impl Reading<'_> {
    /// What the words directly before a place say of it.
    pub(super) fn cue_before(&self, at: u32) -> Option<Coding> {
        let last = self.cues.partition_point(|cue| cue.span.end <= at).checked_sub(1)?;
        let cue = self.cues.get(last)?;
        if steps(self.tokens, cue.span.end, at) > NEAR {
            return None;
        }
        let gap = self.folded.slice(FoldSpan::new(cue.span.end, at));
        let gap = gap.strip_prefix("(s)").unwrap_or(gap);
        let word = gap.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_near = word.is_empty() || self.is_word(word, Word::Is);
        match cue.concept {
            Concept::Coding(coding) if is_near => Some(coding),
            _ => None,
        }
    }

    /// The words of a kind that start at a place.
    pub(super) fn cue_at(&self, at: usize, coding: Coding) -> Option<FoldSpan> {
        let index = self.cues.partition_point(|cue| (cue.span.start as usize) < at);
        let cue = self.cues.get(index)?;
        (cue.span.start as usize == at && cue.concept == Concept::Coding(coding)).then_some(cue.span)
    }

    /// The byte before a place.
    pub(super) fn byte_before(&self, at: u32) -> Option<u8> {
        self.folded.bytes().get((at as usize).checked_sub(1)?).copied()
    }

    /// Whether a dash that joins nothing stands at a place: "M51.1-" means all codes below it.
    pub(super) fn is_left_open(&self, at: usize) -> bool {
        let bytes = self.folded.bytes();
        bytes.get(at) == Some(&b'-') && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
    }

    /// Whether a word is "and" or "or".
    pub(super) fn is_and(&self, word: &str) -> bool {
        self.is_word(word, Word::And) || self.is_word(word, Word::Or)
    }

    /// The section that a place stands in.
    pub(super) fn section(&self, at: u32) -> SectionKind {
        let sections = &self.layout.sections;
        let index = sections.partition_point(|section| section.body.end <= at);
        sections.get(index).map_or(SectionKind::Unknown, |section| section.kind)
    }

    fn is_word(&self, word: &str, class: Word) -> bool {
        self.words.class(word.as_bytes()).word == Some(class)
    }
}
