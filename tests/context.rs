//! The context stage alone, over its own lexicon files: what cues say of a target.
#![allow(clippy::print_stdout, reason = "the figures, and what is skipped, are for whoever runs the test")]
#![allow(clippy::unwrap_used, reason = "a test")]

mod shared;

use foramen::context::{Assertion, assess_in};
use foramen::lexicon::{Layer, Lexicon};
use foramen::matching::{Automaton, FunctionWords, resolve};
use foramen::model::Status;
use foramen::segment::segment;
use foramen::text::{FoldSpan, Folded};

struct Reader(Automaton);

impl Reader {
    fn new() -> Self {
        let context = include_str!("../lexicons/context.toml");
        let sections = include_str!("../lexicons/sections.toml");
        let words = include_str!("../lexicons/words.toml");
        let files = [("context.toml", context), ("sections.toml", sections), ("words.toml", words)];
        let lexicon = Lexicon::read(files).unwrap();
        Self(Automaton::new(&lexicon, &FunctionWords::new(&lexicon)))
    }

    /// What the note says of the place that `find` gives.
    fn assess(&self, folded: &Folded<'_>, target: FoldSpan) -> Assertion {
        let hits = self.0.find(folded);
        let layout = segment(folded, &hits.headings());
        let cues = resolve(&hits.phrases, layout.sentences.iter().map(|s| s.span.start)).0.take(Layer::Cue);
        assess_in(folded, &hits.tokens, &layout, &cues, target)
    }
}

/// The condition in `sentence`: its words in capitals, or else its first occurrence.
fn condition(folded: &Folded<'_>, condition: &str) -> Option<FoldSpan> {
    let words = Folded::new(condition);
    let places = folded
        .text()
        .match_indices(words.text())
        .map(|(at, words)| FoldSpan::new(at as u32, (at + words.len()) as u32));
    let places: Vec<_> = places.collect();
    let in_capitals = |span: &&FoldSpan| !folded.note_text(**span).bytes().any(|b| b.is_ascii_lowercase());
    places.iter().find(in_capitals).or(places.first()).copied()
}

