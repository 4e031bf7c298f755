//! A sentence as the grammar reads it: its mentions in order, and what stands between them.
//!
//! `moderate left and mild right foraminal narrowing at L4-5` is the items grade, side, (and) grade, side,
//! structure, change, (at) levels. Single letters L and R become sides here, where their neighbours are known.

use smallvec::SmallVec;

use crate::lexicon::{
    Act, ChangeClass, Concept, Form, Imaging, LevelWord, Sense, SideForm, Structure, Symptom, Word,
};
use crate::matching::{FunctionWords, LevelMention, Token, WordClass, is_word_byte, tokens_within, word_at};
use crate::model::{Mention, Severity, Side, Status, Subtype};
use crate::text::{FoldSpan, Folded};

use super::gap::Gap;
use super::scale::{Code, Codes};

/// A grade as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Mild, moderate, severe and their ranges.
    Named(Severity),
    /// A size, which grades a narrowing but no disc.
    Size(Severity),
    /// A word that gives no grade: "significant".
    Ungraded,
    /// "none" in the place of a grade.
    Nil,
    /// A code of a scale or key.
    Coded(Code),
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anatomy.
    Structure(Structure),
    /// A change.
    Change(ChangeClass, Form),
    /// A structure and its narrowing in one.
    Narrowed(Structure),
    /// A displaced disc; the active form is a bare word that can be said of other things.
    Disc(Option<Subtype>, Form),
    /// As it should be.
    Normal,
    /// A grade.
    Grade(Grade),
    /// A side.
    Side(Side, SideForm),
    /// Levels, by their index among the note's level mentions.
    Levels(u32),
    /// A root named by its level, by index among the note's level mentions.
    Root(u32),
    /// Words that point to levels.
    Pointer(LevelWord),
    /// A context cue.
    Cue(Status),
    /// A symptom or a sign: takes the grades, sides and roots before it.
    Noun,
    /// A diagnosis of another kind, which has a level of its own: takes the same.
    Lesion,
    /// A scale, by its index.
    Scale(u8),
    /// Small words that the grammar of attributes reads.
    Word(Word),
    /// A word on procedures.
    Act(Act),
    /// The end of the sentence, for what stands before it.
    End,
}

/// One item of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: FoldSpan,
    /// What stands before it, back to the item before or the sentence's start.
    pub gap: Gap,
}

impl Item {
    /// What stands between the item before these and the last of them, all gaps as one.
    pub(super) fn gap_over(items: &[Self]) -> Gap {
        items.iter().fold(Gap::default(), |gap, item| gap.and(item.gap))
    }
}

/// The items of a sentence.
pub type Items = SmallVec<[Item; 32]>;

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

impl ItemReader<'_, '_> {
    /// Appends the items of `span`: `findings` are its mentions of that layer, `others` those of cues and of
    /// symptoms or procedures, `levels` its level mentions, numbered from `first_level`.
    pub fn read(
        &self,
        span: FoldSpan,
        findings: &[Mention<Concept>],
        others: [&[Mention<Concept>]; 2],
        levels: &[LevelMention],
        first_level: usize,
        items: &mut Items,
    ) {
        let mut at = span.start;
        let mut token = self.tokens.partition_point(|token| token.start < span.start);
        let [cues, symptoms] = others;
        let mut level = 0;
        let mut mentions = [findings, cues, symptoms].map(<[_]>::iter);
        let start = |mention: Option<&Mention<Concept>>| mention.map_or(u32::MAX, |m| m.span.start);
        let level_start = |at: usize| levels.get(at).map_or(u32::MAX, |l| l.span.start);
        let mut starts = mentions.each_ref().map(|of_layer| start(of_layer.as_slice().first()));
        let mut next_level = level_start(0);
        loop {
            let [f, c, s] = starts;
            let next = f.min(c).min(s);
            let (kind, found) = if next_level <= next {
                let Some(mention) = levels.get(level) else { break };
                level += 1;
                next_level = level_start(level);
                (Some(Kind::Levels((first_level + level - 1) as u32)), mention.span)
            } else {
                let layer = if f == next { 0 } else { 1 + usize::from(c != next) };
                let Some(mention) = mentions[layer].next() else { break };
                starts[layer] = start(mentions[layer].as_slice().first());
                (kind_of(mention.concept), mention.span)
            };
            // A cue inside a longer phrase, or a phrase inside a level, is read as part of it.
            let Some(kind) = kind.filter(|_| found.start >= at) else { continue };
            let gap = self.gap(at, found.start, &mut token, items);
            items.push(Item { kind, span: found, gap });
            at = found.end;
        }
        if !items.is_empty() || at > span.start {
            let gap = self.gap(at, span.end, &mut token, items);
            items.push(Item { kind: Kind::End, span: FoldSpan::new(span.end, span.end), gap });
        }
        self.split_progress(items);
        merge_grades(items);
        merge_sides(items);
    }

