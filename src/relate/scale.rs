//! Grades written as codes: "Lee grade 3", "Foramen R 2, L 3" under a key that says what 2 and 3 mean.
//!
//! A note uses codes for a structure when it names a scale of that structure or spells a key: a structure with
//! two or more codes, each beside the word it stands for ("0 none / 1 mild / 2 moderate").

use smallvec::SmallVec;

use crate::lexicon::{Concept, Scale, Structure, Word};
use crate::matching::is_word_byte;
use crate::model::{Mention, Severity};
use crate::text::{FoldSpan, Folded};

/// The longest code: "a4".
const LONGEST: usize = 2;

/// The fewest mentions that make a key: a structure, and codes beside words of their own.
const FEWEST: usize = 5;

/// What a code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The severity; `None` is a normal structure.
    pub severity: Option<Severity>,
    /// The named scale that it is of.
    pub scale: Option<u8>,
}

/// The codes that a note uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    entries: Vec<(Structure, SmallVec<[u8; LONGEST]>, Code)>,
}

impl Codes {
    /// Reads the scales and keys of a note from its mentions of findings.
    pub fn read(
        folded: &Folded<'_>,
        scales: &[Scale],
        mentions: &[Mention<Concept>],
        sentences: impl Iterator<Item = FoldSpan>,
    ) -> Self {
        let mut codes = Self::default();
        for mention in mentions {
            if let Concept::Scale(index) = mention.concept
                && let Some(scale) = scales.get(index as usize)
            {
                for (code, severity) in &scale.grades {
                    codes.add(
                        scale.structure,
                        code.as_bytes(),
                        Code { severity: *severity, scale: Some(index) },
                    );
                }
            }
        }
        let mut rest = mentions;
        for sentence in sentences {
            while let [first, after @ ..] = rest
                && first.span.start < sentence.start
            {
                rest = after;
            }
            // Most sentences are too short to be a key.
            let Some(last) = rest.get(FEWEST - 1) else { break };
            if last.span.end <= sentence.end {
                codes.read_key(folded, &rest[..rest.partition_point(|m| m.span.end <= sentence.end)]);
            }
        }
        codes
    }

    /// Whether the note uses none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What a code says of a structure.
    pub fn of(&self, structure: Structure, code: &[u8]) -> Option<Code> {
        if code.len() > LONGEST {
            return None;
        }
        self.entries.iter().find(|(s, c, _)| *s == structure && c.as_slice() == code).map(|(.., code)| *code)
    }

    /// The structure that a scale grades, which the note names.
    pub fn structure_of(&self, scale: u8) -> Option<Structure> {
        self.entries.iter().find(|(.., code)| code.scale == Some(scale)).map(|(structure, ..)| *structure)
    }

    /// Whether a sentence spells a key, and so says nothing of the patient.
    pub fn is_key(folded: &Folded<'_>, mentions: &[Mention<Concept>]) -> bool {
        let coded =
            mentions.iter().filter(|m| meaning(m.concept).is_some() && code_before(folded, m.span).is_some());
        mentions.len() > 3 && coded.count() > 2
    }

    fn add(&mut self, structure: Structure, code: &[u8], meaning: Code) {
        if code.len() <= LONGEST && self.of(structure, code).is_none() {
            self.entries.push((structure, code.into(), meaning));
        }
    }

    fn read_key(&mut self, folded: &Folded<'_>, mentions: &[Mention<Concept>]) {
        if !Self::is_key(folded, mentions) {
            return;
        }
        let mut structure = None;
        for mention in mentions {
            if let Concept::Structure(s) = mention.concept {
                structure = Some(s);
            } else if let Some(code_meaning) = meaning(mention.concept)
                && let Some(structure) = structure
                && let Some(code) = code_before(folded, mention.span)
            {
                self.add(structure, code, code_meaning);
            }
        }
    }
}

/// What a word beside a code says the code stands for.
fn meaning(concept: Concept) -> Option<Code> {
    let severity = match concept {
        Concept::Severity(s) | Concept::Size(s) => Some(s),
        Concept::Normal | Concept::Word(Word::Nil) => None,
        _ => return None,
    };
    Some(Code { severity, scale: None })
}

/// The code that stands right before a word, with nothing but `=`, `:` or blanks between.
fn code_before<'f>(folded: &'f Folded<'_>, span: FoldSpan) -> Option<&'f [u8]> {
    let before = &folded.bytes()[..span.start as usize];
    let end = before.iter().rposition(|b| !matches!(b, b' ' | b'=' | b':' | b'-')).map(|i| i + 1)?;
    let length = before[..end].iter().rev().take(LONGEST + 1).take_while(|b| is_word_byte(**b)).count();
    if !(1..=LONGEST).contains(&length) {
        return None;
    }
    let start = end - length;
    let code = &before[start..end];
    let apart = start == 0 || matches!(before[start - 1], b' ' | b'(' | b',' | b';' | b':' | b'=');
    let is_level = matches!(code, [b'c' | b'd' | b't' | b'l' | b's', b'0'..=b'9']);
    // "a mild bulge": a word of letters is a code only where it is equated or written in capitals.
    let is_equated = || before[end..].contains(&b'=');
    let printed = || folded.note_text(FoldSpan::new(start as u32, end as u32));
    let is_code = || {
        code.iter().any(u8::is_ascii_digit)
            || is_equated()
            || length == LONGEST && printed().starts_with(|c: char| c.is_uppercase())
    };
    (apart && !is_level && is_code()).then_some(code)
}
