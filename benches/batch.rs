//! A whole run, from JSON Lines to Parquet, on one thread and on two, beside bare scans of the same bytes.
//!
//! `cargo bench --bench batch`. The best of a few rounds; every round reads the file, audits, writes and syncs all tables.
//! The scan finds every occurrence of the same phrases in the folded notes, which lie in memory, and does nothing else.

#![allow(clippy::print_stdout, reason = "a table for a person")]
#![allow(clippy::cast_precision_loss, reason = "rates, not counts")]

mod notes;

use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use foramen::Engine;
use foramen::batch::{Begin, Bound, Folder, Limits, Options, PartSize, audit};
use foramen::io::{Reading, Source};
use foramen::lexicon::Lexicon;
use foramen::model::Context;
use foramen::tables::Outputs;
use foramen::text::Folded;
use notes::{Sample, bytes, corpora, patterns, shared};

const ROUNDS: usize = 5;

fn main() {
    let lexicon = Lexicon::embedded();
    let scan = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns(&lexicon));
    let scan = scan.expect("the lexicon fits");
    let engine = Engine::new(Lexicon::embedded()).expect("the lexicon is sound");
    let mut groups = vec![("corpora", corpora().0)];
    groups.extend(shared());
    for (name, samples) in groups {
        let size = bytes(&samples) as f64;
        let folded: Vec<Folded<'_>> = samples.iter().map(|sample| Folded::new(&sample.text)).collect();
        let place = tempfile::tempdir().expect("there is room for a folder");
        let file = place.path().join("notes.jsonl");
        write(&file, &samples);
        println!("\n{name}: {} notes, {:.1} MB", samples.len(), size / 1e6);
        let mut alone = f64::INFINITY;
        for threads in [1, 2] {
            let whole = best(|| run(&engine, &file, &place.path().join("out"), threads));
            let bare = best(|| count(&scan, &folded, threads));
            let (rate, bare) = (size / whole.as_secs_f64() / 1e6, size / bare.as_secs_f64() / 1e6);
            alone = alone.min(rate);
            println!(
                "{threads} thread{} {rate:8.1} MB/s {:9.0} notes/s   beside the scan {:.3}   beside one thread {:.2}",
                if threads == 1 { " " } else { "s" },
                samples.len() as f64 / whole.as_secs_f64(),
                rate / bare,
                rate / alone,
            );
        }
    }
}

/// Notes as JSON Lines.
fn write(file: &Path, samples: &[Sample]) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).expect("the file can be made"));
    for (i, sample) in samples.iter().enumerate() {
        let line =
            serde_json::json!({ "note_id": i, "text": sample.text, "note_type": sample.context.note_type });
        writeln!(out, "{line}").expect("the file can be written");
    }
    out.flush().expect("the file can be written");
}

/// A whole run into a folder that is replaced.
fn run(engine: &Engine, file: &Path, folder: &Path, threads: usize) {
    let reading = Reading::default();
    let mut source: Source = reading.clone().open(vec![file.to_owned()]).expect("the file is there");
    let outputs = Outputs::default();
    let bound = Bound::new(engine, &reading, &Context::default(), &outputs, PartSize::default());
    let mut folder =
        Folder::open(folder, Begin::Overwrite, outputs, bound, &source).expect("the folder can be made");
    let options = Options { threads: Some(threads), text: true, ..Options::default() };
    let limits = Limits { stop: &AtomicBool::new(false), max_rejects: None, part: PartSize::default() };
    let summary = audit(engine, &mut source, options, &mut folder, limits, |_| (), |_, _, _| Ok(()));
    assert!(summary.expect("the run ends").rejects.is_empty(), "every note is read");
}

/// Occurrences in all notes.
fn count(scan: &AhoCorasick, folded: &[Folded<'_>], threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    let occurrences = |note: &Folded<'_>| scan.find_overlapping_iter(note.bytes()).count();
    black_box(pool.install(|| folded.par_iter().map(occurrences).sum::<usize>()));
}

fn best(run: impl Fn()) -> Duration {
    let timed = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..ROUNDS).map(timed).min().unwrap_or_default()
}