    /// "progressed from mild to moderate" names the grade of then and the grade of now, no range.
    fn split_progress(&self, items: &mut Items) {
        for i in (1..items.len()).rev() {
            let Kind::Grade(Grade::Named(range)) = items[i].kind else { continue };
            let ends = match range {
                Severity::MildToModerate => (Severity::Mild, Severity::Moderate),
                Severity::ModerateToSevere => (Severity::Moderate, Severity::Severe),
                _ => continue,
            };
            let is_from = |last: &Token| last.class.sense == Some(Sense::From);
            if !is_former(items, i)
                || !tokens_within(self.tokens, items[i - 1].span).last().is_some_and(is_from)
            {
                continue;
            }
            let ways = tokens_within(self.tokens, items[i].span);
            let to = |parts: &&[Token]| matches!(parts, [_, to, _] if to.class.word == Some(Word::To));
            let Some([low, _, high]) = ways.windows(3).find(to) else { continue };
            let then = FoldSpan::new(items[i].span.start, low.end);
            let now = FoldSpan::new(high.start, items[i].span.end);
            items[i] = Item { kind: Kind::Grade(Grade::Named(ends.0)), span: then, gap: items[i].gap };
            let gap = Gap { flags: Gap::TO, content: 0 };
            items.insert(i + 1, Item { kind: Kind::Grade(Grade::Named(ends.1)), span: now, gap });
        }
    }

    /// Reads what stands from `at` to `end`; single letters that are sides are appended to `items`. `next` is moved to
    /// the first token after.
    fn gap(&self, mut at: u32, end: u32, next: &mut usize, items: &mut Items) -> Gap {
        let mut gap = Gap::default();
        while let Some(&token) = self.tokens.get(*next).filter(|token| token.start < end) {
            let before = next.checked_sub(1).and_then(|before| self.tokens.get(before));
            *next += 1;
            if token.end <= at {
                continue;
            }
            let token = if token.start < at { self.rest(token, at) } else { token };
            let byte = self.folded.bytes()[token.start as usize];
            if !is_word_byte(byte) {
                gap = gap.and(Gap::of_byte(byte));
                continue;
            }
            let (class, span) = self.word(token, end);
            at = span.end;
            let letter = if span.len() == 1 {
                self.letter_side(byte, span, end, items)
                    .or_else(|| self.letter_both(byte, span, end, gap, items))
            } else {
                None
            };
            if let Some(side) = letter {
                // "severe on L"
                let is_on = before.is_some_and(|word| word.class.sense == Some(Sense::On));
                let form = if is_on { SideForm::Adverb } else { SideForm::Adjective };
                items.push(Item { kind: Kind::Side(side, form), span, gap });
                gap = Gap::default();
                continue;
            }
            if !self.codes.is_empty() && self.code(span, end, gap, items) {
                gap = Gap::default();
                at = items.last().map_or(at, |item| item.span.end);
                continue;
            }
            gap = gap.and(self.word_gap(class, span));
        }
        gap
    }

    /// What is left of a token from `at` on: "level" of "l5level".
    fn rest(&self, token: Token, at: u32) -> Token {
        let class = self.words.class(self.folded.slice(FoldSpan::new(at, token.end)).as_bytes());
        Token { start: at, class, ..token }
    }

    /// The word that starts with a token, and its class: "isn't" is one word.
    fn word(&self, token: Token, end: u32) -> (WordClass, FoldSpan) {
        let text = &self.folded.bytes()[..end.max(token.end) as usize];
        let token_end = token.end.min(end);
        if text.get(token_end as usize) != Some(&b'\'') {
            return (token.class, FoldSpan::new(token.start, token_end));
        }
        let word = word_at(text, token.start as usize);
        (self.words.class(word), FoldSpan::new(token.start, token.start + word.len() as u32))
    }

