//! Procedures: which family, where, on which side, and whether it was done.

use super::layers::Layers;
use crate::model::Procedure;

/// The procedures of a note, one fact one record, in the order of the note.
pub fn procedures(layers: &Layers<'_, '_>) -> Vec<Procedure> {
    let _ = layers.acts;
    Vec::new()
}
