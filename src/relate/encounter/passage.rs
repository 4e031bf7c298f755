//! The note sentence by sentence, each with what it tells of an encounter.

use std::cell::OnceCell;

use super::kinds::Kinds;
use super::numbers::Numbers;
use crate::context::{Scope, Scopes};
use crate::lexicon::{Concept, Detail, Imaging, Measure, Sense, Telling};
use crate::matching::{FunctionWords, Quantities, Token, WordClass, quantities, word_at};
use crate::model::{Mention, Procedure, ProcedureStatus, SectionKind, Status};
use crate::relate::layers::{Layers, OfSentence, within};
use crate::segment::Sentence;
use crate::text::{FoldSpan, Span};

/// How far from a mention its numbers are looked for, in words.
const REACH: usize = 24;

/// How far before a needle its size may stand, in words: "22 gauge, 3.5 inch".
const SIZE_REACH: usize = 5;

/// A sentence and the details in it.
pub(super) struct Passage<'a, 'n> {
    pub(super) layers: &'a Layers<'a, 'n>,
    pub(super) span: FoldSpan,
    pub(super) section: SectionKind,
    /// Index of the section.
    pub(super) part: u32,
    pub(super) details: &'a [Mention<Concept>],
    /// The kinds of them: most questions are about words that are not there.
    kinds: Kinds,
    /// The kinds of them and of those in the heading above.
    headed: Kinds,
    pub(super) clinical: &'a [Mention<Concept>],
    pub(super) care: &'a [Mention<Concept>],
    pub(super) acts: &'a [Mention<Concept>],
    /// Details in the heading above, where this is the first sentence under it.
    pub(super) heading: &'a [Mention<Concept>],
    /// Where the label begins that leads to it, where this is the first sentence under one; else its own start.
    pub(super) label: u32,
    /// Whether it stands where the procedure of this note is told.
    pub(super) is_account: bool,
    scopes: OnceCell<Scopes>,
    numbers: OnceCell<Numbers>,
}

/// The sentences of a note, each with what it tells.
pub(super) struct Passages<'a, 'n> {
    /// All of them, in order.
    pub(super) all: Vec<Passage<'a, 'n>>,
    /// The kinds of details in the note.
    kinds: Kinds,
}

impl<'a, 'n> Passages<'a, 'n> {
    /// Whether the note has a detail of any of some kinds.
    pub(super) const fn has(&self, any: Kinds) -> bool {
        self.kinds.has(any)
    }

    /// Those that have a detail of any of some kinds, or stand under a heading that has one.
    pub(super) fn with(&self, any: Kinds) -> impl Iterator<Item = &Passage<'a, 'n>> {
        let all = if self.has(any) { &self.all[..] } else { &[] };
        all.iter().filter(move |passage| passage.headed.has(any))
    }

    pub(super) fn read(layers: &'a Layers<'a, 'n>, procedures: &[Procedure]) -> Self {
        let performed = procedures.iter().filter(|p| p.status == ProcedureStatus::Performed);
        let mut told_in: Vec<SectionKind> = performed.map(|p| p.section).collect();
        told_in.sort_unstable();
        told_in.dedup();
        let is_performed = !told_in.is_empty();
        let (mut before, mut begun) = (None, None);
        let passage = |(index, sentence): (usize, &'a Sentence)| {
            let OfSentence { clinical, care, acts, details } = layers.told_in(index);
            debug_assert_eq!(details, within(layers.details, sentence.span));
            let mut section = layers.section(sentence);
            if is_performed
                && !tells_what_was_done(section)
                && begins_account(layers, sentence.span, section, details)
            {
                begun = Some(sentence.section);
            }
            if begun == Some(sentence.section) {
                section = SectionKind::Procedure;
            }
            let is_first = before.replace(sentence.section) != Some(sentence.section);
            let section_of = layers.layout.sections.get(sentence.section as usize).filter(|_| is_first);
            let heading = section_of.map_or(&[][..], |section| within(layers.details, section.heading));
            let kinds = Kinds::of(details);
            Passage {
                layers,
                span: sentence.span,
                section,
                part: sentence.section,
                details,
                kinds,
                headed: kinds.or(Kinds::of(heading)),
                clinical,
                care,
                acts,
                label: section_of.map_or(sentence.span.start, |section| section.heading.start),
                heading,
                is_account: is_performed && (tells_what_was_done(section) || told_in.contains(&section)),
                scopes: OnceCell::new(),
                numbers: OnceCell::new(),
            }
        };
        let all = layers.layout.sentences.iter().enumerate().map(passage).collect();
        Self { all, kinds: Kinds::of(layers.details) }
    }
}

