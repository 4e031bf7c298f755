//! From folded words to mentions: one pass of the automaton over the note, the grammar of levels where it saw a
//! vertebra, then the longest phrase at each place.

#![expect(clippy::inline_always, reason = "one call a word; a call costs as much as the work")]

mod again;
mod automaton;
mod hash;
mod levels;
mod nearest;
mod quantities;
mod repair;
mod resolve;
mod transitions;
mod trie;
mod vocabulary;
mod words;

pub use automaton::{Automaton, Hit, Hits, Token, steps, tokens_within};
pub use levels::{LevelMention, part_lists, read_levels};
pub use quantities::{Quantities, Quantity, Unit, may_begin_quantity, quantities};
pub use repair::{Mended, Repairer};
pub use resolve::{BySentence, Mentions, resolve};
pub use words::{FunctionWords, WordClass, is_word_byte, word_at};
