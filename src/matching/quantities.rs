//! Numbers with their units, read beside a mention: doses, volumes, concentrations, percentages, durations, scores.
//!
//! ```text
//! 40 mg    0.25%    10 mg/mL    2 cc    twenty milligrams    50-75 %    6-week    3 to 4 months    x 10 wks    6-7/10
//! ```
//!
//! A number inside a word or a date is none ("L4-5", "7/10/2023", "1/16th"). Nothing here searches a note: the caller
//! gives the stretch around a mention.

use smallvec::SmallVec;

use super::automaton::Token;
use super::words::{FunctionWords, WordClass, is_word_byte};
use crate::lexicon::{Measure, Sense, Word};
use crate::text::FoldSpan;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nothing that is told.
    Bare,
    /// Milligrams; micrograms and grams are turned into them.
    Milligrams,
    /// Millilitres.
    Millilitres,
    /// Percent.
    Percent,
    /// Milligrams in a millilitre.
    MilligramsPerMillilitre,
    /// Days; longer and shorter times are turned into them: a month is 30, a year 365.
    Days,
    /// Years of age.
    Age,
    /// Steps of ten: "7/10".
    OutOfTen,
    /// Anything else that is told: gauge, length.
    Other,
}

/// A number or a range of numbers with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// The number; the lower end of a range.
    pub low: f64,
    /// The number; the higher end of a range.
    pub high: f64,
    /// What it counts.
    pub unit: Unit,
    /// Where number and unit stand.
    pub span: FoldSpan,
}

/// The quantities of a stretch of the note.
pub type Quantities = SmallVec<[Quantity; 8]>;

/// Longest number that is read, in bytes: "1,000.25".
const LONGEST: usize = 10;

/// Reads the quantities within a stretch of a folded note, in order; `tokens` are those of the note.
pub fn quantities(text: &[u8], tokens: &[Token], words: &FunctionWords, within: FoldSpan) -> Quantities {
    let end = (within.end as usize).min(text.len());
    let reader = Reader { text: &text[..end], words };
    let mut found = Quantities::new();
    let mut at = within.start as usize;
    let first = tokens.partition_point(|token| token.end <= within.start);
    for token in tokens[first..].iter().take_while(|token| (token.start as usize) < end) {
        let start = token.start.max(within.start) as usize;
        if start < at {
            continue;
        }
        if !reader.may_start(token, start) {
            at = reader.joined_end(token, start);
            continue;
        }
        let after = found.last().map_or(usize::MAX, |last: &Quantity| last.span.end as usize);
        match reader.quantity(start, after) {
            Some(quantity) => {
                at = quantity.span.end as usize;
                found.push(quantity);
            }
            None => at = reader.token_end(start),
        }
    }
    found
}

/// Whether the first quantity of a stretch may start with a token, all of which the stretch has: nearly all are words of
/// letters that spell no number, and of the others most belong to levels and dates.
pub fn may_begin_quantity(text: &[u8], token: &Token) -> bool {
    let at = token.start as usize;
    let before = at.checked_sub(1).and_then(|before| text.get(before)).copied().unwrap_or(b' ');
    token.class.number().is_some() || starts_with_digit(text, at) && !goes_on(before)
}

/// Whether a number in digits starts at a place, a letter that stands for "times" or a point before it: "5", "x5", ".25".
fn starts_with_digit(text: &[u8], at: usize) -> bool {
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    is_digit(at) || matches!(text.get(at), Some(b'x' | b'.')) && is_digit(at + 1)
}

/// Whether what stands right behind a byte goes on with a word, a date or a level, and begins no quantity.
fn goes_on(before: u8) -> bool {
    is_word_byte(before) || matches!(before, b'/' | b'-' | b'.' | b'\'')
}

/// The word behind a number, with at most a blank between: it may go on with a range, or be a unit.
struct Behind<'t> {
    start: usize,
    word: &'t [u8],
    class: WordClass,
}

/// A number before its unit is known.
#[derive(Clone, Copy)]
struct Number {
    value: f64,
    end: usize,
    is_word: bool,
}

