//! The whole audit beside bare scans of the same bytes for the same phrases, and which automaton suits our lexicon.
//!
//! `cargo bench --bench scan`. All on one core. Each note is timed by itself, and the best of many rounds is summed, so
//! that what else the machine does falls out of the figures: a round over all notes never runs undisturbed on a busy
//! machine, a round over one note does. Every scan finds all occurrences, overlapping ones too, and all must count
//! the same.

#![allow(clippy::print_stdout, reason = "a table for a person")]
#![allow(clippy::cast_precision_loss, reason = "rates, not counts")]
#![allow(clippy::type_complexity, reason = "a list of things to time")]

mod notes;

use std::hint::black_box;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use daachorse::DoubleArrayAhoCorasick;

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::text::Folded;
use notes::{Sample, bytes, corpora, elsewhere, patterns, shared};

const ROUNDS: usize = 40;

/// A scan to be timed.
struct Scan {
    name: &'static str,
    build: Duration,
    memory: usize,
    count: Box<dyn Fn(&[u8]) -> usize>,
}

fn main() {
    let lexicon = Lexicon::embedded();
    let patterns = patterns(&lexicon);
    let scans = [
        of_aho_corasick("aho-corasick, as it chooses", None, &patterns),
        of_aho_corasick("aho-corasick, DFA", Some(AhoCorasickKind::DFA), &patterns),
        of_daachorse(&patterns),
    ];
    println!("{} patterns", patterns.len());
    println!("{:28} {:>9} {:>9}", "automaton", "build ms", "KiB");
    for Scan { name, build, memory, .. } in &scans {
        println!("{name:28} {:>9.1} {:>9}", build.as_secs_f64() * 1e3, memory / 1024);
    }
    let (engine, build) = best_of(|| Engine::new(Lexicon::embedded()).expect("the lexicon is sound"));
    println!("{:28} {:>9.1}", "engine, lexicon and all", build.as_secs_f64() * 1e3);
    let mut groups = vec![("corpora", corpora().0), ("not of the spine", elsewhere())];
    groups.extend(shared());
    for (name, samples) in groups {
        compare(name, &samples, &scans, &engine);
    }
}

/// Times the scans and the audit over a group of notes, and prints them.
fn compare(name: &str, samples: &[Sample], scans: &[Scan], engine: &Engine) {
    let folded: Vec<Folded<'_>> = samples.iter().map(|s| Folded::new(&s.text)).collect();
    let count = |scan: &Scan| -> usize { folded.iter().map(|f| (scan.count)(f.bytes())).sum() };
    let expected = count(&scans[0]);
    assert!(scans.iter().all(|scan| count(scan) == expected), "scans that differ");
    let audit = |sample: &Sample| engine.audit(&sample.text, &sample.context);
    let size = bytes(samples) as f64;
    let rates: Vec<f64> = scans
        .iter()
        .map(|scan| {
            size / sum_of_bests(folded.len(), |i| (scan.count)(folded[i].bytes())).as_secs_f64() / 1e6
        })
        .collect();
    let whole = sum_of_bests(samples.len(), |i| audit(&samples[i]).findings.len());
    let rate = size / whole.as_secs_f64() / 1e6;
    println!(
        "\n{name}: {} notes, {:.0} bytes each, {expected} occurrences",
        samples.len(),
        size / samples.len() as f64
    );
    for (scan, scanned) in scans.iter().zip(rates) {
        println!("{:28} {scanned:>9.1} MB/s   audit beside it {:.3}", scan.name, rate / scanned);
    }
    println!("{:28} {rate:>9.1} MB/s", "whole audit");
}

/// The sum over all notes of the best time that `run` took for each.
fn sum_of_bests(notes: usize, run: impl Fn(usize) -> usize) -> Duration {
    let mut best = vec![Duration::MAX; notes];
    for _ in 0..ROUNDS {
        for (i, best) in best.iter_mut().enumerate() {
            let start = Instant::now();
            black_box(run(i));
            *best = start.elapsed().min(*best);
        }
    }
    best.iter().sum()
}

fn of_aho_corasick(name: &'static str, kind: Option<AhoCorasickKind>, patterns: &[&str]) -> Scan {
    let builder = || {
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::Standard).kind(kind);
        builder.build(patterns).expect("the lexicon fits")
    };
    let (automaton, build) = best_of(builder);
    let memory = automaton.memory_usage();
    let count = Box::new(move |text: &[u8]| automaton.find_overlapping_iter(text).count());
    Scan { name, build, memory, count }
}

fn of_daachorse(patterns: &[&str]) -> Scan {
    let (automaton, build) =
        best_of(|| DoubleArrayAhoCorasick::<u32>::new(patterns).expect("patterns differ from each other"));
    let memory = automaton.heap_bytes();
    let count = Box::new(move |text: &[u8]| automaton.find_overlapping_iter(text).count());
    Scan { name: "daachorse", build, memory, count }
}

/// What `build` makes, and the shortest of a few times that it took.
fn best_of<T>(build: impl Fn() -> T) -> (T, Duration) {
    let timed = || {
        let start = Instant::now();
        let result = build();
        (result, start.elapsed())
    };
    let (result, first) = timed();
    (result, (0..5).map(|_| timed().1).fold(first, Duration::min))
}
