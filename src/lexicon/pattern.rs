//! Patterns: a phrase of a file that stands for several, so that a product of words is written once and has no holes.
//!
//! Between braces stand alternatives parted by bars, an empty one for nothing, or the name of a set of the same file:
//! `{book|list} {patient} for{| a}`. Blanks that an empty alternative leaves double or outer are closed up.

use rustc_hash::{FxHashMap, FxHashSet};

use super::fault::{Fault, nearest};

/// Most phrases that a pattern may stand for: beyond it the product holds what nobody says.
pub(super) const MOST_PHRASES: usize = 5_000;

/// The sets of a file, and which of them its patterns have named.
#[derive(Default)]
pub(super) struct Sets {
    members: FxHashMap<String, Vec<String>>,
    named: FxHashSet<String>,
}

impl Sets {
    /// Adds a set. One without members is known as well: who names it has no fault of their own.
    pub(super) fn add(&mut self, name: &str, members: Vec<String>) {
        self.members.insert(name.to_owned(), members);
    }

    /// Whether a pattern has named the set.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.named.contains(name)
    }

    /// The phrases that a pattern stands for, each once, in the order of its alternatives.
    ///
    /// # Errors
    /// Where a brace has no other or stands in another, a set is unknown, or the phrases are too many.
    pub(super) fn expand(&mut self, pattern: &str) -> Result<Vec<String>, Fault> {
        let mut slots: Vec<Result<Vec<String>, Fault>> = Vec::new();
        for (at, part) in pattern.split('{').enumerate() {
            let (inner, after) = match part.split_once('}') {
                Some((inner, after)) if at > 0 => (Some(inner), after),
                None if at == 0 => (None, part),
                _ => return Err(Fault::Brace(pattern.to_owned())),
            };
            if after.contains('}') {
                return Err(Fault::Brace(pattern.to_owned()));
            }
            slots.extend(inner.map(|inner| self.alternatives(inner)));
            slots.push(Ok(vec![after.to_owned()]));
        }
        let slots = slots.into_iter().collect::<Result<Vec<_>, _>>()?;
        let phrases = slots.iter().fold(1_usize, |phrases, slot| phrases.saturating_mul(slot.len()));
        if phrases > MOST_PHRASES {
            return Err(Fault::TooManyPhrases { pattern: pattern.to_owned(), phrases });
        }
        let mut seen = FxHashSet::default();
        let closed_up = product(&slots).into_iter().map(|words| close_up(&words));
        Ok(closed_up.filter(|words| seen.insert(words.clone())).collect())
    }

    /// What stands between two braces: alternatives, or else the name of a set.
    fn alternatives(&mut self, inner: &str) -> Result<Vec<String>, Fault> {
        if inner.contains('|') {
            return Ok(inner.split('|').map(str::to_owned).collect());
        }
        self.named.insert(inner.to_owned());
        self.members.get(inner).cloned().ok_or_else(|| Fault::UnknownSet {
            name: inner.to_owned(),
            nearest: nearest(inner, self.members.keys().map(String::as_str)),
        })
    }
}

/// Whether a text has what only patterns have.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['{', '}'])
}

/// Every row of one text out of each slot.
fn product(slots: &[Vec<String>]) -> Vec<String> {
    slots.iter().fold(vec![String::new()], |rows, slot| {
        rows.iter().flat_map(|row| slot.iter().map(move |text| format!("{row}{text}"))).collect()
    })
}

/// The words with single blanks between them.
fn close_up(words: &str) -> String {
    words.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets() -> Sets {
        let mut sets = Sets::default();
        sets.add("patient", ["him", "her", "the patient"].map(str::to_owned).to_vec());
        sets.add("hundred", (0..100).map(|n| n.to_string()).collect());
        sets.add("nobody", Vec::new());
        sets
    }

    #[test]
    fn a_pattern_stands_for_every_row_of_its_alternatives() {
        for (pattern, phrases) in [
            ("list {patient} for", &["list him for", "list her for", "list the patient for"][..]),
            ("{lumbar|cervical|} esi", &["lumbar esi", "cervical esi", "esi"]),
            ("esi{| today}", &["esi", "esi today"]),
            ("block{|s} {|the} {n|N}", &["block n", "block N", "block the n", "block the N", "blocks n"]),
            ("dis{c|k}ectom{y|ies}", &["discectomy", "discectomies", "diskectomy", "diskectomies"]),
            ("{a|a}{|b}{b|}", &["ab", "a", "abb"]),
            ("for {nobody}", &[]),
            ("{|}", &[""]),
        ] {
            let found = sets().expand(pattern).expect("sound");
            assert!(found.iter().zip(phrases).all(|(found, wanted)| found == wanted), "{pattern}: {found:?}");
            assert!(found.len() == phrases.len() || pattern.starts_with("block"), "{pattern}: {found:?}");
        }
        assert_eq!(sets().expand("block{|s} {|the} {n|N}").map(|phrases| phrases.len()), Ok(8));
    }

    #[test]
    fn braces_come_in_pairs_and_none_within_another() {
        for pattern in ["{a|b", "a|b}", "{a|{b|c}}", "{a|{patient}|b}", "}{", "{", "{a|b} c}", "{patient} {"]
        {
            assert_eq!(sets().expand(pattern), Err(Fault::Brace(pattern.to_owned())), "{pattern}");
        }
    }

    #[test]
    fn a_set_is_named_as_it_is_written() {
        let unknown = |name: &str, nearest: Option<&str>| {
            Err(Fault::UnknownSet { name: name.to_owned(), nearest: nearest.map(str::to_owned) })
        };
        for (pattern, found) in [
            ("list {patients} for", unknown("patients", Some("patient"))),
            ("list { patient } for", unknown(" patient ", Some("patient"))),
            ("list {him} for", unknown("him", None)),
            ("list {} for", unknown("", None)),
        ] {
            assert_eq!(sets().expand(pattern), found, "{pattern}");
        }
    }

    #[test]
    fn a_set_counts_as_named_where_another_is_unknown() {
        let mut sets = sets();
        assert!(sets.expand("{somebody} {patient}").is_err());
        assert!(sets.is_named("patient") && !sets.is_named("hundred"));
    }

    #[test]
    fn a_product_has_an_end() {
        let pattern = "{hundred} {hundred}";
        let phrases = 10_000;
        assert_eq!(
            sets().expand(pattern),
            Err(Fault::TooManyPhrases { pattern: pattern.to_owned(), phrases })
        );
        assert_eq!(sets().expand("{hundred}{|a|b|c|d}").map(|phrases| phrases.len()), Ok(500));
        assert!(sets().expand(&"{hundred}".repeat(100)).is_err());
    }
}
