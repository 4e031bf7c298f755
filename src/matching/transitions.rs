//! The states of the automaton and how it goes from one to the next (Aho and Corasick 1975).
//!
//! ```text
//! disc bulge        root ─disc─▶ 1 ─bulge─▶ 2        2 fails to 3: "bulge" ends there, too
//! bulge             root ─bulge─▶ 3
//! ```

use super::vocabulary::WordNumber;

/// A state; the root is [`Transitions::ROOT`].
pub(super) type State = u32;

/// A letter: a word of the lexicon, or a byte between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

#[derive(Clone, Copy, Debug)]
struct Edge {
    from: State,
    letter: Letter,
    to: State,
}

const NO_EDGE: Edge = Edge { from: State::MAX, letter: Letter::UNKNOWN, to: Transitions::ROOT };

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
    /// From all other states, open addressed and at most half full.
    edges: Vec<Edge>,
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
        let letters: usize = phrases.iter().map(Vec::len).sum();
        let mut built = Self {
            first: vec![First::default(); last_letter as usize + 1],
            edges: vec![NO_EDGE; (2 * letters + 1).next_power_of_two()],
            fail: vec![Self::ROOT],
            goes_on: Vec::new(),
        };
        let mut made: Vec<(State, Letter)> = vec![(Self::ROOT, Letter::UNKNOWN)];
        let ends = phrases.iter().map(|phrase| built.add(phrase, &mut made)).collect();
        built.link(&made);
        (built, ends)
    }

    /// Adds a phrase; gives the state in which it ends. `made` has for each state the one before it and the letter
    /// between.
    fn add(&mut self, phrase: &[Letter], made: &mut Vec<(State, Letter)>) -> State {
        let mut state = Self::ROOT;
        for &letter in phrase {
            state = match self.edge(state, letter) {
                Some(next) => next,
                None => {
                    let next = made.len() as State;
                    made.push((state, letter));
                    self.fail.push(Self::ROOT);
                    self.insert(state, letter, next);
                    next
                }
            };
        }
        state
    }

    fn insert(&mut self, from: State, letter: Letter, to: State) {
        if from == Self::ROOT {
            self.first[letter.0 as usize].to = to;
            return;
        }
        self.first[letter.0 as usize].goes_on = true;
        let mut slot = self.slot(from, letter);
        while self.edges[slot].from != State::MAX {
            slot = (slot + 1) & (self.edges.len() - 1);
        }
        self.edges[slot] = Edge { from, letter, to };
    }

    /// Sets where each state fails to, the shorter ones first: a longer one asks the shorter.
    fn link(&mut self, made: &[(State, Letter)]) {
        let mut depth = vec![0_u32; made.len()];
        for (state, &(before, _)) in made.iter().enumerate().skip(1) {
            depth[state] = depth[before as usize] + 1;
        }
        let mut has_edge = vec![false; made.len()];
        for &(before, _) in made.iter().skip(1) {
            has_edge[before as usize] = true;
        }
        let mut order: Vec<usize> = (1..made.len()).collect();
        order.sort_by_key(|&state| depth[state]);
        self.goes_on = vec![Self::ROOT; made.len()];
        for state in order {
            let (before, letter) = made[state];
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

    #[inline(always)]
    /// The state after a letter.
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

    fn edge(&self, from: State, letter: Letter) -> Option<State> {
        if from == Self::ROOT {
            return self.first.get(letter.0 as usize).map(|first| first.to).filter(|&to| to != Self::ROOT);
        }
        let mut slot = self.slot(from, letter);
        loop {
            let edge = self.edges[slot];
            if edge.from == from && edge.letter == letter {
                return Some(edge.to);
            }
            if edge.from == State::MAX {
                return None;
            }
            slot = (slot + 1) & (self.edges.len() - 1);
        }
    }

    fn slot(&self, from: State, letter: Letter) -> usize {
        let mixed = (u64::from(from) << 32 | u64::from(letter.0)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize & (self.edges.len() - 1)
    }
}
