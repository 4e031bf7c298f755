//! How the automaton goes from one state to the next (Aho and Corasick 1975).
//!
//! ```text
//! disc bulge        root ─disc─▶ 1 ─bulge─▶ 3        3 fails to 2: "bulge" ends there, too
//! bulge             root ─bulge─▶ 2
//! ```
//!
//! A note meets few of the many states, each of them far from the last, so that fetching them takes longer than
//! anything done with them. The tables are laid out to be fetched from as seldom as can be.

use super::hash::hash;
use super::trie::{Letter, Ordered, ROOT, State};

/// Which two letters stand beside each other in a phrase, roughly: two that do are always told, others seldom.
///
/// A set of bits by a hash (Bloom 1970) that stays in a near cache, so that most letters that lead nowhere are known
/// without asking the states.
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
        let hash = hash(one.number() as u64, other.number() as u64);
        ((hash >> 32) as usize & (self.0.len() - 1), 1 << (hash & 63))
    }
}

/// What is known of a state. The node behind says where what is its own ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// The first of the states that it leads to; they follow each other.
    children: State,
    /// The longest proper suffix that leads to any state.
    suffix: State,
    /// The first of the meanings that end here.
    pub(super) meanings: u32,
}

/// Where each letter leads from each state.
#[derive(Clone, Debug)]
pub(super) struct Transitions {
    /// From the root, by letter.
    first: Vec<State>,
    neighbours: Neighbours,
    /// The letter that leads to each state from the one that it is a child of.
    letters: Vec<Letter>,
    /// The states, and one node behind them.
    nodes: Vec<Node>,
}

impl Transitions {
    /// The automaton of phrases whose words have so many letters, and of each state the longest proper suffix that is
    /// a state, which is before it.
    pub(super) fn new(ordered: &Ordered, letters: usize) -> (Self, Vec<State>) {
        let Ordered { origins, children } = ordered;
        let of_root = 1..children[1] as usize;
        let inner = &origins[of_root.end..];
        let pairs: Vec<_> =
            inner.iter().map(|&(before, letter)| (origins[before as usize].1, letter)).collect();
        let mut first = vec![ROOT; letters];
        for state in of_root {
            first[origins[state].1.number()] = state as State;
        }
        let node = |&children| Node { children, suffix: ROOT, meanings: 0 };
        let mut built = Self {
            first,
            neighbours: Neighbours::new(&pairs),
            letters: origins.iter().map(|&(_, letter)| letter).collect(),
            nodes: children.iter().map(node).collect(),
        };
        let mut suffixes = vec![ROOT; origins.len()];
        for (state, &(before, letter)) in origins.iter().enumerate().skip(1) {
            if before != ROOT {
                let letters = (built.letters[before as usize], letter);
                suffixes[state] = built.step(suffixes[before as usize], letters);
            }
            let suffix = suffixes[state];
            let leads_on = !built.children(suffix).is_empty();
            built.nodes[state].suffix = if leads_on { suffix } else { built.nodes[suffix as usize].suffix };
        }
        (built, suffixes)
    }

    /// What is known of each state, and the node behind them, to be changed.
    pub(super) fn nodes_mut(&mut self) -> &mut [Node] {
        &mut self.nodes
    }

    /// The places of the meanings that end in a state.
    #[inline(always)]
    pub(super) fn meanings(&self, state: State) -> std::ops::Range<usize> {
        let state = state as usize;
        self.nodes[state].meanings as usize..self.nodes[state + 1].meanings as usize
    }

    /// The states that a state leads to.
    #[inline(always)]
    fn children(&self, state: State) -> std::ops::Range<usize> {
        let state = state as usize;
        self.nodes[state].children as usize..self.nodes[state + 1].children as usize
    }

    /// The state after the second of two letters, the first of which led to `state`.
    #[inline(always)]
    pub(super) fn step(&self, mut state: State, letters: (Letter, Letter)) -> State {
        // Both at once: one branch that nothing foretells is better than two.
        if (state != ROOT) & self.neighbours.may_have(letters) {
            while state != ROOT {
                let children = self.children(state);
                if let Ok(place) = self.letters[children.clone()].binary_search(&letters.1) {
                    return (children.start + place) as State;
                }
                state = self.nodes[state as usize].suffix;
            }
        }
        self.first[letters.1.number()]
    }
}
