//! What has the shape of a code: a pass over the words of the note that have a digit where codes have one.
//!
//! ```text
//! 64483   0228t   j3301   m54.16   m5416      but not  555-64483   12:64483   64483.5   $64483   64483-1234
//! ```

use crate::matching::Token;
use crate::text::FoldSpan;

/// The shape of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Five digits, or four and the letter of a category of CPT.
    Number,
    /// A letter and four digits, which may also be an ICD-10-CM code without its dot.
    Letter,
    /// An ICD-10-CM code with its dot.
    Dotted,
    /// What could be an ICD-10-CM code without its dot.
    Bare,
}

/// Something of the shape of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) shape: Shape,
    pub(super) span: FoldSpan,
}

/// Length of the shortest code, a category of ICD-10-CM.
const SHORTEST: u32 = 3;

/// All candidates of a folded text with these words, in order.
pub(super) fn candidates(text: &[u8], words: &[Token]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut done = 0;
    for word in words {
        let start = word.start as usize;
        // A code starts with digits, or with a letter and digits: with a digit in the second place, which is rarer than a
        // long word.
        let is_numbered = text.get(start + 1).is_some_and(u8::is_ascii_digit);
        if is_numbered && word.end - word.start >= SHORTEST && start >= done {
            let run = Run::new(text, start);
            done = run.end;
            found.extend(run.candidate(text, found.last()));
        }
    }
    found
}

/// A run of letters and digits, with what follows its dot.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    /// End of the run before any dot.
    stem: usize,
    end: usize,
}

impl Run {
    fn new(text: &[u8], start: usize) -> Self {
        let stem = run_end(text, start);
        let is_led_by_letter = text.get(start).is_some_and(u8::is_ascii_alphabetic);
        let is_dotted = is_led_by_letter && text.get(stem) == Some(&b'.');
        let after_dot = run_end(text, stem + 1);
        let end = if is_dotted && after_dot > stem + 1 { after_dot } else { stem };
        Self { start, stem, end }
    }

    fn candidate(self, text: &[u8], before: Option<&Candidate>) -> Option<Candidate> {
        let word = text.get(self.start..self.stem)?;
        let (shape, end) = if self.end > self.stem {
            let detail = text.get(self.stem + 1..self.end)?;
            (is_category(word) && is_detail(detail)).then_some((Shape::Dotted, self.end))?
        } else {
            (shape_of(word)?, self.start + word.len().min(code_length(word)))
        };
        // "x2and" has a letter, a digit and letters, as C7A.1 has, but no code has one digit alone.
        let digits = text.get(self.start..end)?.iter().filter(|byte| byte.is_ascii_digit()).count();
        let is_free = digits > 1 && opens(text, self.start, before) && closes(text, end, shape);
        is_free.then_some(Candidate { shape, span: FoldSpan::new(self.start as u32, end as u32) })
    }
}

/// The shape of a word without dot.
fn shape_of(word: &[u8]) -> Option<Shape> {
    let digits = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = word.get(digits..)?;
    match (digits, rest) {
        (CPT, []) | (4, [b't' | b'f' | b'u']) => Some(Shape::Number),
        (CPT, units) if is_units(units) => Some(Shape::Number),
        // The tables tell whether it is a modifier.
        (CPT, [a, b]) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => Some(Shape::Number),
        (0, [letter, number @ ..]) if letter.is_ascii_alphabetic() => {
            let (digits, units) = number.split_at_checked(CPT - 1).unwrap_or((number, &[]));
            let is_number = digits.len() == CPT - 1 && digits.iter().all(u8::is_ascii_digit);
            if is_number && (units.is_empty() || is_units(units)) {
                return Some(Shape::Letter);
            }
            ((3..=7).contains(&word.len()) && is_category(word.get(..3)?)).then_some(Shape::Bare)
        }
        _ => None,
    }
}

/// Length of a CPT or HCPCS code.
pub(super) const CPT: usize = 5;

/// Whether it is units written up to a code: "64484x2".
const fn is_units(rest: &[u8]) -> bool {
    matches!(rest, [b'x', b'0'..=b'9'] | [b'x', b'0'..=b'9', b'0'..=b'9'])
}

/// How much of a word is the code: units or a modifier may be written up to it, "64484x2", "64483lt".
fn code_length(word: &[u8]) -> usize {
    let has_units = word.get(CPT..).is_some_and(is_units);
    if has_units || word.first().is_some_and(u8::is_ascii_digit) { CPT } else { word.len() }
}

