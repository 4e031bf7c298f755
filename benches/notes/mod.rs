//! The notes that the benchmarks read: those of `corpora/`, and notes that do not speak of the spine.

#![allow(dead_code, reason = "each benchmark takes what it needs")]

#[path = "../../tests/shared/mod.rs"]
mod outside;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use daachorse::DoubleArrayAhoCorasick;

use foramen::lexicon::Lexicon;
use foramen::model::{Context, NoteType};

/// A note and what is known of it; its text was decoded before any clock runs.
pub(crate) struct Sample {
    /// Its text.
    pub(crate) text: String,
    /// What it was written for.
    pub(crate) context: Context,
}

/// The files of `corpora/`, in a fixed order.
const CORPORA: [&str; 7] = [
    "clinical.jsonl",
    "fresh.jsonl",
    "imaging.jsonl",
    "later.jsonl",
    "long.jsonl",
    "procedures.jsonl",
    "styles.jsonl",
];

/// Notes that are no part of the project, where they are to be had: those of the spine, and those of other fields.
pub(crate) fn shared() -> Vec<(&'static str, Vec<Sample>)> {
    let read = |name: &'static str| {
        let lines = fs::read_to_string(outside::shared(&format!("notes/{name}"))?).ok()?;
        let texts = lines.lines().filter_map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(Sample { text: record["text"].as_str()?.to_owned(), context: Context::default() })
        });
        Some((name, texts.collect()))
    };
    ["spine.jsonl", "general.jsonl"].into_iter().filter_map(read).collect()
}

/// Every note of `corpora/`, and how many findings their authors see in them.
pub(crate) fn corpora() -> (Vec<Sample>, usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let mut samples = Vec::new();
    let mut findings = 0;
    for file in CORPORA {
        let lines = fs::read_to_string(folder.join(file)).expect("the corpora are part of the project");
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let record: serde_json::Value = serde_json::from_str(line).expect("corpora are JSON Lines");
            findings += record["gold"]["findings"].as_array().map_or(0, Vec::len);
            let note_type: Option<NoteType> = serde_json::from_value(record["note_type"].clone()).ok();
            let text = record["text"].as_str().expect("every note has a text").to_owned();
            samples.push(Sample { text, context: Context { note_type, ..Context::default() } });
        }
    }
    (samples, findings)
}

/// Statements of other fields of medicine; none has a word of the spine in it.
const ELSEWHERE: [(&str, &[&str]); 6] = [
    (
        "HISTORY OF PRESENT ILLNESS",
        &[
            "Comes in at 61 years of age for a cough of two weeks with clear sputum.",
            "She was seen in urgent care, given azithromycin, and feels about half better.",
            "Reports two loose stools a day since Thursday, without blood.",
            "He stopped metformin on his own because of nausea, and his morning sugars run near 190.",
            "There has been no fever, chills or weight loss.",
            "Palpitations come at rest, last under a minute and go by themselves.",
        ],
    ),
    (
        "PAST MEDICAL HISTORY",
        &[
            "Hypertension, hyperlipidemia, type 2 diabetes, gout.",
            "Asthma since childhood, one admission in 2009, never intubated.",
            "Cholecystectomy, appendectomy, two cesarean deliveries.",
            "Atrial fibrillation on apixaban; echo in 2021 with an ejection fraction of 55%.",
        ],
    ),
    (
        "MEDICATIONS",
        &[
            "Lisinopril 20 mg daily, atorvastatin 40 mg at bedtime, aspirin 81 mg.",
            "Albuterol inhaler as needed; fluticasone 110 mcg, two puffs twice a day.",
            "Levothyroxine 88 mcg before breakfast.",
        ],
    ),
    (
        "PHYSICAL EXAMINATION",
        &[
            "Blood pressure 138/82, pulse 76, temperature 98.4, saturation 97% on room air.",
            "Lungs are clear to auscultation; heart is regular without murmur.",
            "The abdomen is soft, nontender, bowel sounds are heard in all quadrants.",
            "Tympanic membranes are pearly, the pharynx is pink, no exudate.",
            "Skin is warm and dry; a 6 mm brown macule over the cheek has even borders.",
        ],
    ),
    (
        "LABORATORY DATA",
        &[
            "Hemoglobin 13.1, white count 7.8, platelets 244, creatinine 0.9, potassium 4.2.",
            "Hemoglobin A1c is 7.4, up from 6.9; LDL 88.",
            "Urinalysis: trace protein, nitrite negative, leukocyte esterase negative.",
        ],
    ),
    (
        "ASSESSMENT AND PLAN",
        &[
            "1. Acute bronchitis, on the mend. Fluids and honey; call if fever returns.",
            "2. Diabetes above goal: start empagliflozin 10 mg, recheck in three months.",
            "3. Hypertension at goal. Continue the present dose.",
            "4. Colonoscopy is due in the spring; referral placed.",
            "He was told to go to the emergency department for chest pressure or dark stools.",
        ],
    ),
];

/// Notes of the size of those in `corpora/` that say nothing of the spine.
pub(crate) fn elsewhere() -> Vec<Sample> {
    (0..30).map(|n| Sample { text: note_elsewhere(n), context: Context::default() }).collect()
}

fn note_elsewhere(n: usize) -> String {
    let mut text = String::new();
    for (heading, statements) in ELSEWHERE {
        text.push_str(heading);
        text.push_str(":\n");
        for i in 0..statements.len() + 3 {
            text.push_str(statements[(n * 7 + i * (n % 3 + 1)) % statements.len()]);
            text.push(if i % 3 == 2 { '\n' } else { ' ' });
        }
        text.push_str("\n\n");
    }
    text
}

/// Bytes of all the notes.
pub(crate) fn bytes(samples: &[Sample]) -> u64 {
    samples.iter().map(|sample| sample.text.len() as u64).sum()
}

/// A plain automaton of the phrases that the engine searches for; the engine's own has words for letters.
pub(crate) fn plain_automaton(lexicon: &Lexicon) -> DoubleArrayAhoCorasick<u32> {
    DoubleArrayAhoCorasick::new(patterns(lexicon)).expect("the lexicon fits")
}

/// The phrases that the engine searches for, each once.
pub(crate) fn patterns(lexicon: &Lexicon) -> Vec<&str> {
    let searched = lexicon.phrases().iter().filter(|phrase| phrase.concept.layer().is_searched());
    let phrases: BTreeSet<&str> = searched.map(|phrase| phrase.words.as_str()).collect();
    phrases.into_iter().collect()
}

/// A bare scan: all occurrences, counted, nothing else.
pub(crate) fn scan(automaton: &DoubleArrayAhoCorasick<u32>, text: &str) -> usize {
    automaton.find_overlapping_iter(text).count()
}
