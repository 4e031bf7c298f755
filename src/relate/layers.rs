//! What the clinical readings of a note are made from: its text, its sentences, and the mentions of each layer.

use crate::context::Scopes;
use crate::lexicon::{Concept, Layer};
use crate::matching::{BySentence, FunctionWords, LevelMention, Token, steps};
use crate::model::{Evidence, Mention, Role, SectionKind};
use crate::segment::{Layout, Sentence};
use crate::text::{FoldSpan, Folded};

/// The layers of one note, borrowed. Mentions are in the order of the note, none overlapping another of its layer.
#[derive(Clone, Copy, Debug)]
pub struct Layers<'a, 'n> {
    /// The folded view.
    pub folded: &'a Folded<'n>,
    /// Sections and sentences.
    pub layout: &'a Layout,
    /// Which mentions stand in which sentence.
    pub by_sentence: &'a BySentence,
    /// The words, and what stands between them.
    pub tokens: &'a [Token],
    /// The function words that are written with an apostrophe.
    pub words: &'a FunctionWords,
    /// Anatomy, changes, grades, sides.
    pub mentions: &'a [Mention<Concept>],
    /// Context cues.
    pub cues: &'a [Mention<Concept>],
    /// Symptoms, imaging, links.
    pub clinical: &'a [Mention<Concept>],
    /// Treatment.
    pub care: &'a [Mention<Concept>],
    /// Procedures.
    pub acts: &'a [Mention<Concept>],
    /// Drugs, guidance, scores, relief.
    pub details: &'a [Mention<Concept>],
    /// Levels.
    pub levels: &'a [LevelMention],
}

impl<'a> Layers<'a, '_> {
    /// The words within a stretch of the folded view, and what stands between them.
    pub fn tokens_within(&self, span: FoldSpan) -> impl Iterator<Item = &'a Token> + Clone + use<'a> {
        let first = self.tokens.partition_point(|token| token.start < span.start);
        // Few are asked for, and often the first alone: the end is not looked for ahead.
        self.tokens[first..].iter().take_while(move |token| token.end <= span.end)
    }

    /// The levels within a stretch of the folded view, and before them the number of the first in the note.
    pub fn levels_within(&self, span: FoldSpan) -> (usize, &'a [LevelMention]) {
        let first = self.levels.partition_point(|level| level.span.start < span.start);
        let last = self.levels.partition_point(|level| level.span.end <= span.end);
        (first, self.levels.get(first..last).unwrap_or_default())
    }

    /// How many words, and bytes that stand between words, lie between two places; of blanks only one before such a byte
    /// is counted. Readings measure how far things stand apart by it, never by bytes: so a longer word changes none of
    /// them.
    pub fn steps(&self, from: u32, to: u32) -> usize {
        steps(self.tokens, from, to)
    }

    /// Whether a byte stands in a stretch. There is no way out before the end: so many are looked at at once.
    pub fn has_byte(&self, span: FoldSpan, is_it: impl Fn(u8) -> bool) -> bool {
        self.folded.slice(span).bytes().fold(false, |has, byte| has | is_it(byte))
    }

    /// The place so many steps before another.
    pub fn back(&self, from: u32, steps: usize) -> u32 {
        let last = self.tokens.partition_point(|token| token.start < from);
        self.tokens.get(last.saturating_sub(steps)).map_or(from, |token| token.start)
    }

    /// What some layers see in the sentence of an index: treatment, procedures, details, and symptoms with imaging and links.
    pub fn told_in(&self, sentence: usize) -> OfSentence<'a> {
        let end = self.layout.sentences.get(sentence).map_or(0, |sentence| sentence.span.end);
        let of = |layer, all| self.by_sentence.of(layer, all, sentence, end);
        OfSentence {
            clinical: of(Layer::Clinical, self.clinical),
            care: of(Layer::Care, self.care),
            acts: of(Layer::Act, self.acts),
            details: of(Layer::Detail, self.details),
        }
    }

    /// The section that a sentence stands in.
    pub fn section(&self, sentence: &Sentence) -> SectionKind {
        self.layout.sections.get(sentence.section as usize).map_or(SectionKind::Unknown, |s| s.kind)
    }

    /// The context cues of a sentence and how far they reach.
    pub fn scopes(&self, sentence: &Sentence) -> Scopes {
        let cues = within(self.cues, sentence.span);
        Scopes::read(self.folded, self.tokens, sentence.span, self.section(sentence), cues, &[])
    }

    /// A stretch of the folded view as evidence of the note.
    pub fn evidence(&self, role: Role, span: FoldSpan) -> Evidence {
        Evidence { role, span: self.folded.to_note(span) }
    }
}

/// What the clinical layers see in one sentence.
#[derive(Clone, Copy, Debug)]
pub struct OfSentence<'a> {
    /// Symptoms, imaging, links.
    pub clinical: &'a [Mention<Concept>],
    /// Treatment.
    pub care: &'a [Mention<Concept>],
    /// Procedures.
    pub acts: &'a [Mention<Concept>],
    /// Drugs, guidance, scores, relief.
    pub details: &'a [Mention<Concept>],
}

/// The mentions within a stretch of the note; both in order.
pub fn within(mentions: &[Mention<Concept>], span: FoldSpan) -> &[Mention<Concept>] {
    let first = mentions.partition_point(|m| m.span.start < span.start);
    // Few are in a stretch: the end is nearer from there on than by halves of the note.
    let rest = &mentions[first..];
    &rest[..rest.iter().take_while(|m| m.span.end <= span.end).count()]
}
