//! What may follow the first letter of a level, and what joins one level to the next.

use smallvec::SmallVec;

use super::LevelMention;
use crate::lexicon::{Measure, Sense, Word};
use crate::matching::words::{FunctionWords, WordClass, is_word_byte};
use crate::model::{Level, Region, Vertebra};
use crate::text::FoldSpan;

/// One level expression: a lone vertebra, or an interspace or range with its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expression {
    Single(Vertebra),
    Spaces { first: Vertebra, last: Vertebra },
}

/// A word and what it is.
#[derive(Clone, Copy)]
struct Known {
    start: usize,
    end: usize,
    class: WordClass,
}

impl Known {
    /// Whether it is "level", or what stands for it.
    const fn is_level_noun(self) -> bool {
        matches!(self.class.sense, Some(Sense::Level | Sense::Levels))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Connector {
    List,
    Range,
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t [u8],
    pub(super) words: &'t FunctionWords,
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(b' ')
    }

    fn skip_blank(&self, at: usize) -> usize {
        at + usize::from(self.byte(at) == b' ' && at < self.text.len())
    }

    /// The word that starts at a place; an empty one where none does.
    fn read(&self, at: usize) -> Known {
        if !self.text.get(at).is_some_and(|&byte| is_word_byte(byte) || byte == b'\'') {
            return Known { start: at, end: at, class: WordClass::default() };
        }
        let (class, end) = self.words.read(self.text, at);
        Known { start: at, end, class }
    }

    /// What stands after a word, past a blank.
    fn after(&self, word: Known) -> Known {
        self.read(self.skip_blank(word.end))
    }

    /// Whether a unit stands at a place, or the sign of multiplication.
    fn is_unit(&self, at: usize) -> bool {
        let word = self.read(at);
        self.text.get(word.start..word.end) == Some(b"x") || word.class.measure.is_some_and(Measure::is_unit)
    }

    pub(super) fn mention(&self, start: usize) -> Option<LevelMention> {
        let (mut expression, mut end) = self.expression(start)?;
        let mut levels = SmallVec::new();
        let mut single = true;
        push(&mut levels, expression, &mut single);
        while let Some((connector, next)) = self.connector(end) {
            let Some((next_one, next_end)) = self
                .expression(next)
                .or_else(|| self.bare(next, expression, connector))
                .or_else(|| match connector {
                    Connector::Range => self.sacrum(next),
                    Connector::List => None,
                })
            else {
                break;
            };
            match connector {
                Connector::List => push(&mut levels, next_one, &mut single),
                Connector::Range => {
                    let (first, last) = (expression.first(), next_one.last());
                    if first >= last {
                        break;
                    }
                    levels.truncate(levels.len().saturating_sub(expression.count()));
                    single = false;
                    push(&mut levels, Expression::Spaces { first, last }, &mut single);
                    expression = Expression::Spaces { first, last };
                    end = next_end;
                    continue;
                }
            }
            (expression, end) = (next_one, next_end);
        }
        Some(LevelMention { span: FoldSpan::new(start as u32, end as u32), levels, single })
    }

    /// A vertebra's name: letter, at most one blank, digits or a number word.
    fn vertebra(&self, at: usize) -> Option<(Vertebra, usize)> {
        let region = Region::from_letter(self.byte(at))?;
        let after = self.skip_blank(at + 1);
        // "L4-5, done in May": a number word stands apart from its letter.
        if after == at + 1 && !self.byte(after).is_ascii_digit() {
            return None;
        }
        let (number, end) = self.number(after)?;
        // A blank before digits is a slip of the keyboard ("S 1"), but "L 45" is no vertebra.
        if region == Region::Thoracic && self.byte(at) == b'd' && after != at + 1 {
            return None;
        }
        Some((Vertebra::new(region, number)?, end))
    }

    /// One or two digits that end there, or a number word.
    fn number(&self, at: usize) -> Option<(u8, usize)> {
        if !self.byte(at).is_ascii_digit() || at >= self.text.len() {
            let word = self.read(at);
            return word.class.number().map(|n| (n, word.end));
        }
        let digits = self.text[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let end = at + digits;
        let decimal = self.byte(end) == b'.' && self.byte(end + 1).is_ascii_digit();
        if digits > 2 || decimal || self.byte(end) == b'%' {
            return None;
        }
        let number = self.text[at..end].iter().fold(0, |n, b| n * 10 + (b - b'0'));
        Some((number, end))
    }

    fn expression(&self, at: usize) -> Option<(Expression, usize)> {
        let Some((upper, mut end)) = self.vertebra(at) else { return self.glued(at) };
        let mut expression = Expression::Single(upper);
        while let Some((lower, next)) = self.lower(expression.last(), end) {
            // "L5-S1 2" is followed by the number of the next line.
            let is_on = || self.read(self.skip_blank(end)).class.sense == Some(Sense::On);
            let is_bare = self.byte(end) == b' ' && (self.byte(end + 1).is_ascii_digit() || is_on());
            let Some(joined) = join(expression.first(), lower).filter(|_| !is_bare || expression.is_single())
            else {
                break;
            };
            expression = joined;
            end = next;
        }
        // "l45" was two digits too many; "l4x" is no vertebra at all.
        let ends = !is_word_byte(self.byte(end)) || self.text.len() <= end || self.read(end).is_level_noun();
        ends.then_some((expression, end))
    }

    /// An interspace whose numbers nothing parts: "L45", "C67".
    fn glued(&self, at: usize) -> Option<(Expression, usize)> {
        let region = Region::from_letter(self.byte(at))
            .filter(|region| matches!(region, Region::Cervical | Region::Lumbar))?;
        let [upper, lower] = self.text.get(at + 1..at + 3)? else { return None };
        let digit = |byte: &u8| byte.is_ascii_digit().then(|| byte - b'0');
        let first = Vertebra::new(region, digit(upper)?)?;
        let last = Vertebra::new(region, digit(lower)?).filter(|&last| first.below() == Some(last))?;
        let ends = self.text.len() <= at + 3 || !is_word_byte(self.byte(at + 3)) && self.byte(at + 3) != b'.';
        ends.then_some((Expression::Spaces { first, last }, at + 3))
    }

    /// The other end of an interspace whose upper end is `upper`.
    fn lower(&self, upper: Vertebra, at: usize) -> Option<(Vertebra, usize)> {
        let blank = self.skip_blank(at);
        let separator = self.byte(blank);
        if matches!(separator, b'-' | b'/' | b'_' | b'\\') {
            let mut next = blank + 1;
            while self.byte(next) == b'-' {
                next += 1;
            }
            let next = self.skip_blank(next);
            return self.vertebra(next).or_else(|| self.lower_number(upper, next));
        }
        // "L5S1", "l four five", "l five s one", "L4 on L5"
        if blank == at {
            return self.vertebra(at).filter(|_| at < self.text.len());
        }
        let word = self.read(blank);
        if matches!(word.class.sense, Some(Sense::On | Sense::Over)) {
            let next = self.skip_blank(word.end);
            return self
                .vertebra(next)
                .or_else(|| self.lower_number(upper, next))
                .filter(|&(lower, end)| upper.below() == Some(lower) && !self.starts_date(end));
        }
        let vertebra = self.vertebra(blank);
        let lettered = vertebra.is_some();
        let is_number = self.byte(blank).is_ascii_digit() || word.class.number().is_some();
        let number = || if is_number { self.lower_number(upper, blank) } else { None };
        let (lower, end) = vertebra.or_else(number)?;
        let dictated = self.text[blank..end].iter().all(|b| !b.is_ascii_digit());
        // "L five S one" is an interspace, "L three L four L five" a list.
        let is_list = lettered && lower.region() == upper.region();
        let written = dictated || lettered || self.text[blank].is_ascii_digit();
        let is_next = upper.below() == Some(lower) && !self.starts_date(end);
        let unit_follows = || self.is_unit(self.skip_blank(end));
        (is_next && written && !is_list && !unit_follows()).then_some((lower, end))
    }

    /// Whether a number that ends at `at` is the first of a date: "on 2/8".
    fn starts_date(&self, at: usize) -> bool {
        self.byte(at) == b'/' && self.byte(at + 1).is_ascii_digit()
    }

    /// A lower end by its number alone: "L4-5", "L5-1".
    fn lower_number(&self, upper: Vertebra, at: usize) -> Option<(Vertebra, usize)> {
        let (number, end) = self.number(at)?;
        let lower = if number > upper.number() {
            Vertebra::new(upper.region(), number)?
        } else if number == 1 {
            upper.below().filter(|v| v.number() == 1)?
        } else {
            return None;
        };
        Some((lower, end))
    }

    /// What joins one level to the next, and where the next starts.
    fn connector(&self, at: usize) -> Option<(Connector, usize)> {
        let mut word = self.read(self.skip_blank(at));
        // "L4-5 level and L5-S1 level"
        if word.is_level_noun() {
            word = self.after(word);
        }
        if word.class.sense == Some(Sense::Down) {
            word = self.after(word);
        }
        let mut next = word.start;
        let mut connector = None;
        if matches!(self.byte(next), b',' | b'/' | b'&' | b'+') && next < self.text.len() {
            connector = Some(Connector::List);
            next = self.skip_blank(next + 1);
            // "L3-4 && L4-5", "L3-4/&L4-5"
            while matches!(self.byte(next), b'&' | b'/') {
                next = self.skip_blank(next + 1);
            }
            word = self.read(next);
        } else if self.byte(next) == b'-' {
            connector = Some(Connector::Range);
            next = self.skip_blank(next + 1);
            word = self.read(next);
        }
        match word.class.word {
            Some(Word::And | Word::Or) => {
                connector = Some(Connector::List);
                next = self.skip_blank(word.end);
            }
            Some(Word::To) => {
                connector = Some(Connector::Range);
                next = self.skip_blank(word.end);
            }
            _ => {
                if let Some(end) = self.as_well_as(word) {
                    connector = Some(Connector::List);
                    next = self.skip_blank(end);
                }
            }
        }
        connector.map(|c| (c, next))
    }

    /// Where "as well as" ends that starts with a word: the same before "well" and after it.
    fn as_well_as(&self, first: Known) -> Option<usize> {
        if first.start == first.end {
            return None;
        }
        let well = self.after(first);
        if well.class.sense != Some(Sense::Well) {
            return None;
        }
        let second = self.after(well);
        let is_same = self.text.get(second.start..second.end) == self.text.get(first.start..first.end);
        is_same.then_some(second.end)
    }

    /// A level without its letter, after one with: "L3-4, 4-5 and 5-1", "L4 and 5".
    fn bare(&self, at: usize, before: Expression, connector: Connector) -> Option<(Expression, usize)> {
        let (number, end) =
            self.number(at).filter(|_| self.byte(at).is_ascii_digit() || connector == Connector::List)?;
        let last = before.last();
        match before {
            Expression::Spaces { .. } => {
                let upper = Vertebra::new(last.region(), number)?;
                let (lower, end) = self.lower(upper, end)?;
                let expression = join(upper, lower)?;
                (!is_word_byte(self.byte(end))).then_some((expression, end))
            }
            Expression::Single(_) => {
                let follows =
                    number == last.number() + 1 || connector == Connector::Range && number > last.number();
                let next = self.byte(self.skip_blank(end));
                let measure = is_word_byte(self.byte(end)) || self.is_unit(self.skip_blank(end));
                (follows && !measure && next != b'-' && next != b'/')
                    .then_some((Expression::Single(Vertebra::new(last.region(), number)?), end))
            }
        }
    }

    /// The bone that a range goes down to, and not by its number: "T10 to the pelvis" ends at S1.
    fn sacrum(&self, at: usize) -> Option<(Expression, usize)> {
        let (mut class, mut end) = self.words.read(self.text, at);
        if class.word == Some(Word::Filler) && end > at {
            (class, end) = self.words.read(self.text, self.skip_blank(end));
        }
        let first = Vertebra::new(Region::Sacral, 1)?;
        (class.sense == Some(Sense::Sacrum)).then_some((Expression::Single(first), end))
    }

    /// Whether T1 or T2 is said of a pulse sequence.
    pub(super) fn is_sequence(&self, mention: &LevelMention) -> bool {
        let only = |v: Vertebra| v.region() == Region::Thoracic && v.number() <= 2;
        if !mention.levels.iter().all(|l| only(l.upper()) && l.lower().is_none_or(only)) {
            return false;
        }
        let mut after = mention.span.end as usize;
        while matches!(self.byte(after), b' ' | b'-' | b',' | b'/') && after < self.text.len() {
            after += 1;
        }
        let before = &self.text[..mention.span.start as usize];
        let before = before.trim_ascii_end();
        let word_start = before.iter().rposition(|b| !is_word_byte(*b)).map_or(0, |i| i + 1);
        let is_sequence = |class: WordClass| class.word == Some(Word::Sequence);
        let first = self.read(after);
        // "T1 and T2 axial"
        is_sequence(first.class)
            || is_sequence(self.words.class(&before[word_start..]))
            || mention.single && is_sequence(self.after(first).class)
    }
}

impl Expression {
    const fn is_single(self) -> bool {
        matches!(self, Self::Single(_))
    }

    const fn first(self) -> Vertebra {
        match self {
            Self::Single(v) => v,
            Self::Spaces { first, .. } => first,
        }
    }

    const fn last(self) -> Vertebra {
        match self {
            Self::Single(v) => v,
            Self::Spaces { last, .. } => last,
        }
    }

    fn count(self) -> usize {
        match self {
            Self::Single(_) => 1,
            Self::Spaces { first, last } => spaces(first, last).count(),
        }
    }
}

/// The expression from `first` down to `lower`; an interspace written upside down is turned.
fn join(first: Vertebra, lower: Vertebra) -> Option<Expression> {
    if lower > first {
        return spaces(first, lower).next().map(|_| Expression::Spaces { first, last: lower });
    }
    (lower.below() == Some(first)).then_some(Expression::Spaces { first: lower, last: first })
}

/// The interspaces from `first` to `last`, transitional ones only where an end names them.
fn spaces(first: Vertebra, last: Vertebra) -> impl Iterator<Item = Level> {
    let mut upper = first;
    std::iter::from_fn(move || {
        if upper >= last {
            return None;
        }
        let lower = if upper.adjoins(last) { last } else { upper.below()? };
        let level = Level::interspace(upper, lower)?;
        upper = lower;
        Some(level)
    })
}

fn push(levels: &mut SmallVec<[Level; 4]>, expression: Expression, single: &mut bool) {
    match expression {
        Expression::Single(v) => levels.push(Level::single(v)),
        Expression::Spaces { first, last } => {
            *single = false;
            levels.extend(spaces(first, last));
        }
    }
}
