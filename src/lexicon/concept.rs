//! What a phrase of the lexicon stands for.
//!
//! A concept has a dotted name (`structure.foramen`, `cue.absent.forward`); the lexicon files write that name,
//! the stages read the value. The names are the whole coupling between words and mechanism.
//!
//! ```
//! use foramen::lexicon::{Concept, Structure};
//! assert_eq!(Concept::Structure(Structure::Foramen).to_string(), "structure.foramen");
//! ```

use std::fmt;

use super::{
    Act, Care, ChangeClass, Coding, Detail, Direction, Form, Imaging, LevelWord, Link, Measure, Sense,
    SideForm, Structure, Symptom, Word,
};
use crate::model::{NoteType, Region, SectionKind, Severity, Side, Status, Subtype};

/// What a phrase stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Concept {
    /// Anatomy.
    Structure(Structure),
    /// A change of anatomy.
    Change(ChangeClass, Form),
    /// A structure and its narrowing in one word or abbreviation: "NFS".
    Narrowed(Structure),
    /// A displaced disc in one of its forms.
    Displacement(Subtype, Form),
    /// Displacement of a disc, form not said.
    Displaced,
    /// A structure is as it should be: "patent".
    Normal,
    /// A grade.
    Severity(Severity),
    /// A word that grades nothing on the five steps: "significant", "large".
    Ungraded,
    /// A size: a grade of a narrowing, none of a disc.
    Size(Severity),
    /// A side.
    Side(Side, SideForm),
    /// Words that point to levels.
    Level(LevelWord),
    /// A numbered or lettered scale, by its index in the lexicon.
    Scale(u8),
    /// A context cue.
    Cue(Status, Direction),
    /// Looks like a cue and is none: "no change".
    PseudoCue,
    /// Ends the reach of cues: "but".
    Terminator,
    /// A section heading.
    Section(SectionKind),
    /// Symptoms and signs.
    Symptom(Symptom),
    /// Joining of imaging and symptoms.
    Link(Link),
    /// Imaging.
    Imaging(Imaging),
    /// Non-operative treatment.
    Care(Care),
    /// Procedures, and what tells whether they were done.
    Act(Act),
    /// What is told of an encounter: drugs, guidance, scores, relief.
    Detail(Detail),
    /// What stands before codes, units and days of service.
    Coding(Coding),
    /// Typical of notes of one type.
    Note(NoteType),
    /// Somebody is spoken of, or to, as reports do not: "she", "your".
    Person,
    /// Function words.
    Word(Word),
    /// A sense of a function word.
    Sense(Sense),
    /// A number in words, as dictation writes it.
    Number(u8),
    /// Units, and other words beside numbers.
    Measure(Measure),
    /// A region of the spine as an adjective or a title.
    Region(Region),
}

/// The readings of a note that go on side by side: a phrase may stand for one concept in each, and the longest
/// phrase at a place is chosen within each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Anatomy, changes, grades, sides, levels.
    Finding,
    /// Context cues.
    Cue,
    /// Symptoms, imaging, links.
    Clinical,
    /// Treatment.
    Care,
    /// Procedures.
    Act,
    /// What is told of an encounter.
    Detail,
    /// What stands before codes and days of service.
    Coding,
    /// Words typical of a type of note.
    Note,
    /// Section headings, and full stops said aloud.
    Section,
    /// Words that are looked up only between mentions.
    Function,
    /// Words that are looked up only beside numbers.
    Measure,
    /// Words that are looked up only where one reading asks for them.
    Sense,
}

const REGIONS: &[(&str, Region)] = &[
    ("cervical", Region::Cervical),
    ("thoracic", Region::Thoracic),
    ("lumbar", Region::Lumbar),
    ("sacral", Region::Sacral),
];

/// The statuses that a cue can give.
const CUE_STATUSES: &[Status] =
    &[Status::Absent, Status::Possible, Status::Historical, Status::Hypothetical, Status::Family];

impl Layer {
    /// Whether its words are searched for, and not only looked up where a grammar meets them.
    pub const fn is_searched(self) -> bool {
        !matches!(self, Self::Function | Self::Measure | Self::Sense)
    }
}

impl Concept {
    /// The reading that it belongs to.
    pub const fn layer(self) -> Layer {
        match self {
            Self::Cue(..) | Self::PseudoCue | Self::Terminator => Layer::Cue,
            Self::Symptom(_) | Self::Link(_) | Self::Imaging(_) => Layer::Clinical,
            Self::Care(_) => Layer::Care,
            Self::Act(_) => Layer::Act,
            Self::Detail(_) => Layer::Detail,
            Self::Coding(_) => Layer::Coding,
            Self::Note(_) | Self::Person => Layer::Note,
            Self::Section(_) | Self::Word(Word::Stop) => Layer::Section,
            Self::Number(_) => Layer::Function,
            Self::Sense(_) => Layer::Sense,
            Self::Measure(_) => Layer::Measure,
            Self::Word(word) if word.is_function_word() => Layer::Function,
            _ => Layer::Finding,
        }
    }

