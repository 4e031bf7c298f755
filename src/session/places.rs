//! Where words can be added to what a draft says of a finding, and how they fit in.

use std::ops::Range;

use crate::checks::{Place, capitalised};
use crate::lexicon::{Concept, Form};
use crate::model::{Evidence, Role, SectionKind};
use crate::pipeline::Analysis;
use crate::segment::Sentence;
use crate::text::Span;

/// Words to put in place of a range of the draft, in bytes; an empty range is where they are added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What they replace.
    pub range: Range<usize>,
    /// The words.
    pub text: String,
}

/// The places of one draft.
pub(super) struct Places<'a> {
    pub(super) text: &'a str,
    pub(super) analysis: &'a Analysis<'a>,
}

impl Places<'_> {
    /// The edit that puts `words` at a place of what is said of the fact that has this evidence. `None` where the draft has
    /// no such place.
    pub(super) fn edit(&self, place: Place, evidence: &[Evidence], words: &str) -> Option<Edit> {
        let own = |role| evidence.iter().find(|e| e.role == role).map(|e| e.span);
        let anchor = own(Role::Anchor)?;
        let structure = own(Role::Structure).unwrap_or(anchor);
        let is_verb = self.is_verb(anchor);
        match place {
            Place::BeforePhrase if !is_verb => self.before(self.phrase_start(anchor, evidence), words),
            Place::BeforeSide if !is_verb => self.before(own(Role::Side)?.start, words),
            Place::BeforeVerb if is_verb => self.before(anchor.start, words),
            Place::AfterVerb if is_verb => self.after(anchor.end, words),
            Place::BeforePhrase | Place::BeforeSide | Place::BeforeVerb | Place::AfterVerb => None,
            Place::BeforeStructure => self.before(structure.start, words),
            Place::AfterPhrase => self.after(anchor.end.max(structure.end), words),
            Place::AfterStructure => self.after(structure.end, words),
            Place::AfterSide => self.after(own(Role::Side)?.end, words),
            Place::AfterLevel => self.after(own(Role::Level)?.end, words),
            Place::AfterSentence => self.sentence_after(self.sentence_of(anchor)?, words),
            Place::Assessment => self.sentence_after(self.last_of_assessment(anchor)?, words),
            Place::AfterParagraph => self.sentence_after(self.last_of_paragraph(anchor)?, words),
            Place::Account => self.sentence_after(self.last_of_account(anchor)?, words),
            Place::End => self.sentence_after(self.analysis.layout.sentences.last()?, words),
        }
    }

    /// Whether what makes the fact is a verb or participle.
    fn is_verb(&self, anchor: Span) -> bool {
        let anchor = self.analysis.folded().to_view(anchor);
        self.analysis.mentions.iter().any(|mention| {
            mention.span.overlaps(anchor)
                && matches!(mention.concept, Concept::Change(_, Form::Active | Form::Passive))
        })
    }

    /// Where structure and side begin that lead to the anchor without a word between, or else the anchor.
    fn phrase_start(&self, anchor: Span, evidence: &[Evidence]) -> u32 {
        let leads = |e: &&Evidence, start: u32| {
            let between = self.text.get(e.span.end as usize..start as usize);
            matches!(e.role, Role::Structure | Role::Side)
                && e.span.start < start
                && between.is_some_and(|between| between.trim().is_empty())
        };
        let mut start = anchor.start;
        while let Some(found) = evidence.iter().find(|e| leads(e, start)) {
            start = found.span.start;
        }
        start
    }

    /// Words before a place, with the capital of what they stand before.
    fn before(&self, at: u32, words: &str) -> Option<Edit> {
        let at = at as usize;
        let rest = self.text.get(at..)?;
        let mut letters = rest.chars();
        let (first, second) = (letters.next()?, letters.next());
        if is_shouted(rest) {
            return Some(Edit { range: at..at, text: words.to_uppercase() });
        }
        if first.is_uppercase() && second.is_some_and(char::is_lowercase) {
            let text = format!("{}{}", capitalised(words), first.to_lowercase());
            return Some(Edit { range: at..at + first.len_utf8(), text });
        }
        Some(Edit { range: at..at, text: words.to_owned() })
    }

    fn after(&self, at: u32, words: &str) -> Option<Edit> {
        let at = at as usize;
        let last = self.text.get(..at)?.rsplit(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty());
        let text = if last.is_some_and(is_shouted) { words.to_uppercase() } else { words.to_owned() };
        Some(Edit { range: at..at, text })
    }

    /// Words as a sentence of their own after another.
    fn sentence_after(&self, sentence: &Sentence, words: &str) -> Option<Edit> {
        let end = self.analysis.folded().to_note(sentence.span).end;
        let at = self.text.get(..end as usize)?.trim_end().len();
        let words_before = self.text.get(..at)?.trim_end_matches(['"', '”', '\'', '’', ')', ']']);
        let stop = if words_before.ends_with(['.', '!', '?', ':']) { " " } else { ". " };
        Some(Edit { range: at..at, text: format!("{stop}{}", capitalised(words)) })
    }

    /// The sentence that holds a place.
    fn sentence_of(&self, place: Span) -> Option<&Sentence> {
        let place = self.analysis.folded().to_view(place);
        self.analysis.layout.sentences.iter().find(|sentence| sentence.span.contains(place))
    }

    /// The last sentence of the line or paragraph that holds a place.
    fn last_of_paragraph(&self, place: Span) -> Option<&Sentence> {
        let line = self.sentence_of(place)?.line;
        self.analysis.layout.sentences.iter().rfind(|sentence| sentence.line == line)
    }

    /// The last sentence that tells how a procedure was done; where nothing does, the last of the paragraph that holds a
    /// place.
    fn last_of_account(&self, place: Span) -> Option<&Sentence> {
        let layout = &self.analysis.layout;
        let is_account = |sentence: &&Sentence| {
            let section = layout.sections.get(sentence.section as usize);
            section.is_some_and(|s| matches!(s.kind, SectionKind::Procedure | SectionKind::Technique))
        };
        layout.sentences.iter().rfind(is_account).or_else(|| self.last_of_paragraph(place))
    }

    /// The last sentence of the last assessment that holds a place or follows it.
    fn last_of_assessment(&self, place: Span) -> Option<&Sentence> {
        let layout = &self.analysis.layout;
        let first = self.sentence_of(place)?.section;
        let is_assessment = |sentence: &&Sentence| {
            let section = layout.sections.get(sentence.section as usize);
            sentence.section >= first && section.is_some_and(|s| s.kind == SectionKind::Impression)
        };
        layout.sentences.iter().rfind(is_assessment)
    }
}

/// Whether text begins with a word of capitals that is no abbreviation.
fn is_shouted(text: &str) -> bool {
    let word = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    word.chars().count() > LONGEST_ABBREVIATION && word.chars().all(char::is_uppercase)
}

/// Letters of an abbreviation at most; more capitals in a row are a word.
const LONGEST_ABBREVIATION: usize = 4;
