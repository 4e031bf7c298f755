//! The pass over a stretch of the note that reads its items.

use super::steps::Draft;
use super::{Grade, Item, Items, Kind, kind_of};
use crate::lexicon::{Concept, Imaging, LevelWord, Sense, SideForm, Word};
use crate::matching::{FunctionWords, LevelMention, Token, WordClass, is_word_byte, word_at};
use crate::model::{Mention, Side};
use crate::relate::gap::Gap;
use crate::relate::scale::Codes;
use crate::text::{FoldSpan, Folded};

/// Reads the items of one stretch of the note.
pub struct ItemReader<'a, 'n> {
    /// The note.
    pub folded: &'a Folded<'n>,
    /// The words of the note, and what stands between them.
    pub tokens: &'a [Token],
    /// The function words that are written with an apostrophe.
    pub words: &'a FunctionWords,
    /// The codes that the note uses for grades.
    pub codes: &'a Codes,
}

/// A stretch of the note, and what was seen in it that items are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stretch<'a> {
    /// The stretch.
    pub span: FoldSpan,
    /// Its findings.
    pub findings: &'a [Mention<Concept>],
    /// Its context cues.
    pub cues: &'a [Mention<Concept>],
    /// Its symptoms, imaging and links, or its procedures.
    pub others: &'a [Mention<Concept>],
    /// Its levels.
    pub levels: &'a [LevelMention],
    /// The number of the first of these levels in the note, or of the first after it.
    pub first_level: usize,
}

impl ItemReader<'_, '_> {
    /// Appends the items of a stretch. What is one is joined.
    pub fn read(&self, stretch: &Stretch<'_>, items: &mut Items) {
        self.read_part(stretch, items);
        self.join(items);
    }

    /// Joins the items that are one, and parts those that are two.
    pub fn join(&self, items: &mut Items) {
        Draft::new(items, self.folded.bytes(), self.tokens).join();
    }

    /// Appends the items of a stretch as [`Self::read`] does, and joins none.
    pub fn read_part(&self, stretch: &Stretch<'_>, items: &mut Items) {
        let &Stretch { span, findings, cues, others, levels, first_level } = stretch;
        let mut at = span.start;
        let mut token = self.tokens.partition_point(|token| token.start < span.start);
        let mut level = 0;
        let mut mentions = [findings, cues, others].map(<[_]>::iter);
        let start = |mention: Option<&Mention<Concept>>| mention.map_or(u32::MAX, |m| m.span.start);
        let level_start = |at: usize| levels.get(at).map_or(u32::MAX, |l| l.span.start);
        let mut starts = mentions.each_ref().map(|of_layer| start(of_layer.as_slice().first()));
        let mut next_level = level_start(0);
        let mut excepted = Gap::default();
        loop {
            let [f, c, s] = starts;
            let next = f.min(c).min(s);
            let (kind, found) = if next_level <= next {
                let Some(mention) = levels.get(level) else { break };
                level += 1;
                next_level = level_start(level);
                // A phrase inside a level is read as part of it, and so is a cue inside a longer phrase.
                if mention.span.start < at {
                    continue;
                }
                (Kind::Levels((first_level + level - 1) as u32), mention.span)
            } else {
                let layer = if f == next { 0 } else { 1 + usize::from(c != next) };
                let Some(mention) = mentions[layer].next() else { break };
                starts[layer] = start(mentions[layer].as_slice().first());
                if mention.span.start < at {
                    continue;
                }
                let Some(kind) = kind_of(mention.concept) else { continue };
                // ": none" is the grade "none", which a cue holds.
                let is_nil = |nil: &Mention<Concept>| {
                    nil.span.end == mention.span.end && nil.concept == Concept::Word(Word::Nil)
                };
                // "adjacent level disease" points to no level.
                let is_longer = |lesion: &Mention<Concept>| {
                    lesion.concept == Concept::Imaging(Imaging::Diagnosis)
                        && lesion.span.start == mention.span.start
                        && lesion.span.end > mention.span.end
                };
                if layer == 1 && mentions[0].as_slice().first().is_some_and(is_nil)
                    || matches!(kind, Kind::Pointer(_))
                        && mentions[2].as_slice().first().is_some_and(is_longer)
                {
                    continue;
                }
                (kind, mention.span)
            };
            let gap = excepted.and(self.gap(at, found.start, Some(kind), &mut token, items));
            at = found.end;
            if matches!(kind, Kind::Word(Word::Except)) {
                excepted = gap.and(Gap { flags: Gap::BUT, content: 0 });
                continue;
            }
            excepted = Gap::default();
            items.push(Item { kind, span: found, gap });
        }
        if !items.is_empty() || at > span.start {
            let gap = excepted.and(self.gap(at, span.end, None, &mut token, items));
            items.push(Item { kind: Kind::End, span: FoldSpan::new(span.end, span.end), gap });
        }
    }