    /// What a word means between two items.
    fn word_gap(&self, class: WordClass, span: FoldSpan) -> Gap {
        let flags = match class.word {
            Some(Word::And) => Gap::AND,
            Some(Word::Or) => Gap::OR,
            Some(Word::With) => Gap::WITH,
            Some(Word::Of) => Gap::OF,
            Some(Word::To) => Gap::TO,
            Some(Word::Is) => Gap::IS,
            Some(Word::Has) => Gap::HAS,
            Some(Word::But) => Gap::BUT,
            Some(Word::Which) => Gap::WHICH,
            Some(Word::At) => Gap::AT,
            Some(Word::Filler) => Gap::FILLER,
            _ => {
                let number = self.folded.slice(span).bytes().all(|byte| byte.is_ascii_digit());
                return Gap { flags: 0, content: u8::from(!number) };
            }
        };
        Gap { flags, content: 0 }
    }

    /// Reads a code that grades the structure named last; "2/3" is right and left.
    fn code(&self, span: FoldSpan, end: u32, gap: Gap, items: &mut Items) -> bool {
        let structure = items.iter().rev().find_map(|item| match item.kind {
            Kind::Structure(s) => Some(s),
            _ => None,
        });
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

    /// A lone capital L or R is a side, unless a number makes it litres or a level, or a full stop an initial.
    fn letter_side(&self, letter: u8, span: FoldSpan, end: u32, items: &Items) -> Option<Side> {
        let side = match letter {
            b'l' => Side::Left,
            b'r' => Side::Right,
            _ => return None,
        };
        let note = self.folded.note_text(span);
        let text = &self.folded.bytes()[..end.max(span.end) as usize];
        let before = text[..span.start as usize].trim_ascii_end().last().copied().unwrap_or(b' ');
        // "by Dr. L" names somebody.
        if self.follows_title(span.start) {
            return None;
        }
        let after = match &text[span.end as usize..] {
            // The full stop of the sentence makes no initial.
            [b'.'] => b' ',
            rest => rest.first().copied().unwrap_or(b' '),
        };
        // "C6-7 L foraminal …": the digit is one of a level.
        let level = items.last().filter(|item| matches!(item.kind, Kind::Levels(_)));
        let of_level = level.is_some_and(|item| item.span.end + 1 == span.start);
        (note.bytes().all(|b| b.is_ascii_uppercase())
            && (side == Side::Right || !before.is_ascii_digit() || of_level)
            && after != b'\''
            && after != b'.')
            .then_some(side)
    }

    /// Whether a title stands before a place: "Dr. L". Capitals without a full stop are no title: "L5 DR L" is a ramus.
    fn follows_title(&self, at: u32) -> bool {
        let is_stop = |token: &&Token| self.folded.bytes()[token.start as usize] == b'.';
        let mut before = self.tokens[..self.tokens.partition_point(|token| token.start < at)].iter().rev();
        let stops = before.clone().take_while(is_stop).count();
        before.nth(stops).is_some_and(|word| {
            let written = self.folded.note_text(FoldSpan::new(word.start, word.end));
            word.class.word == Some(Word::Title) && (stops > 0 || written.contains(char::is_lowercase))
        })
    }

    /// A lone capital B right after what is graded, at the end of its phrase, is both sides: "mild facet arthropathy B".
    fn letter_both(&self, letter: u8, span: FoldSpan, end: u32, gap: Gap, items: &Items) -> Option<Side> {
        let is_said = matches!(
            items.last()?.kind,
            Kind::Change(..) | Kind::Narrowed(_) | Kind::Structure(Structure::Foramen | Structure::Facet)
        );
        let after = self.folded.bytes()[..end.max(span.end) as usize].get(span.end as usize);
        let closes = matches!(after, None | Some(b',' | b';' | b'.' | b')'));
        (letter == b'b' && is_said && gap.is_tight() && closes && self.folded.note_text(span) == "B")
            .then_some(Side::Bilateral)
    }
}

fn kind_of(concept: Concept) -> Option<Kind> {
    Some(match concept {
        Concept::Structure(s) => Kind::Structure(s),
        Concept::Change(class, form) => Kind::Change(class, form),
        Concept::Narrowed(s) => Kind::Narrowed(s),
        Concept::Displacement(subtype, form) => Kind::Disc(Some(subtype), form),
        Concept::Displaced => Kind::Disc(None, Form::Noun),
        Concept::Normal => Kind::Normal,
        Concept::Severity(s) => Kind::Grade(Grade::Named(s)),
        Concept::Size(s) => Kind::Grade(Grade::Size(s)),
        Concept::Ungraded => Kind::Grade(Grade::Ungraded),
        Concept::Word(Word::Nil) => Kind::Grade(Grade::Nil),
        Concept::Side(side, form) => Kind::Side(side, form),
        Concept::Level(word) => Kind::Pointer(word),
        Concept::Cue(status, _) => Kind::Cue(status),
        Concept::Scale(index) => Kind::Scale(index),
        Concept::Word(word) => Kind::Word(word),
        Concept::Act(act) => Kind::Act(act),
        Concept::Symptom(Symptom::Complaint | Symptom::Radicular | Symptom::Sign | Symptom::Loss) => {
            Kind::Noun
        }
        Concept::Imaging(Imaging::Diagnosis) => Kind::Lesion,
        _ => return None,
    })
}

impl Grade {
    /// The severity that it gives a narrowing.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Named(s) | Self::Size(s) => Some(s),
            Self::Coded(code) => code.severity,
            Self::Ungraded | Self::Nil => None,
        }
    }
}

