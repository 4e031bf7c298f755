//! How time grows with the length of a note that repeats a line: four times as long is to take four times as long.
//!
//! `cargo bench --bench growth`.

#![allow(clippy::print_stdout, reason = "a table for a person")]

#[path = "../tests/lines/mod.rs"]
mod lines;

use std::hint::black_box;
use std::time::{Duration, Instant};

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::model::{Context, NoteType};

use lines::{LINES, note};

/// Bytes of the shorter note.
const SHORT: usize = 128_000;

fn main() {
    let engine = Engine::new(Lexicon::embedded()).expect("the lexicon is sound");
    let context = Context { note_type: Some(NoteType::Procedure), ..Context::default() };
    let time = |text: &str| {
        let once = || {
            let start = Instant::now();
            drop(black_box(engine.audit(text, &context)));
            start.elapsed()
        };
        [once(), once(), once()].into_iter().min().unwrap_or(Duration::MAX)
    };
    println!("{:28} {:>10} {:>10} {:>6}", "line", "128 kB, ms", "512 kB, ms", "ratio");
    for (kind, head, line) in LINES {
        let [short, long] =
            [SHORT, 4 * SHORT].map(|bytes| time(&note(head, line, bytes)).as_secs_f64() * 1e3);
        println!("{kind:28} {short:>10.1} {long:>10.1} {:>6.1}", long / short);
    }
}