/// Whether the account of the procedure begins here under a heading of history or of consent, for want of one of its
/// own: where a needle of a size is used, or after the consent the patient made ready.
fn begins_account(
    layers: &Layers<'_, '_>,
    sentence: FoldSpan,
    section: SectionKind,
    details: &[Mention<Concept>],
) -> bool {
    let is_led = matches!(section, SectionKind::History | SectionKind::Indication);
    let has_size = |needle: FoldSpan| {
        let before = reach(layers, sentence, needle, SIZE_REACH, 0);
        let before = layers.folded.bytes().get(before.start as usize..needle.start as usize);
        before.is_some_and(|before| before.iter().any(u8::is_ascii_digit))
    };
    (is_led || section == SectionKind::Consent)
        && details.iter().filter_map(detail).any(|(detail, span)| match detail {
            Detail::Telling(Telling::Skin) => is_led,
            Detail::Telling(Telling::Needle) => has_size(span),
            Detail::Telling(Telling::Prepared) => !is_led,
            _ => false,
        })
}

/// A place with so many words before it and so many after it, as far as its sentence goes.
fn reach(
    layers: &Layers<'_, '_>,
    sentence: FoldSpan,
    place: FoldSpan,
    before: usize,
    after: usize,
) -> FoldSpan {
    let index = |at: u32| layers.tokens.partition_point(|token| token.start < at);
    let first = layers.tokens.get(index(place.start).saturating_sub(before));
    let last = (index(place.end) + after).checked_sub(1).and_then(|last| layers.tokens.get(last));
    let start = first.map_or(place.start, |token| token.start).min(place.start).max(sentence.start);
    let end = last.map_or(sentence.end, |token| token.end).max(place.end).min(sentence.end);
    FoldSpan::new(start, end)
}

/// Whether a section of this kind tells what was done in this encounter.
pub(super) const fn tells_what_was_done(section: SectionKind) -> bool {
    matches!(
        section,
        SectionKind::Unknown
            | SectionKind::Procedure
            | SectionKind::Technique
            | SectionKind::Findings
            | SectionKind::Addendum
            // Terse notes tell the procedure under whatever heading came last: "RADIOLOGY", "SUMMARY".
            | SectionKind::Imaging
            | SectionKind::Impression
            | SectionKind::Other
    )
}

