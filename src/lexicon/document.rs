//! Reading one lexicon file: from TOML to groups, scales and retirements, each with its place.
//!
//! Nothing is looked up in the lexicon here; whatever is wrong with the file itself is gathered in
//! [`Document::faults`], and what is sound is kept, so that one reading finds all that there is to mend.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, nearest};
use super::pattern::{Sets, is_pattern};
use super::{Concept, Structure};
use crate::model::Severity;
use crate::text::Folded;

const FILE_KEYS: &[&str] = &["group", "replace", "retire", "scale", "sets"];
const GROUP_KEYS: &[&str] = &["concept", "source", "repair", "phrases"];
const SCALE_KEYS: &[&str] = &["name", "source", "structure", "phrases", "grades"];

/// Folded words and their place in the file, in bytes.
pub(super) struct Words {
    pub(super) folded: String,
    pub(super) range: Range<usize>,
}

/// Phrases that stand for one concept.
pub(super) struct Group {
    pub(super) concept: Concept,
    pub(super) repair: bool,
    pub(super) phrases: Vec<Words>,
}

/// A scale as the file has it.
pub(super) struct ScaleBlock {
    pub(super) name: String,
    pub(super) range: Range<usize>,
    pub(super) structure: Structure,
    pub(super) grades: Vec<(String, Option<Severity>)>,
    pub(super) phrases: Vec<Words>,
}

/// The concepts that a file can name.
pub(super) type ConceptNames = FxHashMap<String, Concept>;

/// What a file holds.
#[derive(Default)]
pub(super) struct Document {
    pub(super) groups: Vec<Group>,
    pub(super) replacements: Vec<Group>,
    pub(super) retired: Vec<Words>,
    pub(super) scales: Vec<ScaleBlock>,
    pub(super) faults: Vec<(Range<usize>, Fault)>,
}

impl Document {
    /// Reads a file. One that is no TOML gives its faults of syntax alone: what could be read of it would
    /// seem to have faults that it has not.
    pub(super) fn read(text: &str, concepts: &ConceptNames) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut reader = Reader { concepts, sets: Sets::default(), faults: Vec::new() };
        for error in errors {
            reader.fault(error.span().unwrap_or_default(), Fault::Syntax(error.message().to_owned()));
        }
        if !reader.faults.is_empty() {
            return Self { faults: reader.faults, ..Self::default() };
        }
        let file = Block { table: root.get_ref(), range: 0..0 };
        reader.keys(&file, FILE_KEYS);
        reader.read_sets(&file);
        let groups = reader.blocks(&file, "group");
        let replacements = reader.blocks(&file, "replace");
        let scales = reader.blocks(&file, "scale");
        let mut document = Self {
            groups: groups.iter().filter_map(|block| reader.group(block, false)).collect(),
            replacements: replacements.iter().filter_map(|block| reader.group(block, true)).collect(),
            retired: if file.table.contains_key("retire") {
                reader.phrases(&file, "retire", true)
            } else {
                Vec::new()
            },
            scales: scales.iter().filter_map(|block| reader.scale(block)).collect(),
            faults: Vec::new(),
        };
        reader.refuse_unused_sets(&file);
        document.faults = reader.faults;
        document
    }
}

/// A table of the file and the place that speaks for it.
struct Block<'t> {
    table: &'t DeTable<'t>,
    range: Range<usize>,
}

struct Reader<'c> {
    concepts: &'c ConceptNames,
    sets: Sets,
    faults: Vec<(Range<usize>, Fault)>,
}

