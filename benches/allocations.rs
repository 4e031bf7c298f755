//! Allocations for each note.
//!
//! `cargo bench --bench allocations`. By itself, because counting makes every allocation slower.

#![allow(clippy::print_stdout, reason = "a table for a person")]
#![allow(clippy::cast_precision_loss, reason = "rates, not counts")]

mod notes;

use std::hint::black_box;

use allocation_counter::measure;

use foramen::Engine;
use foramen::lexicon::Lexicon;
use notes::{corpora, elsewhere, shared};

fn main() {
    let engine = Engine::new(Lexicon::embedded()).expect("the lexicon is sound");
    let mut groups = vec![("corpora", corpora().0), ("not of the spine", elsewhere())];
    groups.extend(shared());
    println!("{:28} {:>9} {:>9}", "notes", "count", "KiB");
    for (name, samples) in groups {
        let counts = samples
            .iter()
            .map(|sample| measure(|| drop(black_box(engine.audit(&sample.text, &sample.context)))));
        let (count, size) =
            counts.fold((0, 0), |(count, size), note| (count + note.count_total, size + note.bytes_total));
        let each = |sum: u64| sum as f64 / samples.len() as f64;
        println!("{name:28} {:>9.1} {:>9.1}", each(count), each(size) / 1024.0);
    }
}