/// Whether it is an ICD-10-CM category: a letter, a digit, and a digit or letter.
fn is_category(word: &[u8]) -> bool {
    let [first, second, third] = word else { return false };
    first.is_ascii_alphabetic() && second.is_ascii_digit() && matches!(third, b'0'..=b'9' | b'a' | b'b')
}

/// Whether it can follow the dot of an ICD-10-CM code. An `x` at the end stands for digits that are left open.
fn is_detail(detail: &[u8]) -> bool {
    detail.len() <= 4
        && detail.last() != Some(&b'x')
        && (detail.iter().any(u8::is_ascii_digit) || detail == b"a")
}

/// Whether a code can start here.
fn opens(text: &[u8], start: usize, before: Option<&Candidate>) -> bool {
    let byte = |back: usize| start.checked_sub(back).and_then(|at| text.get(at)).copied();
    let Some(last) = byte(1) else { return true };
    let after_digit = byte(2).is_some_and(|b| b.is_ascii_digit());
    let after_code = before.is_some_and(|code| code.span.end as usize + 1 == start);
    match last {
        b'-' | b'/' => !after_digit || after_code,
        b':' => !after_digit,
        _ => matches!(
            last,
            b' ' | b'(' | b'[' | b'{' | b',' | b';' | b'+' | b'*' | b'"' | b'\'' | b'|' | b'=' | b'#' | b'&'
        ),
    }
}

/// Whether a code can end here.
fn closes(text: &[u8], end: usize, shape: Shape) -> bool {
    let Some(&next) = text.get(end) else { return true };
    let rest = text.get(end + 1..).unwrap_or_default();
    let run = rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let starts_with_digit = rest.first().is_some_and(u8::is_ascii_digit);
    match next {
        // "M51.1-" names all codes below it; the tables tell whether there are any.
        b'-' => !starts_with_digit || matches!(run, 2 | CPT),
        b'/' => !starts_with_digit || run == CPT,
        b':' | b'.' => run == 0 || next == b':' && !starts_with_digit,
        b',' => run != 3 || !starts_with_digit,
        b'x' => matches!(shape, Shape::Number | Shape::Letter),
        b'a'..=b'z' => shape == Shape::Number && run == 1,
        _ => matches!(
            next,
            b' ' | b')'
                | b']'
                | b'}'
                | b';'
                | b'+'
                | b'*'
                | b'"'
                | b'\''
                | b'|'
                | b'='
                | b'&'
                | b'('
                | b'?'
                | b'!'
                | b'~'
        ),
    }
}

/// Where the run of letters and digits from `at` ends.
pub(super) fn run_end(text: &[u8], at: usize) -> usize {
    at + text.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_alphanumeric()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::matching::{Automaton, FunctionWords};
    use crate::text::Folded;

    fn seen(text: &str) -> Vec<(&str, Shape)> {
        let lexicon = Lexicon::default();
        let automaton = Automaton::new(&lexicon, &FunctionWords::new(&lexicon));
        let words = automaton.find(&Folded::new(text)).tokens;
        let found = candidates(text.as_bytes(), &words).into_iter();
        found.map(|c| (&text[c.span.range()], c.shape)).collect()
    }

    #[test]
    fn only_what_stands_alone_has_the_shape_of_a_code() {
        use Shape::{Bare, Dotted, Letter, Number};
        for (text, expected) in [
            ("cpt 64483, 64484", &[("64483", Number), ("64484", Number)][..]),
            (
                "64483/64484 64479-64484",
                &[("64483", Number), ("64484", Number), ("64479", Number), ("64484", Number)],
            ),
            ("64483-rt 64484x2 64484~2", &[("64483", Number), ("64484", Number), ("64484", Number)]),
            ("64483lt j3301x4", &[("64483", Number), ("j3301", Letter)]),
            ("0228t (j3301) m54.16.", &[("0228t", Number), ("j3301", Letter), ("m54.16", Dotted)]),
            ("m5416 i10", &[("m5416", Letter), ("i10", Bare)]),
            ("x2and c7a.1 c7a1", &[("c7a.1", Dotted), ("c7a1", Bare)]),
            ("m48.061 m53.2x6 m51.a1", &[("m48.061", Dotted), ("m53.2x6", Dotted), ("m51.a1", Dotted)]),
            ("555-64483 816-555-1234 64483-1234 10:64483 64483.5 1.64483 $64483 64483% _64483", &[]),
            ("03/14/2024 2024-03-14 123456 6448 644830 64483a 64483abc 64483/2 64483,123", &[]),
            ("l5 c4.5 m1.5 t2 m54.1x m54.right", &[]),
            ("00-44718 12:30 \u{e9}64483 64483\u{e9}", &[]),
        ] {
            assert_eq!(seen(text), expected, "{text}");
        }
    }
}