struct Reader<'t> {
    text: &'t [u8],
    words: &'t FunctionWords,
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(b' ')
    }

    fn skip_blank(&self, at: usize) -> usize {
        at + usize::from(self.text.get(at) == Some(&b' '))
    }

    /// The letters and digits that start at a place.
    fn word(&self, at: usize) -> &[u8] {
        let rest = self.text.get(at..).unwrap_or_default();
        &rest[..rest.iter().take_while(|&&b| is_word_byte(b)).count()]
    }

    /// The letters that start at a place: the unit in "80mg".
    fn letters(&self, at: usize) -> &[u8] {
        let word = self.word(at);
        &word[..word.iter().take_while(|b| !b.is_ascii_digit()).count()]
    }

    fn measure(&self, word: &[u8]) -> Option<Measure> {
        self.words.class(word).measure
    }

    fn behind(&self, at: usize) -> Behind<'_> {
        let start = self.skip_blank(at);
        let word = self.word(start);
        Behind { start, word, class: self.words.class(word) }
    }

    /// Whether a decimal without its zero starts here: ".25".
    fn is_point(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or(b' ', |i| self.byte(i));
        self.byte(at) == b'.' && self.byte(at + 1).is_ascii_digit() && !is_word_byte(before) && before != b'.'
    }

    /// Whether a number may start with a token, of which the stretch has what stands from `at` on.
    fn may_start(&self, token: &Token, at: usize) -> bool {
        // What the stretch cuts off is read as it stands.
        let is_cut = token.end as usize > self.text.len();
        is_cut || token.class.number().is_some() || starts_with_digit(self.text, at)
    }

    /// Where what goes on with a token that starts no number ends.
    fn joined_end(&self, token: &Token, at: usize) -> usize {
        // Only a digit joins a word to what stands behind it.
        let ends_in_digit = self.byte(token.end as usize - 1).is_ascii_digit();
        if ends_in_digit { self.token_end(at) } else { token.end as usize }
    }

    /// Where what starts here and is no quantity ends: a date, a level and a fraction go as one.
    fn token_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let joins = |i: usize| {
            matches!(rest[i], b'/' | b'-' | b'.' | b':' | b',')
                && i > 0
                && rest[i - 1].is_ascii_digit()
                && rest.get(i + 1).is_some_and(u8::is_ascii_digit)
        };
        let end = (0..rest.len()).find(|&i| !is_word_byte(rest[i]) && !joins(i)).unwrap_or(rest.len());
        at + end.max(1)
    }

    /// The quantity that starts at `at`, the start of a word; `after` is where the quantity before ends.
    fn quantity(&self, at: usize, after: usize) -> Option<Quantity> {
        let before = at.checked_sub(1).map_or(b' ', |i| self.byte(i));
        let follows = before == b'/' && after == at - 1;
        if !follows && goes_on(before) {
            return None;
        }
        // "x5 months"
        let start = at + usize::from(self.byte(at) == b'x' && self.byte(at + 1).is_ascii_digit());
        let first = self.number(start)?;
        let behind = self.behind(first.end);
        if let Some(second) = self.range_end(first.end, &behind) {
            let (unit, end, factor) = self.unit(second.end, &self.behind(second.end))?;
            if unit != Unit::Bare {
                return self.made(at, [first.value * factor, second.value * factor], unit, end);
            }
        }
        let (unit, end, factor) = self.unit(first.end, &behind)?;
        // "#20-gauge" is a size, "#2" a number of a list.
        if (first.is_word || before == b'#') && unit == Unit::Bare {
            return None;
        }
        self.made(at, [first.value * factor; 2], unit, end)
    }

    fn made(&self, start: usize, [a, b]: [f64; 2], unit: Unit, end: usize) -> Option<Quantity> {
        let is_whole = !self.byte(end).is_ascii_digit() || !self.byte(end - 1).is_ascii_digit();
        let span = FoldSpan::new(start as u32, end as u32);
        is_whole.then(|| Quantity { low: a.min(b), high: a.max(b), unit, span })
    }

    /// The number at a place: digits with their point, or a number word.
    fn number(&self, at: usize) -> Option<Number> {
        if !self.byte(at).is_ascii_digit() && !self.is_point(at) {
            return self.number_word(at);
        }
        let rest = self.text.get(at..).unwrap_or_default();
        let digit = |i: usize| rest.get(i).is_some_and(u8::is_ascii_digit);
        let thousands = |i: usize| rest[i] == b',' && (1..4).all(|n| digit(i + n)) && !digit(i + 4);
        let mut end = 0;
        let mut has_point = false;
        // Both are whole and short, so none is rounded but what they make: it is as near to the number as can be.
        let (mut whole, mut parts) = (0.0, 1.0);
        while end < rest.len()
            && (digit(end) || thousands(end) || rest[end] == b'.' && digit(end + 1) && !has_point)
        {
            if end == LONGEST {
                return None;
            }
            if digit(end) {
                whole = whole * 10.0 + f64::from(rest[end] - b'0');
                parts *= if has_point { 10.0 } else { 1.0 };
            }
            has_point |= rest[end] == b'.';
            end += 1;
        }
        Some(Number { value: whole / parts, end: at + end, is_word: false })
    }

    /// "forty", "twenty five".
    fn number_word(&self, at: usize) -> Option<Number> {
        let word = self.word(at);
        let value = self.words.class(word).number()?;
        let end = at + word.len();
        let next = self.word(self.skip_blank(end));
        let ones = self.words.class(next).number().filter(|&n| (20..100).contains(&value) && n < 10);
        let (value, end) = ones.map_or((value, end), |n| (value + n, end + 1 + next.len()));
        Some(Number { value: f64::from(value), end, is_word: true })
    }

    /// The higher end of a range whose lower end stops here: "6-7", "3 to 4".
    fn range_end(&self, at: usize, behind: &Behind<'_>) -> Option<Number> {
        let next = if self.byte(behind.start) == b'-' {
            self.skip_blank(behind.start + 1)
        } else {
            let is_to = behind.start > at && behind.class.word == Some(Word::To);
            is_to.then(|| self.skip_blank(behind.start + behind.word.len()))?
        };
        self.number(next)
    }

    /// The unit after a number, where it ends, and by what the number is multiplied to count it. `None` where what
    /// follows shows that it is no number at all.
    fn unit(&self, at: usize, behind: &Behind<'_>) -> Option<(Unit, usize, f64)> {
        let next = at + usize::from(matches!(self.text.get(at), Some(b' ' | b'-')));
        if self.byte(next) == b'%' {
            return Some((Unit::Percent, next + 1, 1.0));
        }
        if let Some(end) = self.ten(behind) {
            return Some((Unit::OutOfTen, end, 1.0));
        }
        let letters = self.letters(next);
        let end = next + letters.len();
        let is_whole = next == behind.start && letters.len() == behind.word.len();
        let measure = if is_whole { behind.class.measure } else { self.measure(letters) };
        let days = |days: f64| Some((self.time(end), end, days));
        match measure {
            Some(Measure::Milligram) => Some(self.mass(end, 1.0)),
            Some(Measure::Microgram) => Some(self.mass(end, 0.001)),
            Some(Measure::Gram) => Some(self.mass(end, 1000.0)),
            Some(Measure::Millilitre) => Some((Unit::Millilitres, end, 1.0)),
            Some(Measure::Percent) => Some((Unit::Percent, end, 1.0)),
            Some(Measure::Gauge | Measure::Length) => Some((Unit::Other, end, 1.0)),
            Some(Measure::Minute) => days(1.0 / 1440.0),
            Some(Measure::Hour) => days(1.0 / 24.0),
            Some(Measure::Day) => days(1.0),
            Some(Measure::Week) => days(7.0),
            Some(Measure::Month) => days(30.0),
            Some(Measure::Year) => days(365.0),
            _ => self.is_alone(at).then_some((Unit::Bare, at, 1.0)),
        }
    }

    /// Whether a number that ends here is one by itself: no date, fraction, ratio, time of day or word goes on.
    fn is_alone(&self, at: usize) -> bool {
        let (byte, next) = (self.byte(at), self.byte(at + 1));
        !(is_word_byte(byte) || matches!(byte, b'/' | b'-' | b':' | b'.') && next.is_ascii_alphanumeric())
    }

    /// A mass, or a concentration where a volume follows: "mg/mL", "mg per cc". "80 mg/2 mL" is a dose and its volume.
    fn mass(&self, end: usize, factor: f64) -> (Unit, usize, f64) {
        let blank = self.skip_blank(end);
        let volume = if self.byte(blank) == b'/' {
            Some(self.skip_blank(blank + 1))
        } else {
            let word = self.word(blank);
            let is_per = blank > end && self.measure(word) == Some(Measure::Per);
            is_per.then(|| self.skip_blank(blank + word.len()))
        };
        let concentration = volume.and_then(|at| {
            let word = self.letters(at);
            (self.measure(word) == Some(Measure::Millilitre)).then_some(at + word.len())
        });
        concentration
            .map_or((Unit::Milligrams, end, factor), |end| (Unit::MilligramsPerMillilitre, end, factor))
    }

    /// Days, or an age: "52-year-old".
    fn time(&self, end: usize) -> Unit {
        let next = end + usize::from(matches!(self.text.get(end), Some(b' ' | b'-')));
        if self.measure(self.word(next)) == Some(Measure::Old) { Unit::Age } else { Unit::Days }
    }

    /// Where "/10" or "out of 10" after a number ends.
    fn ten(&self, behind: &Behind<'_>) -> Option<usize> {
        let next = if self.byte(behind.start) == b'/' {
            self.skip_blank(behind.start + 1)
        } else {
            let of = self.skip_blank(behind.start + behind.word.len());
            let sense = |word| self.words.class(word).sense;
            let is_out_of =
                behind.class.sense == Some(Sense::Out) && sense(self.word(of)) == Some(Sense::Whole);
            is_out_of.then(|| self.skip_blank(of + self.word(of).len()))?
        };
        let word = self.word(next);
        let end = next + word.len();
        let is_ten = word == b"10" || self.words.class(word).number() == Some(10);
        let goes_on = matches!(self.byte(end), b'/' | b'-' | b'.') && self.byte(end + 1).is_ascii_digit();
        (is_ten && !goes_on).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::lexicon::Lexicon;
    use crate::matching::Automaton;
    use crate::text::Folded;

    static KNOWN: LazyLock<(FunctionWords, Automaton)> = LazyLock::new(|| {
        let lexicon = Lexicon::embedded();
        let words = FunctionWords::new(&lexicon);
        let automaton = Automaton::new(&lexicon, &words);
        (words, automaton)
    });

    fn all(folded: &Folded<'_>, within: FoldSpan) -> Quantities {
        let (words, automaton) = &*KNOWN;
        quantities(folded.bytes(), &automaton.find(folded).tokens, words, within)
    }

    /// Quantities as text: "40 Milligrams".
    fn read(note: &str) -> Vec<String> {
        let folded = Folded::new(note);
        let whole = FoldSpan::new(0, folded.bytes().len() as u32);
        let shown = |q: &Quantity| {
            let value = if (q.low - q.high).abs() < 1e-9 {
                format!("{}", (q.low * 1e6).round() / 1e6)
            } else {
                format!("{}..{}", q.low, q.high)
            };
            format!("{value} {:?}", q.unit)
        };
        all(&folded, whole).iter().map(shown).collect()
    }

    #[test]
    fn numbers_with_units() {
        for (note, expected) in [
            ("40 mg of steroid", &["40 Milligrams"][..]),
            ("80mg", &["80 Milligrams"]),
            ("250 mcg, 0.5 g", &["0.25 Milligrams", "500 Milligrams"]),
            ("10 mg/mL, 1 mL", &["10 MilligramsPerMillilitre", "1 Millilitres"]),
            ("40 mg per cc", &["40 MilligramsPerMillilitre"]),
            ("80 mg/2 mL", &["80 Milligrams", "2 Millilitres"]),
            ("2 cc of 0.25% or .5 %", &["2 Millilitres", "0.25 Percent", "0.5 Percent"]),
            ("Twenty milligrams; twenty-five percent", &["20 Milligrams", "25 Percent"]),
            ("50-75% for 3 to 4 months", &["50..75 Percent", "90..120 Days"]),
            ("a six-week course, x5 months, 5h", &["42 Days", "150 Days", "0.208333 Days"]),
            ("a 52-year-old, 6 years old", &["18980 Age", "2190 Age"]),
            ("6-7/10, 8 out of ten", &["6..7 OutOfTen", "8 OutOfTen"]),
            ("7 / 10.", &["7 OutOfTen"]),
            ("1,000 mg", &["1000 Milligrams"]),
            ("22-gauge 3.5 inch, #20-gauge, #2", &["22 Other", "3.5 Other", "20 Other"]),
            ("ODI 42, NRS 7 -> 2", &["42 Bare", "7 Bare", "2 Bare"]),
        ] {
            assert_eq!(read(note), expected, "{note}");
        }
    }

    #[test]
    fn what_is_no_quantity() {
        for note in [
            "L4-5 and C7",
            "7/10/2023",
            "on 11/2 she",
            "1/16th",
            "12:30",
            "T12-L1",
            "64483-RT",
            "#2-0 Vicryl",
            "one",
            "1:200,000",
            "12345678901234567890",
        ] {
            let units: Vec<_> = read(note).into_iter().filter(|q| !q.ends_with("Bare")).collect();
            assert!(units.is_empty(), "{note}: {units:?}");
        }
        assert!(read("7/10/2023, 11/2, 12:30, L4-5").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_gives_ordered_places_and_no_negative_number(note in "\\PC{0,120}|[0-9a-z ./%,-]{0,60}") {
            let folded = Folded::new(&note);
            let length = folded.bytes().len() as u32;
            let mut done = 0;
            for q in all(&folded, FoldSpan::new(0, length + 5)) {
                prop_assert!(q.span.start >= done && q.span.end <= length && !q.span.is_empty());
                prop_assert!(0.0 <= q.low && q.low <= q.high && q.high.is_finite());
                prop_assert!(folded.text().get(q.span.range()).is_some());
                done = q.span.end;
            }
        }
    }
}
