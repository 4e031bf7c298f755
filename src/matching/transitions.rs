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

/// Which two letters stand beside each other in a phrase, roughly: two that do are always told, others seldom.
///
/// A set of bits by a hash (Bloom 1970) that stays in the nearest cache, so that most letters that lead nowhere are
/// known without asking the states.
#[derive(Clone, Debug)]
struct Neighbours(Box<[u64]>);

impl Neighbours {
    /// Bits for each pair of letters: one pair of sixteen that are none is taken for one.
    const BITS: usize = 16;

    fn new(pairs: &[(Letter, Letter)]) -> Self {
        let words = (pairs.len() * Self::BITS / 64).next_power_of_two();
        let mut neighbours = Self(vec![0; words].into_boxed_slice());
        for &pair in pairs {
            let (word, bit) = neighbours.place(pair);
            neighbours.0[word] |= bit;
        }
        neighbours
    }

    #[inline(always)]
    fn may_have(&self, pair: (Letter, Letter)) -> bool {
        let (word, bit) = self.place(pair);
        self.0[word] & bit != 0
    }

    #[inline(always)]
    fn place(&self, (one, other): (Letter, Letter)) -> (usize, u64) {
        let hash = hash(u64::from(one.0) << 32 | u64::from(other.0), 0);
        ((hash >> 32) as usize & (self.0.len() - 1), 1 << (hash & 63))
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
    first: Vec<State>,
    neighbours: Neighbours,
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
        Self {
            first: vec![Self::ROOT; (BYTES + letters) as usize + 1],
            neighbours: Neighbours::new(&[]),
            edges: Index::default(),
            origins: Vec::new(),
            nodes: Vec::new(),
        }
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
        if from == Self::ROOT {
            self.first[letter.0 as usize] = new;
        }
        new
    }

    /// Sets what follows from the phrases, all of which have been added; gives of each state the longest proper suffix
    /// that is a state.
    pub(super) fn link(&mut self) -> Vec<State> {
        self.neighbours = Neighbours::new(&self.pairs());
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
                let (_, last) = self.origins[before as usize - 1];
                suffixes[state as usize] = self.step(suffix, (last, letter), self.first(letter));
            }
            let next = self.nodes[suffixes[state as usize] as usize].first;
            let first = if has_edge[state as usize] { state } else { next };
            self.nodes[state as usize] = Node { first, next, ..Node::default() };
        }
        suffixes
    }

    /// All letters that stand beside each other in a phrase.
    fn pairs(&self) -> Vec<(Letter, Letter)> {
        let inner = self.origins.iter().filter(|&&(before, _)| before != Self::ROOT);
        inner.map(|&(before, letter)| (self.origins[before as usize - 1].1, letter)).collect()
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

    /// Where a letter leads from the root.
    #[inline(always)]
    pub(super) fn first(&self, letter: Letter) -> State {
        self.first.get(letter.0 as usize).copied().unwrap_or(Self::ROOT)
    }

    /// The state after the second of two letters, the first of which led to `state`; from the root, the second leads
    /// to `first`.
    #[inline(always)]
    pub(super) fn step(&self, mut state: State, letters: (Letter, Letter), first: State) -> State {
        if state != Self::ROOT && self.neighbours.may_have(letters) {
            state = self.nodes[state as usize].first;
            while state != Self::ROOT {
                if let Some(next) = self.edge(state, letters.1) {
                    return next;
                }
                state = self.nodes[state as usize].next;
            }
        }
        first
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
