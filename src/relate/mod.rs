//! From mentions to facts: values attach to what they are values of.

mod anchor;
mod attribute;
mod facts;
mod head;
mod item;
mod place;
mod scale;
mod statement;

pub use anchor::Topic;
pub use facts::{contradictions, merge};
pub use item::{Gap, Grade, Item, ItemReader, Items, Kind};
pub use place::Places;
pub use scale::{Code, Codes};
pub use statement::{Leaves, Statement, barriers, mark_roots};