    /// Reads what stands from `at` to `end`, where `follows` stands; single letters that are sides are appended to `items`.
    /// `next` is moved to the first token after.
    fn gap(&self, mut at: u32, end: u32, follows: Option<Kind>, next: &mut usize, items: &mut Items) -> Gap {
        let text = self.folded.bytes();
        let has_codes = !self.codes.is_empty();
        let mut gap = Gap::default();
        let mut index = *next;
        // Where an item begins inside the one before, nothing stands between them, nor any part of a word.
        while let Some(token) = self.tokens.get(index)
            && token.start < end
            && at < end
        {
            index += 1;
            if token.end <= at {
                continue;
            }
            let byte = text[token.start.max(at) as usize];
            if !is_word_byte(byte) {
                gap = gap.and(Gap::of_byte(byte));
                continue;
            }
            let (class, span) = self.word(token, at, end);
            at = span.end;
            if (has_codes || span.len() == 1 || class.sense == Some(Sense::There))
                && let Some(item_end) = self.small_item(index, class, span, end, follows, gap, items)
            {
                at = item_end;
                gap = Gap::default();
                continue;
            }
            let joint = Gap::of_word(class.word);
            if joint != Gap::default() {
                gap = gap.and(joint);
            } else if !is_number(text, span) {
                gap.add_content();
            }
        }
        *next = index;
        gap
    }

    /// Appends the item that a word between two mentions is, for once: a letter, a code, or "there". Gives where it ends.
    /// `next` is the token after it, `gap` stands before it.
    // Few words are any: kept apart, so that what is done for every word stays short.
    #[inline(never)]
    #[expect(clippy::too_many_arguments, reason = "all that is known where it stands")]
    fn small_item(
        &self,
        next: usize,
        class: WordClass,
        span: FoldSpan,
        end: u32,
        follows: Option<Kind>,
        gap: Gap,
        items: &mut Items,
    ) -> Option<u32> {
        let letter = self.folded.bytes()[span.start as usize];
        if span.len() == 1
            && let Some(side) = self.letter(letter, span, end, follows, gap, items)
        {
            // "severe on L"
            let before = next.checked_sub(2).and_then(|before| self.tokens.get(before));
            let is_on = before.is_some_and(|word| word.class.sense == Some(Sense::On));
            let form = if is_on { SideForm::Adverb } else { SideForm::Adjective };
            items.push(Item { kind: Kind::Side(side, form), span, gap });
            return Some(span.end);
        }
        if !self.codes.is_empty() && self.code(span, end, gap, items) {
            return items.last().map(|item| item.span.end);
        }
        if class.sense == Some(Sense::There) && self.points_back(span, gap, &self.tokens[next..], items) {
            items.push(Item { kind: Kind::Pointer(LevelWord::Same), span, gap });
            return Some(span.end);
        }
        None
    }

    /// The side that a word of one letter names.
    fn letter(
        &self,
        letter: u8,
        span: FoldSpan,
        end: u32,
        follows: Option<Kind>,
        gap: Gap,
        items: &Items,
    ) -> Option<Side> {
        self.letter_side(letter, span, end, follows, items)
            .or_else(|| self.letter_both(letter, span, end, gap, items))
    }

