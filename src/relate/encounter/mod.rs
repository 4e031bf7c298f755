//! The encounter around procedures: guidance, drugs and doses, scores, relief, durations.

use super::layers::Layers;
use crate::model::{Encounter, Procedure};

/// What a note tells of the encounter around its procedures.
pub fn encounter(layers: &Layers<'_, '_>, _procedures: &[Procedure]) -> Encounter {
    let _ = layers.details;
    Encounter::default()
}