    /// Every concept, in the order of their kinds, with as many scales as `scales`.
    pub fn all(scales: u8) -> Vec<Self> {
        let mut all = Vec::new();
        all.extend(Structure::ALL.iter().map(|&s| Self::Structure(s)));
        for &class in ChangeClass::ALL {
            all.extend(Form::ALL.iter().map(|&form| Self::Change(class, form)));
        }
        all.extend(Structure::ALL.iter().map(|&s| Self::Narrowed(s)));
        for &subtype in Subtype::ALL {
            all.extend(Form::ALL.iter().map(|&form| Self::Displacement(subtype, form)));
        }
        all.extend([Self::Displaced, Self::Normal, Self::Ungraded]);
        all.extend(Severity::ALL.iter().map(|&s| Self::Severity(s)));
        all.extend(Severity::ALL.iter().map(|&s| Self::Size(s)));
        for &side in Side::ALL {
            all.extend(SideForm::ALL.iter().map(|&form| Self::Side(side, form)));
        }
        all.extend(LevelWord::ALL.iter().map(|&w| Self::Level(w)));
        all.extend((0..scales).map(Self::Scale));
        for &status in CUE_STATUSES {
            all.extend(Direction::ALL.iter().map(|&d| Self::Cue(status, d)));
        }
        all.extend([Self::PseudoCue, Self::Terminator]);
        all.extend(SectionKind::ALL.iter().map(|&s| Self::Section(s)));
        all.extend(Symptom::ALL.iter().map(|&s| Self::Symptom(s)));
        all.extend(Link::ALL.iter().map(|&l| Self::Link(l)));
        all.extend(Imaging::ALL.iter().map(|&i| Self::Imaging(i)));
        all.extend(Care::ALL.iter().map(|&c| Self::Care(c)));
        all.extend(Act::all().map(Self::Act));
        all.extend(Detail::all().map(Self::Detail));
        all.extend(Coding::ALL.iter().map(|&c| Self::Coding(c)));
        all.extend(NoteType::ALL.iter().map(|&t| Self::Note(t)));
        all.push(Self::Person);
        all.extend(Word::ALL.iter().map(|&w| Self::Word(w)));
        all.extend(Sense::ALL.iter().map(|&s| Self::Sense(s)));
        all.extend((1..=20).chain((30..=100).step_by(10)).map(Self::Number));
        all.extend(Measure::ALL.iter().map(|&m| Self::Measure(m)));
        all.extend(REGIONS.iter().map(|&(_, r)| Self::Region(r)));
        all
    }
}

impl fmt::Display for Concept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Structure(s) => write!(f, "structure.{}", s.name()),
            Self::Change(class, form) => write!(f, "change.{}.{}", class.name(), form.name()),
            Self::Narrowed(s) => write!(f, "narrowed.{}", s.name()),
            Self::Displacement(subtype, form) => write!(f, "disc.{subtype}.{}", form.name()),
            Self::Displaced => f.write_str("disc.displaced"),
            Self::Normal => f.write_str("normal"),
            Self::Severity(s) => write!(f, "severity.{s}"),
            Self::Ungraded => f.write_str("severity.ungraded"),
            Self::Size(s) => write!(f, "size.{s}"),
            Self::Side(side, form) => write!(f, "side.{side}.{}", form.name()),
            Self::Level(w) => write!(f, "level.{}", w.name()),
            Self::Scale(n) => write!(f, "scale.{n}"),
            Self::Cue(status, d) => write!(f, "cue.{status}.{}", d.name()),
            Self::PseudoCue => f.write_str("cue.pseudo"),
            Self::Terminator => f.write_str("cue.terminator"),
            Self::Section(kind) => write!(f, "section.{kind}"),
            Self::Symptom(s) => write!(f, "symptom.{}", s.name()),
            Self::Link(l) => write!(f, "link.{}", l.name()),
            Self::Imaging(i) => write!(f, "imaging.{}", i.name()),
            Self::Care(c) => write!(f, "care.{}", c.name()),
            Self::Act(act) => write!(f, "{act}"),
            Self::Detail(detail) => write!(f, "{detail}"),
            Self::Coding(coding) => write!(f, "coding.{}", coding.name()),
            Self::Note(t) => write!(f, "note.{t}"),
            Self::Person => f.write_str("note.person"),
            Self::Word(w) => write!(f, "word.{}", w.name()),
            Self::Sense(s) => write!(f, "sense.{}", s.name()),
            Self::Number(n) => write!(f, "number.{n}"),
            Self::Measure(m) => write!(f, "measure.{}", m.name()),
            Self::Region(region) => {
                let name = REGIONS.iter().find(|(_, r)| r == region).map_or("", |(name, _)| name);
                write!(f, "region.{name}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn every_name_is_of_one_concept() {
        let mut concepts = HashMap::new();
        for concept in Concept::all(8) {
            let other = concepts.insert(concept.to_string(), concept);
            assert_eq!(other, None, "has the name of {concept:?}");
        }
    }
}
