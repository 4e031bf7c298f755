//! The encounter around procedures: guidance, drugs and doses, scores, relief, durations.
//!
//! ```text
//! 2 cc of 0.25% Marcaine                       bupivacaine, 2 mL, 2.5 mg/mL, 5 mg computed
//! NRS 7/10 before, 2/10 after                  two scores, one on each side of the procedure
//! 80% relief for 6 months after the last one   80 percent, 180 days, of an earlier procedure
//! ```
//!
//! What was used and given is read only where the note tells of a procedure performed; a plan, a consent paragraph and
//! a list of medications tell of none. Numbers are read beside the words that they belong to.

mod amounts;
mod complaints;
mod course;
mod drugs;
mod durations;
mod guidance;
mod kinds;
mod numbers;
mod passage;
mod relief;
mod scores;
mod sedation;
mod times;

use super::layers::Layers;
use crate::model::{Encounter, Procedure};

/// What a note tells of the encounter around its procedures; nothing where it has none.
pub fn encounter(layers: &Layers<'_, '_>, procedures: &[Procedure]) -> Encounter {
    if procedures.is_empty() || layers.details.is_empty() {
        return Encounter::default();
    }
    let passages = passage::Passages::read(layers, procedures);
    let (contrast, contrast_barrier) = guidance::contrast(&passages);
    let durations = durations::durations(&passages);
    Encounter {
        guidance: guidance::guidance(&passages),
        contrast,
        contrast_barrier,
        images_retained: guidance::images_retained(&passages),
        views: guidance::views(&passages),
        needle: guidance::needle(&passages),
        drugs: drugs::drugs(&passages),
        sedation: sedation::sedation(&passages),
        complications: sedation::complications(&passages),
        intent: course::intent(&passages),
        series: course::series(&passages),
        reliefs: relief::reliefs(&passages),
        pain_scores: scores::pain_scores(&passages),
        function_scores: scores::function_scores(&passages),
        symptom_days: durations.symptom,
        care_days: durations.care,
        complaints: complaints::complaints(&passages),
    }
}
