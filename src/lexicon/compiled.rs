//! A finished lexicon as text that is quick to read: what the build makes of `lexicons/*.toml`, so that a program
//! starts without reading TOML. Phrases are folded and checked in it; a line of tabbed fields is one of
//!
//! ```text
//! file    acts.toml
//! scale   lee  foramen  0  none  1  mild
//! repair  foramen                                a word that repair works towards
//! group   structure.foramen  1  0                concept, file, whether it takes part in repair
//! 17      neural foramen                         line and words of a phrase of the group above
//! ```

use std::fmt::Write as _;
use std::str::Split;

use rustc_hash::FxHashMap;

use super::{Concept, Lexicon, Origin, Phrase, Scale, Structure};
use crate::model::Severity;

/// A text is no compiled lexicon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the compiled lexicon cannot be read: build the library again")]
pub struct NotCompiled {
    /// The line, counted from 1.
    pub line: usize,
}

impl Lexicon {
    /// The lexicon as text that [`Lexicon::from_compiled`] reads.
    ///
    /// ```
    /// # use foramen::lexicon::Lexicon;
    /// let lexicon = Lexicon::embedded();
    /// assert_eq!(Lexicon::from_compiled(&lexicon.compiled()).map(|l| l.fingerprint()), Ok(lexicon.fingerprint()));
    /// ```
    pub fn compiled(&self) -> String {
        let mut text = String::new();
        for file in &self.files {
            line(&mut text, &["file", file]);
        }
        for Scale { name, structure, grades } in &self.scales {
            let severity = |severity: &Option<Severity>| severity.map_or("none", Severity::name);
            let grades = grades.iter().flat_map(|(grade, of)| [grade.as_str(), severity(of)]);
            line(&mut text, &["scale", name, structure.name()].into_iter().chain(grades).collect::<Vec<_>>());
        }
        for word in &self.vocabulary {
            line(&mut text, &["repair", word]);
        }
        let group_of = |phrase: &Phrase| (phrase.concept, phrase.origin.file, phrase.repair);
        for group in self.phrases.chunk_by(|one, other| group_of(one) == group_of(other)) {
            let (concept, file, repair) = group_of(&group[0]);
            let (file, repair) = (file.to_string(), u8::from(repair).to_string());
            line(&mut text, &["group", &concept.to_string(), &file, &repair]);
            for phrase in group {
                line(&mut text, &[&phrase.line().to_string(), &phrase.words]);
            }
        }
        text
    }

    /// Reads what [`Lexicon::compiled`] wrote.
    ///
    /// # Errors
    /// Where the text is something else.
    pub fn from_compiled(text: &str) -> Result<Self, NotCompiled> {
        let scales = text.lines().filter(|line| line.starts_with("scale\t")).count();
        let concepts = Concept::all(u8::try_from(scales).unwrap_or(u8::MAX));
        let mut reader = Reader {
            lexicon: Self::default(),
            concepts: concepts.into_iter().map(|concept| (concept.to_string(), concept)).collect(),
            group: None,
        };
        reader.lexicon.phrases.reserve(text.len() / SHORT_LINE);
        for (at, line) in text.lines().enumerate() {
            reader.line(line).ok_or(NotCompiled { line: at + 1 })?;
        }
        Ok(reader.lexicon)
    }
}

/// Bytes of a short line, to guess the number of phrases.
const SHORT_LINE: usize = 24;

/// Appends a line. No field has a tab or a line end: words are folded, and names of files and scales have none.
fn line(text: &mut String, fields: &[&str]) {
    // A text takes in whatever is written to it.
    let _ = writeln!(text, "{}", fields.join("\t"));
}

/// What the phrases that follow have in common.
#[derive(Clone, Copy)]
struct Group {
    concept: Concept,
    file: u16,
    repair: bool,
}

struct Reader {
    lexicon: Lexicon,
    concepts: FxHashMap<String, Concept>,
    group: Option<Group>,
}

impl Reader {
    /// Reads a line; `None` where it is none of a compiled lexicon.
    fn line(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split('\t');
        match fields.next()? {
            "file" => self.lexicon.files.push(fields.next()?.to_owned()),
            "scale" => self.lexicon.scales.push(scale(fields)?),
            "repair" => self.lexicon.vocabulary.push(fields.next()?.to_owned()),
            "group" => {
                let concept = *self.concepts.get(fields.next()?)?;
                let file = fields.next()?.parse().ok()?;
                self.group = Some(Group { concept, file, repair: fields.next()? == "1" });
            }
            number => {
                let Group { concept, file, repair } = self.group?;
                let origin = Origin { file, line: number.parse().ok()? };
                let words = fields.next()?.to_owned();
                self.lexicon.phrases.push(Phrase { words, concept, origin, repair });
            }
        }
        Some(())
    }
}

fn scale(mut fields: Split<'_, char>) -> Option<Scale> {
    let (name, structure) = (fields.next()?.to_owned(), fields.next()?);
    let structure = Structure::ALL.iter().copied().find(|known| known.name() == structure)?;
    let mut grades = Vec::new();
    while let Some(grade) = fields.next() {
        let severity = match fields.next()? {
            "none" => None,
            name => Some(Severity::ALL.iter().copied().find(|known| known.name() == name)?),
        };
        grades.push((grade.to_owned(), severity));
    }
    Some(Scale { name, structure, grades })
}