impl Reader<'_> {
    fn fault(&mut self, range: Range<usize>, fault: Fault) {
        self.faults.push((range, fault));
    }

    /// Refuses the keys that are not `permitted`.
    fn keys(&mut self, block: &Block<'_>, permitted: &'static [&'static str]) {
        for key in block.table.keys().filter(|key| !permitted.contains(&key.get_ref().as_ref())) {
            self.fault(key.span(), Fault::UnknownKey { key: key.get_ref().to_string(), permitted });
        }
    }

    /// The blocks `[[key]]`.
    fn blocks<'t>(&mut self, file: &Block<'t>, key: &'static str) -> Vec<Block<'t>> {
        let Some(value) = file.table.get(key) else { return Vec::new() };
        let Some(array) = self.typed(value, key, "blocks headed by double brackets", DeValue::as_array)
        else {
            return Vec::new();
        };
        let as_block = |item: &'t Spanned<DeValue<'t>>| {
            let table = self.typed(item, key, "blocks headed by double brackets", DeValue::as_table)?;
            Some(Block { table, range: item.span() })
        };
        array.iter().filter_map(as_block).collect()
    }

    /// Takes in the sets that patterns name.
    fn read_sets(&mut self, file: &Block<'_>) {
        let Some(value) = file.table.get("sets") else { return };
        let Some(sets) = self.typed(value, "sets", "a table of lists", DeValue::as_table) else { return };
        for (name, value) in sets {
            let members = self.texts(value, "sets", false);
            for member in members.iter().filter(|member| is_pattern(member.get_ref())) {
                self.fault(member.span(), Fault::Brace((*member.get_ref()).to_owned()));
            }
            let members = members.iter().map(|member| (*member.get_ref()).to_owned()).collect();
            self.sets.add(name.get_ref(), members);
        }
    }

    /// Refuses the sets that no pattern has named: a slip in a name would leave its phrases out in silence.
    fn refuse_unused_sets(&mut self, file: &Block<'_>) {
        let sets = file.table.get("sets").and_then(|value| value.get_ref().as_table());
        for name in sets.into_iter().flat_map(DeTable::keys) {
            if !self.sets.is_named(name.get_ref()) {
                self.fault(name.span(), Fault::UnusedSet(name.get_ref().to_string()));
            }
        }
    }

    fn group(&mut self, block: &Block<'_>, may_be_empty: bool) -> Option<Group> {
        self.keys(block, GROUP_KEYS);
        self.text(block, "source");
        let concept = self.text(block, "concept").and_then(|name| self.concept(&name));
        let repair = self.flag(block, "repair");
        let phrases = self.phrases(block, "phrases", may_be_empty);
        Some(Group { concept: concept?, repair, phrases })
    }

    fn scale(&mut self, block: &Block<'_>) -> Option<ScaleBlock> {
        self.keys(block, SCALE_KEYS);
        self.text(block, "source");
        let name = self.text(block, "name");
        let structures = || Structure::ALL.iter().map(|s| (s.name(), *s));
        let structure =
            self.text(block, "structure").and_then(|name| self.named("structure", &name, structures()));
        let grades = self.grades(block);
        let phrases = self.phrases(block, "phrases", false);
        let name = name?;
        Some(ScaleBlock {
            range: name.span(),
            name: name.into_inner().to_owned(),
            structure: structure?,
            grades,
            phrases,
        })
    }

    /// The grades of a scale; none where it measures something that is no severity.
    fn grades(&mut self, block: &Block<'_>) -> Vec<(String, Option<Severity>)> {
        let Some(value) = self.required(block, "grades") else { return Vec::new() };
        let wanted = "a table of grades and what they stand for";
        let Some(table) = self.typed(value, "grades", wanted, DeValue::as_table) else { return Vec::new() };
        let meanings = || {
            let named = Severity::ALL.iter().map(|s| (s.name(), Some(*s)));
            std::iter::once(("none", None)).chain(named)
        };
        let mut grades: Vec<(String, Option<Severity>)> = Vec::new();
        for (key, value) in table {
            let Some(meaning) = self.typed(value, "grades", "texts", DeValue::as_str) else { continue };
            let meaning = self.named("grade", &Spanned::new(value.span(), meaning), meanings());
            match refuse_outer_blank(key.get_ref()).and_then(|()| fold(key.get_ref())) {
                Ok(grade) if grades.iter().any(|(other, _)| *other == grade) => {
                    let earlier = "in this scale".to_owned();
                    self.fault(key.span(), Fault::Duplicate { words: grade, earlier });
                }
                Ok(grade) => grades.extend(meaning.map(|meaning| (grade, meaning))),
                Err(fault) => self.fault(key.span(), fault),
            }
        }
        grades
    }

    /// The folded phrases of a required list, those that patterns stand for among them.
    fn phrases(&mut self, block: &Block<'_>, key: &'static str, may_be_empty: bool) -> Vec<Words> {
        let Some(value) = self.required(block, key) else { return Vec::new() };
        let mut phrases = Vec::new();
        // Patterns of one list may overlap: two that are easily read can be better than two that are disjoint.
        let mut of_patterns = FxHashSet::default();
        for text in self.texts(value, key, may_be_empty) {
            let range = text.span();
            let patterned = is_pattern(text.get_ref());
            match self.words(text.get_ref()) {
                Ok(words) => {
                    let new =
                        words.into_iter().filter(|words| !patterned || of_patterns.insert(words.clone()));
                    phrases.extend(new.map(|folded| Words { folded, range: range.clone() }));
                }
                Err(fault) => self.fault(range, fault),
            }
        }
        phrases
    }

    /// The folded words of a phrase, or of all that a pattern stands for.
    fn words(&mut self, phrase: &str) -> Result<Vec<String>, Fault> {
        refuse_outer_blank(phrase)?;
        if is_pattern(phrase) {
            self.sets.expand(phrase)?.iter().map(|phrase| fold(phrase)).collect()
        } else {
            Ok(vec![fold(phrase)?])
        }
    }

    /// The texts of a list.
    fn texts<'t>(
        &mut self,
        value: &'t Spanned<DeValue<'t>>,
        key: &'static str,
        may_be_empty: bool,
    ) -> Vec<Spanned<&'t str>> {
        let Some(array) = self.typed(value, key, "a list of texts", DeValue::as_array) else {
            return Vec::new();
        };
        if array.is_empty() && !may_be_empty {
            self.fault(value.span(), Fault::Empty(key));
        }
        let text = |item: &'t Spanned<DeValue<'t>>| {
            let text = self.typed(item, key, "a list of texts", DeValue::as_str)?;
            Some(Spanned::new(item.span(), text))
        };
        array.iter().filter_map(text).collect()
    }

    fn concept(&mut self, name: &Spanned<&str>) -> Option<Concept> {
        find_concept(name.get_ref(), self.concepts).map_err(|fault| self.fault(name.span(), fault)).ok()
    }

    /// The value that `name` names among `values`.
    fn named<T>(
        &mut self,
        what: &'static str,
        name: &Spanned<&str>,
        values: impl Iterator<Item = (&'static str, T)> + Clone,
    ) -> Option<T> {
        let written = *name.get_ref();
        let found = values.clone().find(|(value, _)| *value == written).map(|(_, value)| value);
        if found.is_none() {
            let permitted = values.map(|(value, _)| value).collect();
            self.fault(name.span(), Fault::UnknownValue { what, name: written.to_owned(), permitted });
        }
        found
    }

    /// A required text that is not blank.
    fn text<'t>(&mut self, block: &Block<'t>, key: &'static str) -> Option<Spanned<&'t str>> {
        let value = self.required(block, key)?;
        let text = self.typed(value, key, "a text", DeValue::as_str)?;
        if text.trim().is_empty() {
            self.fault(value.span(), Fault::Empty(key));
            return None;
        }
        Some(Spanned::new(value.span(), text))
    }

    /// A yes or no that is no when not said.
    fn flag(&mut self, block: &Block<'_>, key: &'static str) -> bool {
        let value = block.table.get(key);
        value.and_then(|v| self.typed(v, key, "true or false", DeValue::as_bool)).unwrap_or(false)
    }

    fn required<'t>(&mut self, block: &Block<'t>, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        let value = block.table.get(key);
        if value.is_none() {
            self.fault(block.range.clone(), Fault::MissingKey(key));
        }
        value
    }

    /// What `cast` makes of a value; where it makes nothing, the value is not as `wanted`.
    fn typed<'t, T>(
        &mut self,
        value: &'t Spanned<DeValue<'t>>,
        key: &'static str,
        wanted: &'static str,
        cast: impl Fn(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<T> {
        let cast = cast(value.get_ref());
        if cast.is_none() {
            let found = value.get_ref().type_str();
            self.fault(value.span(), Fault::WrongType { key, wanted, found });
        }
        cast
    }
}

/// The concept of a name, or a fault that tells the nearest.
pub(super) fn find_concept(name: &str, concepts: &ConceptNames) -> Result<Concept, Fault> {
    concepts.get(name).copied().ok_or_else(|| Fault::UnknownConcept {
        name: name.to_owned(),
        nearest: nearest(name, concepts.keys().map(String::as_str)),
    })
}

fn refuse_outer_blank(phrase: &str) -> Result<(), Fault> {
    if !phrase.trim().is_empty() && phrase.trim() != phrase {
        return Err(Fault::OuterBlank(phrase.to_owned()));
    }
    Ok(())
}

/// Folds a phrase as notes are folded, and refuses one that would match none of them.
fn fold(phrase: &str) -> Result<String, Fault> {
    let folded = Folded::new(phrase).text().to_owned();
    // Words that change when folded again are not those of any folded note.
    let is_stable = folded == phrase || Folded::new(&folded).text() == folded;
    if folded.is_empty() || !is_stable {
        return Err(Fault::NeverMatches(phrase.to_owned()));
    }
    Ok(folded)
}
