//! From mentions to facts: values attach to what they are values of.

mod anchor;
mod attribute;
mod care;
mod concordance;
mod correlation;
mod disc;
mod emit;
mod encounter;
mod facts;
mod gap;
mod head;
mod item;
mod layers;
mod level_of;
mod note_type;
mod place;
mod procedure;
mod radiculopathy;
mod scale;
mod statement;
mod targets;

pub use anchor::Topic;
pub use care::conservative_care;
pub use concordance::concordance;
pub use correlation::correlate;
pub use encounter::encounter;
pub use facts::{contradictions, correct, merge};
pub use gap::Gap;
pub use item::{Grade, Item, ItemReader, Items, Kind};
pub use layers::{Layers, within};
pub use note_type::note_type;
pub use place::Places;
pub use procedure::procedures;
pub use radiculopathy::radiculopathies;
pub use scale::{Code, Codes};
pub use statement::{Leaves, Statement, barriers, mark_roots};
