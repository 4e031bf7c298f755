//! Work shared out among threads, what they make of it handed on in the order in which it came.
//!
//! Every thread does what is most needed: it hands on the next result if that is there and nobody else is at it,
//! else works on a piece that is waiting, else fetches the next piece. So none waits for another at the end of a
//! round, and a long piece holds up nothing but its own result: others work ahead of it, up to [`AHEAD`].

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Bytes that are in hand behind the piece whose result is handed on next: many times what all cores work on at a
/// time, and little beside the engine.
const AHEAD: usize = 16 << 20;

/// What a thread does next.
enum Step<T, D> {
    Fetch,
    Make(u64, T),
    Take(D),
    End,
}

/// A piece that was fetched: its bytes, and what was made of it once that is done.
struct Slot<D> {
    bytes: usize,
    made: Option<D>,
}

/// Where more pieces come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Supply {
    Ready,
    BeingFetched,
    Ended,
}

/// Where the pieces stand.
struct State<T, D, E> {
    /// Pieces that wait for a thread, with their numbers.
    waiting: VecDeque<(u64, T)>,
    /// Pieces whose results were not handed on yet, in order; the first has the number `first`.
    slots: VecDeque<Slot<D>>,
    first: u64,
    bytes: usize,
    supply: Supply,
    is_taking: bool,
    /// No more is to be done: a thread failed.
    is_over: bool,
    error: Option<E>,
}

impl<T, D, E> State<T, D, E> {
    const fn new() -> Self {
        Self {
            waiting: VecDeque::new(),
            slots: VecDeque::new(),
            first: 0,
            bytes: 0,
            supply: Supply::Ready,
            is_taking: false,
            is_over: false,
            error: None,
        }
    }

    /// What to do now; `None` where others have to go on first.
    fn step(&mut self) -> Option<Step<T, D>> {
        if self.is_over {
            return Some(Step::End);
        }
        if !self.is_taking
            && let Some(made) = self.slots.front_mut().and_then(|slot| slot.made.take())
        {
            self.is_taking = true;
            return Some(Step::Take(made));
        }
        if let Some((number, piece)) = self.waiting.pop_front() {
            return Some(Step::Make(number, piece));
        }
        let first = self.slots.front().map_or(0, |slot| slot.bytes);
        if self.supply == Supply::Ready && self.bytes - first < AHEAD {
            self.supply = Supply::BeingFetched;
            return Some(Step::Fetch);
        }
        (self.supply == Supply::Ended && self.slots.is_empty()).then_some(Step::End)
    }

    fn fetched(&mut self, piece: Option<T>, bytes: usize) {
        let Some(piece) = piece else {
            self.supply = Supply::Ended;
            return;
        };
        self.supply = Supply::Ready;
        self.bytes += bytes;
        self.waiting.push_back((self.first + self.slots.len() as u64, piece));
        self.slots.push_back(Slot { bytes, made: None });
    }

    fn made(&mut self, number: u64, made: D) {
        if let Some(slot) = self.slots.get_mut((number - self.first) as usize) {
            slot.made = Some(made);
        }
    }

    fn taken(&mut self, result: Result<(), E>) {
        self.is_taking = false;
        self.first += 1;
        self.bytes -= self.slots.pop_front().map_or(0, |slot| slot.bytes);
        if let Err(error) = result {
            self.is_over = true;
            self.error = Some(error);
        }
    }
}

struct Shared<T, D, E> {
    state: Mutex<State<T, D, E>>,
    changed: Condvar,
}

impl<T, D, E> Shared<T, D, E> {
    fn lock(&self) -> MutexGuard<'_, State<T, D, E>> {
        // A thread that panicked has set `is_over`; nothing of the state is read after it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self) -> Step<T, D> {
        let mut state = self.lock();
        loop {
            match state.step() {
                Some(step) => return step,
                None => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn tell(&self, change: impl FnOnce(&mut State<T, D, E>)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }
}

/// Ends the work of all threads where its own panics, so that none waits for ever.
struct Alarm<'s, T, D, E>(&'s Shared<T, D, E>);

impl<T, D, E> Drop for Alarm<'_, T, D, E> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.tell(|state| state.is_over = true);
        }
    }
}

