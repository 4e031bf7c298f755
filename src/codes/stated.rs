//! Codes in a note: found, and never confused with telephone numbers, dates and measurements.
//!
//! A number is a code where the tables have it, where words of coding stand before it, where a modifier is joined to
//! it, or where it stands in a list with one that is. An unknown code is stated as well, so that a rule can say so.

use super::reading::Reading;
use super::scan::{Candidate, Shape, candidates};
use super::suffix::{self, Suffix, is_measured};
use crate::lexicon::Coding;
use crate::matching::steps;
use crate::model::{CodeSystem, StatedCode};
use crate::text::FoldSpan;

/// The most words and marks between two codes of a list.
const LIST_GAP: usize = 5;

/// The codes that a note states, each time that it does, in its order.
pub fn stated_codes(reading: &Reading<'_>) -> Vec<StatedCode> {
    let found = candidates(reading.folded.bytes(), reading.tokens);
    if found.is_empty() {
        return Vec::new();
    }
    let mut read: Vec<Read> =
        found.into_iter().filter_map(|candidate| Read::new(reading, candidate)).collect();
    spread(reading, &mut read);
    read.into_iter().filter_map(|read| read.stated(reading)).collect()
}

/// A candidate with what stands around it.
#[derive(Debug)]
struct Read {
    candidate: Candidate,
    /// The code, if it is one of the system below.
    code: String,
    system: Option<CodeSystem>,
    suffix: Suffix,
}

impl Read {
    /// Reads what stands around a candidate; `None` where that shows that it is no code.
    fn new(reading: &Reading<'_>, candidate: Candidate) -> Option<Self> {
        let span = candidate.span;
        let cue = reading.cue_before(span.start);
        let is_numbered = cue.is_none() && reading.byte_before(span.start) == Some(b'#');
        if cue == Some(Coding::Identifier) || is_numbered || is_measured(reading, span.end as usize) {
            return None;
        }
        let code = reading.folded.slice(span).to_ascii_uppercase();
        let suffix = match candidate.shape {
            Shape::Number | Shape::Letter => suffix::read(reading, &code, span.end as usize),
            Shape::Dotted | Shape::Bare => Suffix { end: span.end as usize, ..Suffix::default() },
        };
        // "64483ab" is none: only a modifier may be written up to a code.
        let is_joined = text_at(reading, span.end).is_some_and(|byte| byte.is_ascii_alphabetic());
        if is_joined && suffix.end == span.end as usize {
            return None;
        }
        let mut read = Self { candidate, code, system: None, suffix };
        read.system = read.system(reading, cue);
        let is_left_open = candidate.shape == Shape::Dotted && reading.is_left_open(span.end as usize);
        (!is_left_open || reading.tables.is_ever_billable(&read.code)).then_some(read)
    }

    /// The system that the words around it, or the tables, say that it is of.
    fn system(&self, reading: &Reading<'_>, cue: Option<Coding>) -> Option<CodeSystem> {
        let tables = reading.tables;
        let is_cued = matches!(cue, Some(Coding::Cpt | Coding::Hcpcs | Coding::Code));
        match self.candidate.shape {
            Shape::Number => {
                let is_known = tables.has_cpt(&self.code) && !is_zip(reading, self.candidate.span);
                (is_cued || is_known || self.has_joined_modifier(reading)).then_some(CodeSystem::Cpt)
            }
            Shape::Letter if cue == Some(Coding::Icd10) => Some(CodeSystem::Icd10Cm),
            Shape::Letter => {
                let is_known = tables.has_hcpcs(&self.code) || self.code.starts_with('J');
                (is_cued || is_known || self.has_joined_modifier(reading)).then_some(CodeSystem::Hcpcs)
            }
            Shape::Dotted => {
                let is_cued = matches!(cue, Some(Coding::Icd10 | Coding::Code));
                let is_stated = is_cued || tables.covers_icd10(&self.code) || self.is_bracketed(reading);
                is_stated.then_some(CodeSystem::Icd10Cm)
            }
            Shape::Bare => (cue == Some(Coding::Icd10)).then_some(CodeSystem::Icd10Cm),
        }
    }

