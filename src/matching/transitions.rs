//! The states of the automaton and how it goes from one to the next (Aho and Corasick 1975).
//!
//! ```text
//! disc bulge        root ─disc─▶ 1 ─bulge─▶ 2        2 fails to 3: "bulge" ends there, too
//! bulge             root ─bulge─▶ 3
//! ```

use super::index::{Index, hash};

/// A state; the root is [`Transitions::ROOT`].
pub(super) type State = u32;

/// A letter: a word of the lexicon, or a byte between words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
}

/// What a letter does from the root, and whether any phrase goes on with it, so that other states need be asked.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct First(u32);

impl First {
    const fn to(self) -> State {
        self.0 >> 1
    }

    const fn goes_on(self) -> bool {
        self.0 & 1 == 1
    }
}

/// What is known of a state.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Node {
    /// The longest suffix of the state, itself among them, from which any edge leads.
    first: State,
    /// The longest of those that are shorter than the state.
    next: State,
    /// The first and the number of the meanings that end here.
    pub(super) meanings: (u32, u32),
}

/// Where each letter leads from each state.
#[derive(Clone, Debug)]
pub(super) struct Transitions {
    /// From the root, by letter.
    first: Vec<First>,
    /// The states that edges lead to, by a hash of their origins.
    edges: Index,
    /// The state before each state, and the letter between, from the first state after the root on.
    origins: Vec<(State, Letter)>,
    nodes: Vec<Node>,
}

impl Transitions {
    /// Where reading starts, and where a letter that no phrase has leads back to.
    pub(super) const ROOT: State = 0;

    /// An automaton of no phrases yet, whose words have so many letters.
    pub(super) fn new(letters: u32) -> Self {
        let first = vec![First::default(); (BYTES + letters) as usize + 1];
        Self { first, edges: Index::default(), origins: Vec::new(), nodes: Vec::new() }
    }

    /// Adds a phrase, which is not empty; gives the state in which it ends.
    pub(super) fn add(&mut self, phrase: impl Iterator<Item = Letter>) -> State {
        phrase.fold(Self::ROOT, |state, letter| self.next(state, letter))
    }

    /// Where a letter leads from a state, to a new state if it led nowhere.
    fn next(&mut self, from: State, letter: Letter) -> State {
        if let Some(known) = self.edge(from, letter) {
            return known;
        }
        self.edges.push(hash_of((from, letter)), |state| hash_of(self.origins[state as usize - 1]));
        self.origins.push((from, letter));
        let new = self.origins.len() as State;
        self.first[letter.0 as usize].0 |= if from == Self::ROOT { new << 1 } else { 1 };
        new
    }

    /// Sets what follows from the phrases, all of which have been added; gives of each state the longest proper suffix
    /// that is a state.
    pub(super) fn link(&mut self) -> Vec<State> {
        let count = self.origins.len() + 1;
        let (mut depth, mut has_edge) = (vec![0_u32; count], vec![false; count]);
        for (&(before, _), state) in self.origins.iter().zip(1..) {
            depth[state] = depth[before as usize] + 1;
            has_edge[before as usize] = true;
        }
        let mut order: Vec<State> = (1..count as State).collect();
        // The shorter ones first: a longer one asks the shorter.
        order.sort_by_key(|&state| depth[state as usize]);
        self.nodes = vec![Node::default(); count];
        let mut suffixes = vec![Self::ROOT; count];
        for state in order {
            let (before, letter) = self.origins[state as usize - 1];
            if before != Self::ROOT {
                let suffix = suffixes[before as usize];
                suffixes[state as usize] = self.step(suffix, letter, self.first(letter));
            }
            let next = self.nodes[suffixes[state as usize] as usize].first;
            let first = if has_edge[state as usize] { state } else { next };
            self.nodes[state as usize] = Node { first, next, ..Node::default() };
        }
        suffixes
    }

    /// What is known of each state, to be changed.
    pub(super) fn nodes_mut(&mut self) -> &mut [Node] {
        &mut self.nodes
    }

    /// The first and the number of the meanings that end in a state.
    #[inline(always)]
    pub(super) fn meanings(&self, state: State) -> (u32, u32) {
        self.nodes[state as usize].meanings
    }

    /// What a letter does from the root.
    pub(super) fn first(&self, letter: Letter) -> First {
        self.first.get(letter.0 as usize).copied().unwrap_or_default()
    }

    /// The state after a letter, which does `first` from the root.
    #[inline(always)]
    pub(super) fn step(&self, mut state: State, letter: Letter, first: First) -> State {
        if first.goes_on() && state != Self::ROOT {
            state = self.nodes[state as usize].first;
            while state != Self::ROOT {
                if let Some(next) = self.edge(state, letter) {
                    return next;
                }
                state = self.nodes[state as usize].next;
            }
        }
        first.to()
    }

    /// Where a letter leads to from a state.
    #[inline(always)]
    fn edge(&self, from: State, letter: Letter) -> Option<State> {
        let origin = (from, letter);
        self.edges.get(hash_of(origin), |state| self.origins[state as usize - 1] == origin)
    }
}

fn hash_of((from, letter): (State, Letter)) -> u64 {
    hash(u64::from(from) << 32 | u64::from(letter.0), 0)
}
