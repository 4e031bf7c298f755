//! The whole audit beside bare scans of the same bytes for the same phrases, and which automaton suits our lexicon.
//!
//! `cargo bench --bench scan`. All on one core. A few notes are timed at a time, and the best of many rounds is summed, so
//! that what else the machine does falls out of the figures: a round over all notes never runs undisturbed on a busy
//! machine, a round over few does. The audit is timed as `foramen audit` runs it, a few dozen notes together, and
//! note by note. Every scan finds all occurrences, overlapping ones too, and all must count the same.

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

/// Notes that are audited together, as many as the engine takes through a stage.
const TOGETHER: usize = 64;

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
    let given: Vec<_> = samples.iter().map(|sample| (&*sample.text, &sample.context)).collect();
    let size = bytes(samples) as f64;
    let rates: Vec<f64> = scans
        .iter()
        .map(|scan| size / sum_of_bests(&folded, 1, |few| (scan.count)(few[0].bytes())).as_secs_f64() / 1e6)
        .collect();
    let together = sum_of_bests(&given, TOGETHER, |few| engine.audit_all(few).len());
    let alone = sum_of_bests(&given, 1, |few| engine.audit(few[0].0, few[0].1).findings.len());
    let [rate, alone] = [together, alone].map(|time| size / time.as_secs_f64() / 1e6);
    println!(
        "\n{name}: {} notes, {:.0} bytes each, {expected} occurrences",
        samples.len(),
        size / samples.len() as f64
    );
    for (scan, scanned) in scans.iter().zip(rates) {
        let (together, alone) = (rate / scanned, alone / scanned);
        println!(
            "{:28} {scanned:>9.1} MB/s   audit beside it {together:.3}, note by note {alone:.3}",
            scan.name
        );
    }
    println!("{:28} {rate:>9.1} MB/s   note by note {alone:.1}", "whole audit");
}

/// The sum of the best times that `run` took for each few of the notes.
fn sum_of_bests<N>(notes: &[N], few: usize, run: impl Fn(&[N]) -> usize) -> Duration {
    let mut best = vec![Duration::MAX; notes.len().div_ceil(few)];
    for _ in 0..ROUNDS {
        for (few, best) in notes.chunks(few).zip(&mut best) {
            let start = Instant::now();
            black_box(run(few));
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