    /// Whether a modifier that the tables have is joined to it by a dash.
    fn has_joined_modifier(&self, reading: &Reading<'_>) -> bool {
        let is_joined = reading.folded.bytes().get(self.candidate.span.end as usize) == Some(&b'-');
        is_joined && self.suffix.modifiers.first().is_some_and(|first| reading.tables.has_modifier(first))
    }

    /// Whether it fills a pair of brackets, as codes do behind a diagnosis. Temperatures ("T36.6") and the V codes of
    /// ICD-9-CM stand in brackets too.
    fn is_bracketed(&self, reading: &Reading<'_>) -> bool {
        let span = self.candidate.span;
        let after = reading.folded.bytes().get(span.end as usize);
        !self.code.starts_with(['T', 'V'])
            && matches!(reading.byte_before(span.start), Some(b'(' | b'['))
            && matches!(after, Some(b')' | b']'))
    }

    /// The code as stated; `None` where nothing says that it is one.
    fn stated(self, reading: &Reading<'_>) -> Option<StatedCode> {
        let system = self.system?;
        let span = FoldSpan::new(self.candidate.span.start, self.suffix.end as u32);
        let mut code = self.code;
        if system == CodeSystem::Icd10Cm && self.candidate.shape != Shape::Dotted && code.len() > 3 {
            code.insert(3, '.');
        }
        Some(StatedCode {
            system,
            code,
            modifiers: self.suffix.modifiers,
            units: self.suffix.units,
            has_broken_units: self.suffix.has_broken_units,
            is_past: false,
            section: reading.section(span.start),
            span: reading.folded.to_note(span),
        })
    }
}

fn text_at(reading: &Reading<'_>, at: u32) -> Option<u8> {
    reading.folded.bytes().get(at as usize).copied()
}

/// Makes codes of what stands in a list with a code.
fn spread(reading: &Reading<'_>, read: &mut [Read]) {
    for at in 1..read.len() {
        let Some([one, other]) = read.get_mut(at - 1..=at) else { continue };
        if other.system.is_none() && are_listed(reading, one, other) {
            other.system = listed_as(other.candidate.shape, one.system);
        }
    }
    for at in (1..read.len()).rev() {
        let Some([one, other]) = read.get_mut(at - 1..=at) else { continue };
        if one.system.is_none() && are_listed(reading, one, other) {
            one.system = listed_as(one.candidate.shape, other.system);
        }
    }
}

/// Whether nothing but a comma or the like stands between two.
fn are_listed(reading: &Reading<'_>, one: &Read, other: &Read) -> bool {
    let gap = FoldSpan::new(one.suffix.end as u32, other.candidate.span.start);
    let is_near = steps(reading.tokens, gap.start, gap.end) <= LIST_GAP;
    let gap = reading.folded.slice(gap).trim();
    let is_mark = |c| matches!(c, ',' | ';' | '/' | '&' | '+' | '-' | ' ');
    is_near && !gap.is_empty() && (gap.chars().all(is_mark) || reading.is_and(gap.trim_matches(is_mark)))
}

/// What something of a shape is beside a code of a system.
fn listed_as(shape: Shape, system: Option<CodeSystem>) -> Option<CodeSystem> {
    match (shape, system?) {
        (Shape::Number, CodeSystem::Cpt | CodeSystem::Hcpcs) => Some(CodeSystem::Cpt),
        (Shape::Letter, CodeSystem::Cpt | CodeSystem::Hcpcs) => Some(CodeSystem::Hcpcs),
        (Shape::Letter | Shape::Dotted | Shape::Bare, CodeSystem::Icd10Cm) => Some(CodeSystem::Icd10Cm),
        _ => None,
    }
}

/// Whether it ends an address: two capitals before it, and a comma before these.
fn is_zip(reading: &Reading<'_>, span: FoldSpan) -> bool {
    let before = reading.folded.bytes().get(..span.start as usize).unwrap_or_default();
    let [.., b',', b' ', a, b, b' '] = before else { return false };
    let state = FoldSpan::new(span.start - 3, span.start - 1);
    let is_capital = reading.folded.note_text(state).bytes().all(|byte| byte.is_ascii_uppercase());
    let word = [a.to_ascii_uppercase(), b.to_ascii_uppercase()];
    is_capital && !std::str::from_utf8(&word).is_ok_and(|word| reading.tables.has_modifier(word))
}
