//! Which automaton for our lexicon: build time, speed over our corpora, memory.
//!
//! `cargo bench --bench automata`. Every one finds all occurrences, overlapping ones too, as matching needs them;
//! all must count the same. Prints the best of many interleaved runs.

#![allow(clippy::print_stdout, reason = "a table for a person")]
#![allow(clippy::cast_precision_loss, reason = "rates, not counts")]
#![allow(clippy::type_complexity, reason = "a list of things to time")]

mod notes;

use std::hint::black_box;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use daachorse::DoubleArrayAhoCorasick;

use foramen::lexicon::{Layer, Lexicon};
use foramen::text::Folded;
use notes::{bytes, corpora};

const RUNS: usize = 60;

struct Candidate<'a> {
    name: &'a str,
    build: Duration,
    memory: usize,
    count: Box<dyn Fn(&[u8]) -> usize>,
    best: Duration,
}

fn main() {
    let lexicon = Lexicon::embedded();
    let searched = lexicon.phrases().iter().filter(|p| p.concept.layer() != Layer::Function);
    let mut patterns: Vec<&str> = searched.map(|p| p.words.as_str()).collect();
    patterns.sort_unstable();
    patterns.dedup();
    let (samples, _) = corpora();
    let folded: Vec<Folded<'_>> = samples.iter().map(|s| Folded::new(&s.text)).collect();
    let mut candidates = vec![
        of_aho_corasick("aho-corasick DFA", AhoCorasickKind::DFA, &patterns),
        of_aho_corasick("aho-corasick contiguous NFA", AhoCorasickKind::ContiguousNFA, &patterns),
        of_aho_corasick("aho-corasick noncontiguous NFA", AhoCorasickKind::NoncontiguousNFA, &patterns),
        of_daachorse(&patterns),
    ];
    let expected: usize = folded.iter().map(|f| (candidates[0].count)(f.bytes())).sum();
    for _ in 0..RUNS {
        for candidate in &mut candidates {
            let start = Instant::now();
            let count: usize = folded.iter().map(|f| black_box((candidate.count)(f.bytes()))).sum();
            candidate.best = candidate.best.min(start.elapsed());
            assert_eq!(count, expected, "{}", candidate.name);
        }
    }
    println!("{} patterns, {} bytes, {expected} occurrences", patterns.len(), bytes(&samples));
    println!("{:32} {:>10} {:>10} {:>10}", "automaton", "build ms", "MB/s", "KiB");
    for Candidate { name, build, memory, best, .. } in &candidates {
        let speed = bytes(&samples) as f64 / best.as_secs_f64() / 1e6;
        println!("{name:32} {:>10.1} {speed:>10.0} {:>10}", build.as_secs_f64() * 1e3, memory / 1024);
    }
}

fn of_aho_corasick<'a>(name: &'a str, kind: AhoCorasickKind, patterns: &[&str]) -> Candidate<'a> {
    let builder = || {
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::Standard).kind(Some(kind));
        builder.build(patterns).expect("the lexicon fits")
    };
    let (automaton_built, build) = best_of(builder);
    let memory = automaton_built.memory_usage();
    let count = Box::new(move |text: &[u8]| automaton_built.find_overlapping_iter(text).count());
    Candidate { name, build, memory, count, best: Duration::MAX }
}

fn of_daachorse(patterns: &[&str]) -> Candidate<'static> {
    let (automaton_built, build) =
        best_of(|| DoubleArrayAhoCorasick::<u32>::new(patterns).expect("patterns differ from each other"));
    let memory = automaton_built.heap_bytes();
    let count = Box::new(move |text: &[u8]| automaton_built.find_overlapping_iter(text).count());
    Candidate { name: "daachorse", build, memory, count, best: Duration::MAX }
}

/// What `build` makes, and the shortest of a few times that it took.
fn best_of<T>(build: impl Fn() -> T) -> (T, Duration) {
    let timed = || {
        let start = Instant::now();
        let automaton_built = build();
        (automaton_built, start.elapsed())
    };
    let (automaton_built, first) = timed();
    (automaton_built, (0..5).map(|_| timed().1).fold(first, Duration::min))
}