/// Makes something of each piece, on any thread; `take` gets what was made in the order of the pieces, one at a
/// time. `weigh` gives the bytes of a piece. As many threads work as the machine runs at once where `threads` is `None`, this one among them; where the
/// system starts fewer, fewer work.
///
/// # Errors
/// The first of `take`: nothing more is fetched or handed on then.
pub(super) fn in_order<T: Send, D: Send, E: Send>(
    threads: Option<usize>,
    pieces: impl Iterator<Item = T> + Send,
    weigh: impl Fn(&T) -> usize + Sync,
    make: impl Fn(T) -> D + Sync,
    take: impl FnMut(D) -> Result<(), E> + Send,
) -> Result<(), E> {
    let threads = threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZeroUsize::get));
    let shared = Shared { state: Mutex::new(State::new()), changed: Condvar::new() };
    // Never waited for: `supply` and `is_taking` let one thread in.
    let (pieces, take) = (Mutex::new(pieces), Mutex::new(take));
    let work = || {
        let _alarm = Alarm(&shared);
        loop {
            match shared.step() {
                Step::Fetch => {
                    let piece = pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let bytes = piece.as_ref().map_or(0, &weigh);
                    shared.tell(|state| state.fetched(piece, bytes));
                }
                Step::Make(number, piece) => {
                    let result = make(piece);
                    shared.tell(|state| state.made(number, result));
                }
                Step::Take(result) => {
                    let taken = (take.lock().unwrap_or_else(PoisonError::into_inner))(result);
                    shared.tell(|state| state.taken(taken));
                }
                Step::End => break,
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    shared.state.into_inner().unwrap_or_else(PoisonError::into_inner).error.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// A number, and bytes.
    struct Piece(usize, usize);

    fn numbers(threads: usize, pieces: impl Iterator<Item = Piece> + Send) -> Vec<usize> {
        let mut seen = Vec::new();
        let done: Result<(), ()> = in_order(
            Some(threads),
            pieces,
            |piece| piece.1,
            |piece| piece.0,
            |number| {
                seen.push(number);
                Ok(())
            },
        );
        assert_eq!(done, Ok(()));
        seen
    }

    #[test]
    fn the_order_is_that_of_the_pieces() {
        for threads in [1, 2, 7] {
            assert_eq!(numbers(threads, (0..500).map(|n| Piece(n, n % 3))), (0..500).collect::<Vec<_>>());
            assert!(numbers(threads, std::iter::empty()).is_empty());
        }
    }

    #[test]
    fn a_long_piece_holds_nobody_up() {
        let done = AtomicUsize::new(0);
        let mut before_first = 0;
        let make = |Piece(number, _): Piece| {
            if number == 0 {
                // Until all others are made: a deadlock if they had to wait for this one.
                while done.load(Ordering::SeqCst) < 99 {
                    thread::sleep(Duration::from_millis(1));
                }
            }
            done.fetch_add(1, Ordering::SeqCst)
        };
        let pieces = (0..100).map(|n| Piece(n, if n == 0 { AHEAD * 4 } else { 1 }));
        let result: Result<(), ()> = in_order(
            Some(2),
            pieces,
            |piece| piece.1,
            make,
            |place| {
                if before_first == 0 {
                    before_first = place;
                }
                Ok(())
            },
        );
        assert_eq!((result, before_first), (Ok(()), 99));
    }

    #[test]
    fn no_more_is_in_hand_than_may_be() {
        let (fetched, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let most = AtomicUsize::new(0);
        let pieces = (0..200).map(|n| {
            let in_hand = fetched.fetch_add(1, Ordering::SeqCst) + 1 - taken.load(Ordering::SeqCst);
            most.fetch_max(in_hand, Ordering::SeqCst);
            Piece(n, AHEAD / 4)
        });
        let make = |piece: Piece| thread::sleep(Duration::from_micros(piece.0 as u64 % 7));
        let result: Result<(), ()> = in_order(
            Some(3),
            pieces,
            |piece| piece.1,
            make,
            |()| {
                taken.fetch_add(1, Ordering::SeqCst);
                Ok(())
            },
        );
        assert_eq!(result, Ok(()));
        // Four behind the first, and one that is being handed on.
        assert!(most.load(Ordering::SeqCst) <= 6, "{most:?}");
    }

    #[test]
    fn the_first_error_ends_the_work() {
        let made = AtomicUsize::new(0);
        let endless = (0..).map(|n| Piece(n, 1));
        let result = in_order(
            Some(2),
            endless,
            |_| 1,
            |piece| {
                made.fetch_add(1, Ordering::SeqCst);
                piece.0
            },
            |number| if number < 10 { Ok(()) } else { Err(number) },
        );
        assert_eq!(result, Err(10));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_ends_the_work_of_all() {
        let main = thread::current().id();
        let make = |Piece(number, _): Piece| {
            assert!(number < 20 || thread::current().id() == main, "on another thread");
            thread::sleep(Duration::from_micros(50));
        };
        let _: Result<(), ()> = in_order(Some(2), (0..).map(|n| Piece(n, 1)), |_| 1, make, |()| Ok(()));
    }
}
