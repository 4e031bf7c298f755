//! The phrases as a tree of letters: each state is the beginning of some phrase, the root the empty one.
//!
//! ```text
//! disc bulge        root ─disc─▶ 1 ─bulge─▶ 2
//! bulge             root ─bulge─▶ 3
//! ```
//!
//! States are numbered as phrases are added; [`Trie::ordered`] numbers them anew, shorter ones first and those with the
//! same beginning side by side, so that they are found without a table.

use rustc_hash::{FxBuildHasher, FxHashMap};

/// A state; the root is [`ROOT`].
pub(super) type State = u32;

/// Where reading starts.
pub(super) const ROOT: State = 0;

/// A letter: a word of the lexicon, or a byte between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Letter(u32);

/// How many letters stand for bytes; words are numbered after them.
const BYTES: u32 = 256;

impl Letter {
    /// A word that no phrase has.
    pub(super) const UNKNOWN: Self = Self(BYTES);

    /// The letter of a word by its number, from 1.
    pub(super) const fn of_word(number: u32) -> Self {
        Self(BYTES + number)
    }

    /// The letter of a byte between words.
    pub(super) const fn of_byte(byte: u8) -> Self {
        Self(byte as u32)
    }

    /// Its number among all letters.
    pub(super) const fn number(self) -> usize {
        self.0 as usize
    }
}

/// The tree, to be added to.
#[derive(Debug)]
pub(super) struct Trie {
    /// The states that edges lead to, by their origins.
    edges: FxHashMap<(State, Letter), State>,
    /// The state before each state, and the letter between, from the first state after the root on.
    origins: Vec<(State, Letter)>,
}

impl Trie {
    /// A tree with room for so many states.
    pub(super) fn with_capacity(states: usize) -> Self {
        let edges = FxHashMap::with_capacity_and_hasher(states, FxBuildHasher);
        Self { edges, origins: Vec::with_capacity(states) }
    }

    /// Adds a phrase, which is not empty; gives the state in which it ends.
    pub(super) fn add(&mut self, phrase: impl Iterator<Item = Letter>) -> State {
        phrase.fold(ROOT, |state, letter| self.next(state, letter))
    }

    /// Where a letter leads from a state, to a new state if it led nowhere.
    fn next(&mut self, from: State, letter: Letter) -> State {
        *self.edges.entry((from, letter)).or_insert_with(|| {
            self.origins.push((from, letter));
            self.origins.len() as State
        })
    }

    /// The states in order, and the new number of each.
    pub(super) fn ordered(&self) -> (Ordered, Vec<State>) {
        let count = self.origins.len() + 1;
        // The states side by side that a state leads to, and where those of each state start.
        let mut starts = vec![0_u32; count + 1];
        for &(before, _) in &self.origins {
            starts[before as usize + 1] += 1;
        }
        for state in 0..count {
            starts[state + 1] += starts[state];
        }
        let mut children = vec![(Letter::UNKNOWN, ROOT); self.origins.len()];
        let mut free = starts.clone();
        for (&(before, letter), state) in self.origins.iter().zip(1..) {
            children[free[before as usize] as usize] = (letter, state);
            free[before as usize] += 1;
        }
        let mut ordered =
            Ordered { origins: Vec::with_capacity(count), children: Vec::with_capacity(count + 1) };
        ordered.origins.push((ROOT, Letter::UNKNOWN));
        let (mut numbers, mut queue) = (vec![ROOT; count], vec![ROOT]);
        for number in 0..count {
            let state = queue[number] as usize;
            let of_state = &mut children[starts[state] as usize..starts[state + 1] as usize];
            of_state.sort_unstable();
            ordered.children.push(queue.len() as u32);
            for &(letter, child) in &*of_state {
                numbers[child as usize] = queue.len() as State;
                ordered.origins.push((number as State, letter));
                queue.push(child);
            }
        }
        ordered.children.push(count as u32);
        (ordered, numbers)
    }
}

/// The states in order: the shorter first, and those that begin alike in the order of their last letters.
#[derive(Debug)]
pub(super) struct Ordered {
    /// The state before each state, and the letter between; nothing that means anything for the root.
    pub(super) origins: Vec<(State, Letter)>,
    /// The first state after each state, and at last the number of states.
    pub(super) children: Vec<u32>,
}