#[test]
fn what_is_said_of_spine_findings() {
    use Status::{Absent, Family, Historical, Hypothetical, Possible, Present};
    let cases: &[(Status, &str)] = &[
        (Absent, "No STENOSIS."),
        (Absent, "There is no bulge, protrusion, or STENOSIS at L4-5."),
        (Absent, "No canal or foraminal STENOSIS at L1-2 or L2-3."),
        (Absent, "Disc bulge without STENOSIS or root contact."),
        (Present, "Disc BULGE without stenosis or root contact."),
        (Absent, "Neither STENOSIS nor impingement is seen."),
        (Absent, "Neither stenosis nor IMPINGEMENT is seen."),
        (Absent, "No significant STENOSIS."),
        (Absent, "No definite STENOSIS."),
        (Absent, "Canal STENOSIS is not seen."),
        (Absent, "Herniation, extrusion or STENOSIS not identified."),
        (Absent, "HERNIATION, extrusion or stenosis not identified."),
        (Present, "The canal is NARROWED and root contact is not seen."),
        (Present, "The BULGE contacts but does not displace the root."),
        (Absent, "The bulge contacts but does not DISPLACE the root."),
        (Present, "No stenosis at L3-4 but moderate STENOSIS at L4-5."),
        (Present, "No fracture, with severe STENOSIS at L4-5."),
        (Present, "No fracture, there is mild STENOSIS."),
        (Present, "No change in the STENOSIS at L4-5."),
        (Present, "No relief of STENOSIS symptoms."),
        (Present, "MRI with and without contrast shows STENOSIS."),
        (Present, "Not only STENOSIS is seen."),
        (Possible, "STENOSIS cannot be excluded."),
        (Possible, "Possible STENOSIS at L4-5."),
        (Possible, "This may represent a small PROTRUSION."),
        (Possible, "Probable IMPINGEMENT of the root."),
        (Present, "Possible protrusion, moderate STENOSIS."),
        (Possible, "C5-6: ?moderate STENOSIS"),
        (Possible, "Concern for root IMPINGEMENT."),
        (Hypothetical, "Evaluate for STENOSIS."),
        (Hypothetical, "INDICATION: r/o STENOSIS"),
        (Hypothetical, "Risks include infection, hematoma with COMPRESSION, and death."),
        (Hypothetical, "Return if there is no RELIEF."),
        (Hypothetical, "CONSENT: Bleeding with COMPRESSION was discussed."),
        (Historical, "History of STENOSIS."),
        (Historical, "Status post L4-5 DISCECTOMY."),
        (Historical, "Prior DISCECTOMY with residual stenosis."),
        (Present, "Prior discectomy with residual STENOSIS."),
        (Historical, "PAST MEDICAL HISTORY: Lumbar STENOSIS."),
        (Absent, "No history of STENOSIS."),
        (Absent, "PAST MEDICAL HISTORY: No STENOSIS."),
        (Historical, "Radiculopathy has resolved; STENOSIS resolved."),
        (Present, "STENOSIS is unchanged from the prior study."),
        (Present, "Compared to the prior MRI, the STENOSIS is worse."),
        (Family, "Family history of spinal STENOSIS."),
        (Family, "FAMILY HISTORY: Spinal STENOSIS."),
        (Family, "Mother had STENOSIS."),
        (Present, "The patient denies fever, has severe STENOSIS."),
        (Absent, "Denies fever, WEAKNESS, or numbness."),
        (Present, "[Canal: patent]. [Foramen: severe STENOSIS]."),
        (Absent, "NO BULGE.  NO STENOSIS OR HERNIATION."),
        (Present, "Likely due to STENOSIS at L4-5."),
    ];
    let reader = Reader::new();
    let mut failed = Vec::new();
    for &(status, note) in cases {
        let folded = Folded::new(note);
        let mut capitals = note.split(|c: char| !c.is_ascii_alphabetic());
        let word = capitals.rfind(|w| w.len() > 4 && w.bytes().all(|b| b.is_ascii_uppercase())).unwrap();
        let target = condition(&folded, word).unwrap();
        let said = reader.assess(&folded, target);
        if said.status != status {
            failed.push(format!(
                "{note}: {} instead of {status}, {:?}",
                said.status,
                said.scope.map(|s| (folded.slice(s.cue), folded.slice(s.reach)))
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Right, wrong and missed, counted.
#[derive(Default)]
struct Score {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Score {
    fn count(&mut self, said: bool, gold: bool) {
        match (said, gold) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    fn f1(&self) -> f64 {
        f64::from(2 * self.right) / f64::from((2 * self.right + self.wrong + self.missed).max(1))
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ratio = |of: u32| f64::from(self.right) / f64::from(of.max(1));
        let (precision, recall) = (ratio(self.right + self.wrong), ratio(self.right + self.missed));
        write!(f, "precision {precision:.3}  recall {recall:.3}  F1 {:.3}", self.f1())
    }
}

#[test]
fn labelled_sentences_are_read_as_people_read_them() {
    let Some(path) = shared::shared("assertion/context_sentences.tsv") else { return };
    let table = std::fs::read_to_string(path).unwrap();
    let reader = Reader::new();
    let [mut negated, mut historical, mut hypothetical, mut other] = <[Score; 4]>::default();
    for row in table.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [_, words, sentence, negation, temporality, experiencer, ..] = columns[..] else { continue };
        let folded = Folded::new(sentence);
        let said =
            condition(&folded, words).map_or(Assertion::default(), |target| reader.assess(&folded, target));
        negated.count(said.status == Status::Absent, negation == "Negated");
        historical.count(said.status == Status::Historical, temporality == "Historical");
        hypothetical.count(said.status == Status::Hypothetical, temporality == "Not particular");
        other.count(said.status == Status::Family, experiencer != "Patient");
    }
    println!(
        "negated      {negated}\nhistorical   {historical}\nhypothetical {hypothetical}\nother person {other}"
    );
    for (name, score, floor) in [
        ("negated", negated, 0.95),
        ("historical", historical, 0.62),
        ("hypothetical", hypothetical, 0.83),
        ("other person", other, 0.98),
    ] {
        assert!(score.f1() >= floor, "{name} fell to {:.3}, below its floor of {floor}", score.f1());
    }
}
