//! Putting files together: each adds to, replaces in and retires from what the files before it gave.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::document::{ConceptNames, Document, Group, ScaleBlock, Words};
use super::fault::{Fault, LexiconErrors, Problem, concept_name, nearest};
use super::{Concept, Layer, Lexicon, Origin, Phrase, Scale};
use crate::text::LineIndex;

/// Shortest word, in bytes, that spelling repair works towards: shorter ones have too many neighbours.
const SHORTEST_REPAIRED: usize = 5;

/// A lexicon under construction.
pub(super) struct Assembly {
    lexicon: Lexicon,
    /// Where the phrase of these words stands in the lexicon, for each layer.
    index: FxHashMap<(Layer, String), usize>,
    concepts: ConceptNames,
    problems: Vec<Problem>,
}

impl Assembly {
    /// Starts from a finished lexicon.
    pub(super) fn from(lexicon: Lexicon) -> Self {
        let concepts = Concept::all(0).into_iter().map(|c| (c.to_string(), c)).collect();
        let mut assembly = Self { lexicon, index: FxHashMap::default(), concepts, problems: Vec::new() };
        assembly.reindex();
        assembly
    }

    /// Adds one file: first it retires, then it replaces, then it adds.
    pub(super) fn add(&mut self, name: &str, text: &str) {
        let document = Document::read(text, &self.concepts);
        let mut file = File {
            number: self.lexicon.files.len() as u16,
            lines: LineIndex::new(text),
            faults: document.faults,
        };
        self.lexicon.files.push(name.to_owned());
        self.retire(&document.retired, &mut file);
        self.clear(&document.replacements);
        for group in document.replacements.into_iter().chain(document.groups) {
            self.group(group, &mut file);
        }
        for scale in document.scales {
            self.scale(scale, &mut file);
        }
        file.faults.sort_by_key(|(range, _)| (range.start, range.end));
        self.problems.extend(file.faults.into_iter().map(|(range, fault)| {
            let place = file.lines.line_column(range.start as u32);
            Problem { file: name.to_owned(), place, range, fault }
        }));
    }

    /// The lexicon, with the vocabulary that follows from its phrases.
    ///
    /// # Errors
    /// All that is wrong with the files added.
    pub(super) fn finish(mut self) -> Result<Lexicon, LexiconErrors> {
        if !self.problems.is_empty() {
            return Err(LexiconErrors(self.problems));
        }
        self.lexicon.vocabulary = vocabulary(&self.lexicon.phrases);
        Ok(self.lexicon)
    }

    fn reindex(&mut self) {
        let phrases = self.lexicon.phrases.iter().enumerate();
        self.index = phrases.map(|(i, p)| ((p.concept.layer(), p.words.clone()), i)).collect();
    }

    fn retire(&mut self, retired: &[Words], file: &mut File<'_>) {
        if retired.is_empty() {
            return;
        }
        let there: FxHashSet<&str> = self.lexicon.phrases.iter().map(|p| p.words.as_str()).collect();
        for words in retired.iter().filter(|words| !there.contains(words.folded.as_str())) {
            let nearest = nearest(&words.folded, self.lexicon.phrases.iter().map(|p| p.words.as_str()));
            file.fault(&words.range, Fault::NotThere { words: words.folded.clone(), nearest });
        }
        let retired: FxHashSet<&str> = retired.iter().map(|words| words.folded.as_str()).collect();
        self.lexicon.phrases.retain(|phrase| !retired.contains(phrase.words.as_str()));
        self.reindex();
    }

    /// Takes out all phrases of the concepts that are replaced.
    fn clear(&mut self, replacements: &[Group]) {
        if !replacements.is_empty() {
            let replaced = |concept: Concept| replacements.iter().any(|group| group.concept == concept);
            self.lexicon.phrases.retain(|phrase| !replaced(phrase.concept));
            self.reindex();
        }
    }

    fn group(&mut self, group: Group, file: &mut File<'_>) {
        let Group { concept, repair, phrases } = group;
        for words in phrases {
            self.phrase(words, concept, repair, file);
        }
    }

    fn scale(&mut self, block: ScaleBlock, file: &mut File<'_>) {
        let ScaleBlock { name, range, structure, grades, phrases } = block;
        if self.lexicon.scales.iter().any(|scale| scale.name == name) {
            file.fault(&range, Fault::ScaleTaken(name));
            return;
        }
        let number = u8::try_from(self.lexicon.scales.len()).unwrap_or(u8::MAX);
        if number == u8::MAX {
            file.fault(&range, Fault::TooManyScales);
            return;
        }
        self.lexicon.scales.push(Scale { name, structure, grades });
        for words in phrases {
            self.phrase(words, Concept::Scale(number), false, file);
        }
    }

    fn phrase(&mut self, words: Words, concept: Concept, repair: bool, file: &mut File<'_>) {
        let Words { folded, range } = words;
        let key = (concept.layer(), folded);
        if let Some(other) = self.index.get(&key).and_then(|&i| self.lexicon.phrases.get(i)) {
            let folded = key.1;
            let earlier = format!("{}:{}", self.lexicon.file(other), other.line());
            let fault = if other.concept == concept {
                Fault::Duplicate { words: folded, earlier }
            } else {
                let concept = concept_name(other.concept, &self.lexicon.scales);
                Fault::Claimed { words: folded, concept, earlier }
            };
            file.fault(&range, fault);
            return;
        }
        let origin = Origin { file: file.number, line: file.lines.line_column(range.start as u32).line };
        self.index.insert(key.clone(), self.lexicon.phrases.len());
        self.lexicon.phrases.push(Phrase { words: key.1, concept, origin, repair });
    }
}

/// The file that is being added.
struct File<'t> {
    number: u16,
    lines: LineIndex<'t>,
    faults: Vec<(Range<usize>, Fault)>,
}

impl File<'_> {
    fn fault(&mut self, range: &Range<usize>, fault: Fault) {
        self.faults.push((range.clone(), fault));
    }
}

/// The long words of the phrases that take part in repair, sorted, each once.
fn vocabulary(phrases: &[Phrase]) -> Vec<String> {
    let words = phrases.iter().filter(|phrase| phrase.repair).flat_map(|phrase| phrase.words.split(' '));
    let is_long =
        |word: &&str| word.len() >= SHORTEST_REPAIRED && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let words: FxHashSet<&str> = words.filter(is_long).collect();
    let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    words.sort_unstable();
    words
}