impl<'a> Passage<'a, '_> {
    pub(super) fn text(&self) -> &'a [u8] {
        self.layers.folded.bytes()
    }

    pub(super) const fn words(&self) -> &'a FunctionWords {
        self.layers.words
    }

    /// The words between two places.
    pub(super) fn between(&self, start: u32, end: u32) -> &'a [u8] {
        self.text().get(start as usize..end as usize).unwrap_or_default()
    }

    /// The context cues here, in the section that is meant.
    fn scopes(&self) -> &Scopes {
        let cues = || within(self.layers.cues, self.span);
        let Layers { folded, tokens, .. } = self.layers;
        let read = || Scopes::read(folded, tokens, self.span, self.section, cues(), &[]);
        self.scopes.get_or_init(read)
    }

    /// What of quantities and times may stand here.
    pub(super) fn numbers(&self) -> Numbers {
        *self.numbers.get_or_init(|| Numbers::read(self.layers, self.span))
    }

    /// What the context says of a place here.
    pub(super) fn status(&self, span: FoldSpan) -> Status {
        self.scopes().assess(span).status
    }

    /// The words that deny a place here.
    pub(super) fn denials_of(&self, span: FoldSpan) -> impl Iterator<Item = FoldSpan> {
        let denies = |scope: &&Scope| scope.status == Status::Absent;
        self.scopes().reaching(span).filter(denies).map(|scope| scope.cue)
    }

    /// Whether the word that dates or denies a place is the first of the sentence: "Hx: leg pain for 3 years".
    pub(super) fn opens_with_cue_of(&self, span: FoldSpan) -> bool {
        self.scopes().assess(span).scope.is_some_and(|scope| scope.cue.start == self.span.start)
    }

    /// Whether a place tells what is so in this encounter.
    pub(super) fn is_so(&self, span: FoldSpan) -> bool {
        matches!(self.status(span), Status::Present | Status::Possible)
    }

    pub(super) fn details(&self) -> impl Iterator<Item = (Detail, FoldSpan)> + Clone + 'a {
        self.details.iter().filter_map(detail)
    }

    /// Whether it speaks of an imaging study, whose contrast is another one than that of the procedure.
    pub(super) fn is_of_study(&self) -> bool {
        self.studies().next().is_some()
    }

    /// The imaging studies that it names.
    pub(super) fn studies(&self) -> impl Iterator<Item = FoldSpan> + 'a {
        self.clinical.iter().filter(|m| m.concept == Concept::Imaging(Imaging::Study)).map(|m| m.span)
    }

    /// The places of one kind of telling words.
    pub(super) fn telling(&self, what: Telling) -> impl Iterator<Item = FoldSpan> + Clone + 'a {
        let details = if self.tells(what) { self.details } else { &[] };
        details
            .iter()
            .filter_map(detail)
            .filter(move |&(detail, _)| detail == Detail::Telling(what))
            .map(|(_, span)| span)
    }

    /// Whether it has a detail of any of some kinds.
    pub(super) const fn has(&self, any: Kinds) -> bool {
        self.kinds.has(any)
    }

    pub(super) fn tells(&self, what: Telling) -> bool {
        self.kinds.has(Kinds::telling(what))
    }

    /// Whether the heading above is of one kind.
    pub(super) fn is_headed(&self, what: Telling) -> bool {
        self.heading.iter().filter_map(detail).any(|(detail, _)| detail == Detail::Telling(what))
    }

    /// The stretch of this sentence around a place in which numbers belong to it.
    pub(super) fn around(&self, span: FoldSpan) -> FoldSpan {
        self.reach(span, REACH, REACH)
    }

    /// A place with so many words before it and so many after it, as far as this sentence goes.
    pub(super) fn reach(&self, span: FoldSpan, before: usize, after: usize) -> FoldSpan {
        reach(self.layers, self.span, span, before, after)
    }

    /// How many words, and marks between words, stand between two places, whichever comes first.
    pub(super) fn apart(&self, one: FoldSpan, other: FoldSpan) -> usize {
        self.layers.steps(one.end.min(other.end), one.start.max(other.start))
    }

    /// The word, or the mark, that comes next from a place on.
    pub(super) fn next(&self, at: u32) -> Option<&'a Token> {
        self.layers.tokens_within(FoldSpan::new(at, self.span.end)).next()
    }

    /// Whether the next word from a place on has a sense.
    pub(super) fn has_next(&self, at: u32, sense: Sense) -> bool {
        self.next(at).is_some_and(|next| next.class.sense == Some(sense))
    }

    pub(super) fn quantities(&self, span: FoldSpan) -> Quantities {
        let read = || quantities(self.text(), self.layers.tokens, self.words(), span);
        if self.span.contains(span) && !self.numbers().counts {
            debug_assert!(read().is_empty());
            return Quantities::new();
        }
        read()
    }

    /// What the word that starts after a place, one blank between, says of numbers.
    pub(super) fn measure_after(&self, at: u32) -> Option<(Measure, FoldSpan)> {
        let at = at + u32::from(self.text().get(at as usize) == Some(&b' '));
        let word = word_at(self.text(), at as usize);
        let measure = self.words().class(word).measure?;
        Some((measure, FoldSpan::new(at, at + word.len() as u32)))
    }

    /// What a word is that stands alone in a stretch.
    pub(super) fn class(&self, word: FoldSpan) -> WordClass {
        self.words().class(self.between(word.start, word.end))
    }

    /// The word before a place, one blank between.
    pub(super) fn word_before(&self, at: u32) -> FoldSpan {
        let before = self.between(self.span.start, at).trim_ascii_end();
        let start = before.iter().rposition(|&b| b == b' ' || b == b'(').map_or(0, |i| i + 1);
        FoldSpan::new(self.span.start + start as u32, self.span.start + before.len() as u32)
    }

    /// What the nearest word before a place that is no filler says of numbers, and where it stands.
    pub(super) fn measure_before(&self, at: u32) -> Option<(Measure, FoldSpan)> {
        let mut at = at;
        for _ in 0..6 {
            let span = self.word_before(at);
            let measure = self.class(span).measure?;
            if !matches!(measure, Measure::Filler | Measure::Past | Measure::More) {
                return Some((measure, span));
            }
            at = span.start;
        }
        None
    }

    /// A place of the note.
    pub(super) fn place(&self, span: FoldSpan) -> Span {
        self.layers.folded.to_note(span)
    }
}

/// What a mention of the layer of details tells.
pub(super) fn detail(mention: &Mention<Concept>) -> Option<(Detail, FoldSpan)> {
    match mention.concept {
        Concept::Detail(detail) => Some((detail, mention.span)),
        _ => None,
    }
}
