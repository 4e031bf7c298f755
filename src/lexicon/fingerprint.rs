//! A short name for what a lexicon knows, the same on every machine.

use super::Lexicon;

/// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
struct Fnv(u64);

impl Fnv {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;

    /// Takes in a text and its end, so that no two lists of texts run together alike.
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain(std::iter::once(0xff)) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(Self::PRIME);
        }
    }
}

/// The fingerprint: which file has a phrase, and in which order, does not matter.
pub(super) fn of(lexicon: &Lexicon) -> String {
    let mut phrases: Vec<(&str, String)> =
        lexicon.phrases.iter().map(|p| (p.words.as_str(), lexicon.concept_name(p.concept))).collect();
    phrases.sort_unstable();
    let mut scales: Vec<_> = lexicon.scales.iter().collect();
    scales.sort_unstable_by_key(|scale| scale.name.as_str());
    let mut fnv = Fnv(Fnv::OFFSET);
    for (words, concept) in &phrases {
        fnv.add(words);
        fnv.add(concept);
    }
    for scale in scales {
        fnv.add(&scale.name);
        fnv.add(scale.structure.name());
        for (grade, severity) in &scale.grades {
            fnv.add(grade);
            fnv.add(severity.map_or("none", crate::model::Severity::name));
        }
    }
    for word in &lexicon.vocabulary {
        fnv.add(word);
    }
    format!("{:016x}", fnv.0)
}