/// Joins the two ends of a range of grades: "mild to moderate", "mod-sev".
fn merge_grades(items: &mut Items) {
    let mut kept = 0;
    for i in 0..items.len() {
        let item = items[i];
        if let Kind::Grade(high) = item.kind
            && kept > 0
            && let Kind::Grade(low) = items[kept - 1].kind
            && !matches!((low, high), (Grade::Coded(_), _) | (_, Grade::Coded(_)))
            && item.gap.content == 0
            && !item.gap.has(!(Gap::TO | Gap::DASH | Gap::SLASH | Gap::FILLER))
            && (kept < 2 || items[kept - 2].kind != Kind::Word(Word::Formerly))
            && (item.gap.has(Gap::TO | Gap::DASH | Gap::SLASH)
                || item.span.start - items[kept - 1].span.end <= 1)
        {
            let merged = match (low.severity(), high.severity()) {
                (Some(a), Some(b)) if matches!((low, high), (Grade::Size(_), Grade::Size(_))) => {
                    Grade::Size(Severity::range(a, b))
                }
                (Some(a), Some(b)) => Grade::Named(Severity::range(a, b)),
                (None, Some(_)) => high,
                _ => low,
            };
            items[kept - 1].kind = Kind::Grade(merged);
            items[kept - 1].span = items[kept - 1].span.union(item.span);
            continue;
        }
        items[kept] = item;
        kept += 1;
    }
    items.truncate(kept);
}

/// Whether the grade at `index` is one of an earlier time: "progressed from mild to moderate".
fn is_former(items: &[Item], index: usize) -> bool {
    index > 0 && items[index - 1].kind == Kind::Word(Word::Formerly)
}

/// Whether a side is that of a structure of which a clause goes on to tell: "extends into the right L4-5 foramen, which …".
fn opens_clause(items: &[Item], side: usize) -> bool {
    let next = (side + 1..items.len()).find(|&at| !matches!(items[at].kind, Kind::Levels(_)));
    next.is_some_and(|at| {
        matches!(items[at].kind, Kind::Structure(_))
            && Item::gap_over(&items[side + 1..=at]).is_tight()
            && items.get(at + 1).is_some_and(|after| after.gap.has(Gap::WHICH))
    })
}

/// Joins what makes one side of two: "left and right", "right greater than left", "worse on the left".
fn merge_sides(items: &mut Items) {
    let mut i = 0;
    while i < items.len() {
        let side_at = |at: usize| match items.get(at).map(|item| item.kind) {
            Some(Kind::Side(side, form)) => Some((side, form)),
            _ => None,
        };
        let joins = |at: usize| items[at].gap.content == 0 && !items[at].gap.has(Gap::HARD);
        let merged = match (side_at(i), items.get(i + 1).map(|item| item.kind)) {
            // "right greater than left"
            (Some((a, _)), Some(Kind::Word(Word::Than | Word::More))) if joins(i + 1) => {
                side_at(i + 2).filter(|_| joins(i + 2)).map(|(b, _)| (3, a.and(b), SideForm::Compared))
            }
            // "left and right"
            (Some((a, SideForm::Adjective)), Some(Kind::Side(b, SideForm::Adjective)))
                if a != b && joins(i + 1) && items[i + 1].gap.has(Gap::AND | Gap::OR | Gap::SLASH) =>
            {
                Some((2, Side::Bilateral, SideForm::Adjective))
            }
            // "worse on the left"
            (None, Some(Kind::Side(a, _)))
                if items[i].kind == Kind::Word(Word::More) && joins(i + 1) && !opens_clause(items, i + 1) =>
            {
                Some((2, a, SideForm::Compared))
            }
            _ => None,
        };
        if let Some((count, side, form)) = merged {
            let span = items[i].span.union(items[i + count - 1].span);
            items[i] = Item { kind: Kind::Side(side, form), span, gap: items[i].gap };
            items.drain(i + 1..i + count);
        } else {
            i += 1;
        }
    }
}
