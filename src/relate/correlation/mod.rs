//! Correlation: does the note join what imaging shows to what the patient has, in words or side by side?
//!
//! A link joins what stands before it to what follows, up to the next link, in its sentence:
//!
//! ```text
//! left leg pain and numbness, due to the extrusion at L4-5
//! └──── symptom ───────────┘  └link┘ └─ imaging ┘            explicit
//! ```
//!
//! Without a link a present finding and a present symptom are implicit, unless their sides disagree.

mod link;
mod side_by_side;
mod term;

use super::concordance::concordance;
use super::layers::{Layers, within};
use crate::lexicon::Concept;
use crate::model::{Correlation, CorrelationStatus, Evidence, EvidenceList, Finding, Mention, Radiculopathy};
use link::{LinkSentence, Links};
use side_by_side::side_by_side;

/// How many sentences back a sentence may point that names one of the two only: "Symptoms concordant."
const SENTENCES_BACK: usize = 4;

/// Reads the correlation of a note with these findings and radiculopathies.
pub fn correlate(
    layers: &Layers<'_, '_>,
    findings: &[Finding],
    radiculopathies: &[Radiculopathy],
) -> Correlation {
    let mut links = Links::default();
    let is_spine = !findings.is_empty();
    for (index, clinical) in sentences_with(layers, |concept| matches!(concept, Concept::Link(_))) {
        let sentence = &layers.layout.sentences[index];
        let before = &layers.layout.sentences[index.saturating_sub(SENTENCES_BACK)..index];
        let scopes = layers.scopes(sentence);
        LinkSentence { layers, sentence, before, scopes, is_spine }.read(clinical, &mut links);
    }
    let (status, evidence) = match links {
        Links { joined: Some(evidence), .. } => (CorrelationStatus::Explicit, evidence),
        Links { joined: None, denied: Some(evidence) } => (CorrelationStatus::None, evidence),
        Links { joined: None, denied: None } => side_by_side(layers, findings, radiculopathies),
    };
    Correlation { status, concordance: concordance(findings, radiculopathies), evidence }
}

/// The sentences in which a clinical mention of a kind stands, by their numbers, each with all its clinical mentions.
fn sentences_with<'a>(
    layers: &Layers<'a, '_>,
    is_it: impl Fn(Concept) -> bool,
) -> impl Iterator<Item = (usize, &'a [Mention<Concept>])> {
    let &Layers { layout, clinical, .. } = layers;
    let mut done = 0;
    clinical.iter().filter(move |m| is_it(m.concept)).filter_map(move |m| {
        let (index, sentence) = layout.sentence_at(m.span.start).filter(|_| m.span.start >= done)?;
        done = sentence.span.end;
        sentence.span.contains(m.span).then(|| (index, within(clinical, sentence.span)))
    })
}

/// Evidence by its place, each once.
fn in_order(parts: impl IntoIterator<Item = Evidence>) -> EvidenceList {
    let mut evidence: EvidenceList = parts.into_iter().collect();
    evidence.sort_unstable_by_key(|e| (e.span, e.role));
    evidence.dedup();
    evidence
}
