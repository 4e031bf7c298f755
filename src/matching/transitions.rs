//! The states of the automaton and how it goes from one to the next (Aho and Corasick 1975).
//!
//! ```text
//! disc bulge        root ─disc─▶ 1 ─bulge─▶ 2        2 fails to 3: "bulge" ends there, too
//! bulge             root ─bulge─▶ 3
//! ```

use rustc_hash::FxHashMap;

use super::vocabulary::WordNumber;

/// A state; the root is [`Transitions::ROOT`].
pub(super) type State = u32;

/// A letter: a word of the lexicon, or a byte between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Letter(u32);

/// How many letters stand for bytes; words are numbered after them.
const BYTES: u32 = 256;

impl Letter {
    /// A word that no phrase has.
    pub(super) const UNKNOWN: Self = Self(BYTES);

    /// The letter of a word by its number.
    pub(super) const fn of_word(number: WordNumber) -> Self {
        Self(BYTES + number)
    }

    /// The letter of a byte between words.
    pub(super) const fn of_byte(byte: u8) -> Self {
        Self(byte as u32)
    }
}

/// What a letter does from the root.
#[derive(Clone, Copy, Debug, Default)]
struct First {
    to: State,
    /// Whether any phrase goes on with it, so that other states need be asked.
    goes_on: bool,
}

/// Where each letter leads from each state.
#[derive(Clone, Debug)]
pub(super) struct Transitions {
    /// From the root, by letter.
    first: Vec<First>,
    /// Where to go from all other states, by a hash of state and letter: open addressed, at most half full, the root
    /// where there is nothing.
    edges: Vec<State>,
    /// The state before each state, and the letter between.
    origins: Vec<(State, Letter)>,
    /// The longest proper suffix of each state that is a state.
    fail: Vec<State>,
    /// The longest suffix of each state, itself among them, from which any edge leads.
    goes_on: Vec<State>,
}

impl Transitions {
    /// Where reading starts, and where a letter that no phrase has leads back to.
    pub(super) const ROOT: State = 0;

    /// The automaton of phrases, none of them empty, and the state in which each ends.
    pub(super) fn new(phrases: &[Vec<Letter>]) -> (Self, Vec<State>) {
        let last_letter = phrases.iter().flatten().map(|letter| letter.0).max().unwrap_or(BYTES);
        let mut built = Self {
            first: vec![First::default(); last_letter as usize + 1],
            edges: Vec::new(),
            origins: vec![(Self::ROOT, Letter::UNKNOWN)],
            fail: Vec::new(),
            goes_on: Vec::new(),
        };
        let mut known: FxHashMap<(State, Letter), State> = FxHashMap::default();
        let ends = phrases.iter().map(|phrase| built.add(phrase, &mut known)).collect();
        built.place_edges();
        built.link();
        (built, ends)
    }

    /// Adds a phrase; gives the state in which it ends.
    fn add(&mut self, phrase: &[Letter], known: &mut FxHashMap<(State, Letter), State>) -> State {
        phrase.iter().fold(Self::ROOT, |state, &letter| {
            *known.entry((state, letter)).or_insert_with(|| {
                self.origins.push((state, letter));
                self.origins.len() as State - 1
            })
        })
    }

    /// Puts each state where its origin leads to.
    fn place_edges(&mut self) {
        self.edges = vec![Self::ROOT; (2 * self.origins.len()).next_power_of_two()];
        for (state, &(from, letter)) in self.origins.iter().enumerate().skip(1) {
            let first = &mut self.first[letter.0 as usize];
            if from == Self::ROOT {
                first.to = state as State;
                continue;
            }
            first.goes_on = true;
            let mut slot = slot(from, letter, self.edges.len());
            while self.edges[slot] != Self::ROOT {
                slot = (slot + 1) & (self.edges.len() - 1);
            }
            self.edges[slot] = state as State;
        }
    }

    /// Sets where each state fails to, the shorter ones first: a longer one asks the shorter.
    fn link(&mut self) {
        let count = self.origins.len();
        let (mut depth, mut has_edge) = (vec![0_u32; count], vec![false; count]);
        for (state, &(before, _)) in self.origins.iter().enumerate().skip(1) {
            depth[state] = depth[before as usize] + 1;
            has_edge[before as usize] = true;
        }
        let mut order: Vec<usize> = (1..count).collect();
        order.sort_by_key(|&state| depth[state]);
        self.fail = vec![Self::ROOT; count];
        self.goes_on = vec![Self::ROOT; count];
        for state in order {
            let (before, letter) = self.origins[state];
            if before != Self::ROOT {
                self.fail[state] = self.step(self.fail[before as usize], letter);
            }
            let suffix = self.goes_on[self.fail[state] as usize];
            self.goes_on[state] = if has_edge[state] { state as State } else { suffix };
        }
    }

    /// How many states there are.
    pub(super) fn states(&self) -> usize {
        self.fail.len()
    }

    /// A state and all its suffixes that are states, the root left out.
    pub(super) fn suffixes(&self, state: State) -> impl Iterator<Item = State> {
        let next = |&at: &State| Some(self.fail[at as usize]).filter(|&to| to != Self::ROOT);
        std::iter::successors(Some(state).filter(|&at| at != Self::ROOT), next)
    }

    /// The state after a letter.
    #[allow(clippy::inline_always, reason = "one call a word; a call costs as much as the work")]
    #[inline(always)]
    pub(super) fn step(&self, mut state: State, letter: Letter) -> State {
        let Some(first) = self.first.get(letter.0 as usize) else { return Self::ROOT };
        if first.goes_on {
            state = self.goes_on[state as usize];
            while state != Self::ROOT {
                if let Some(next) = self.edge(state, letter) {
                    return next;
                }
                state = self.goes_on[self.fail[state as usize] as usize];
            }
        }
        first.to
    }

    /// Where a letter leads to from a state that is not the root.
    fn edge(&self, from: State, letter: Letter) -> Option<State> {
        let mut slot = slot(from, letter, self.edges.len());
        loop {
            let to = self.edges[slot];
            if to == Self::ROOT {
                return None;
            }
            if self.origins[to as usize] == (from, letter) {
                return Some(to);
            }
            slot = (slot + 1) & (self.edges.len() - 1);
        }
    }
}

/// Where to look first in a table of `slots`, a power of two.
const fn slot(from: State, letter: Letter, slots: usize) -> usize {
    let mixed = ((from as u64) << 32 | letter.0 as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as usize & (slots - 1)
}
