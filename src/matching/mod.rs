//! From folded words to mentions: one pass of the automaton over the note, then the longest at each place.

mod automaton;

pub use automaton::{Automaton, Speed};