    /// The word that starts with a token, and its class, of which only what stands from `at` to `end` counts: "level" of
    /// "l5level". "isn't" is one word.
    fn word(&self, token: &Token, at: u32, end: u32) -> (WordClass, FoldSpan) {
        let text = self.folded.bytes();
        let span = FoldSpan::new(token.start.max(at), token.end.min(end));
        let is_shortened = token.end != end && text.get(span.end as usize) == Some(&b'\'');
        if is_shortened {
            let word = word_at(&text[..end.max(token.end) as usize], span.start as usize);
            return (self.words.class(word), FoldSpan::new(span.start, span.start + word.len() as u32));
        }
        if token.start >= at {
            return (token.class, span);
        }
        (self.words.class(self.folded.slice(FoldSpan::new(at, token.end)).as_bytes()), span)
    }

    /// "the canal there is narrow": whether "there", right behind what it is said of, is a place; `after` are the words that
    /// follow. "stenosis, there is a cyst" and "stenosis there may be" name none.
    fn points_back(&self, span: FoldSpan, gap: Gap, after: &[Token], items: &Items) -> bool {
        let is_said = |item: &Item| {
            matches!(item.kind, Kind::Structure(_) | Kind::Change(..) | Kind::Narrowed(_) | Kind::Disc(..))
                && item.span.end + 1 == span.start
        };
        if !gap.is_tight() || !items.last().is_some_and(is_said) {
            return false;
        }
        let is_word = |token: &&Token| self.folded.bytes().get(token.start as usize) != Some(&b' ');
        let mut after = after.iter().filter(is_word).map(|token| token.class);
        match after.next().and_then(|class| class.word) {
            Some(Word::Has | Word::Modal) => false,
            Some(Word::Is) => {
                let next = after.next();
                next.is_some_and(|next| next.word.is_none() && next.sense != Some(Sense::No))
            }
            _ => true,
        }
    }

    /// Reads a code that grades the structure named last; "2/3" is right and left.
    fn code(&self, span: FoldSpan, end: u32, gap: Gap, items: &mut Items) -> bool {
        // "Lee grade 2 foraminal stenosis": a scale says itself what it grades.
        let scale = items.iter().rev().take(2).find_map(|item| match item.kind {
            Kind::Scale(scale) => Some(scale),
            _ => None,
        });
        let named = || {
            items.iter().rev().find_map(|item| match item.kind {
                Kind::Structure(s) => Some(s),
                _ => None,
            })
        };
        let structure = scale.and_then(|scale| self.codes.structure_of(scale)).or_else(named);
        let follows = items.last().is_some_and(|item| {
            matches!(
                item.kind,
                Kind::Structure(_)
                    | Kind::Side(..)
                    | Kind::Scale(_)
                    | Kind::Word(Word::Grade)
                    | Kind::Grade(Grade::Coded(_))
            )
        });
        let text = self.folded.bytes();
        let word = self.folded.slice(span).as_bytes();
        let is_written =
            word[0].is_ascii_digit() || self.folded.note_text(span).starts_with(|c: char| c.is_uppercase());
        let Some(structure) = structure.filter(|_| follows && is_written && gap.content == 0) else {
            return false;
        };
        let Some(code) = self.codes.of(structure, word) else { return false };
        let second = FoldSpan::new(span.end + 1, (span.end + 2).min(end));
        let pair = (text.get(span.end as usize) == Some(&b'/') && second.end > second.start)
            .then(|| self.codes.of(structure, self.folded.slice(second).as_bytes()))
            .flatten();
        if let Some(left) = pair {
            let side = |side, gap| Item { kind: Kind::Side(side, SideForm::Adjective), span, gap };
            items.push(side(Side::Right, gap));
            items.push(Item { kind: Kind::Grade(Grade::Coded(code)), span, gap: Gap::default() });
            items.push(side(Side::Left, Gap { flags: Gap::COMMA, content: 0 }));
            items.push(Item { kind: Kind::Grade(Grade::Coded(left)), span: second, gap: Gap::default() });
        } else {
            items.push(Item { kind: Kind::Grade(Grade::Coded(code)), span, gap });
        }
        true
    }
}

/// Whether a word of the folded note is written in digits.
fn is_number(text: &[u8], word: FoldSpan) -> bool {
    text.get(word.range()).is_some_and(|word| word.iter().all(u8::is_ascii_digit))
}
