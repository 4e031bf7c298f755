//! A keystroke in a note of full length beside the whole audit of the same note.
//!
//! `cargo bench --bench live`. All on one core, in process. A keystroke is one letter put in or taken out at a place of
//! the note, and the update after it: audit, queries and changes. The places are spread over the note, the letters are
//! those of words of it, so that words are broken and mended as in typing. Percentiles are of single keystrokes. It ends
//! with an error where an aim of `docs/live.md` is missed.

#![allow(clippy::print_stdout, reason = "percentiles, which criterion does not print")]
#![allow(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "shares of counts")]

mod notes;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::session::Session;
use notes::{Sample, corpora, shared};

/// Lengths, in bytes, of the notes that count as 5 KB.
const LENGTHS: std::ops::Range<usize> = 4_000..6_500;

/// Keystrokes at one place of a note.
const LETTERS: usize = 4;

/// Places of a note at which letters are typed.
const PLACES: usize = 60;

/// The aims: a keystroke at the median and at the 99th percentile, in seconds, and its share of a whole audit.
const MEDIAN: f64 = 100e-6;
const MOST: f64 = 500e-6;
const SHARE: f64 = 0.2;

fn full_length(samples: Vec<Sample>) -> Vec<Sample> {
    samples.into_iter().filter(|sample| LENGTHS.contains(&sample.text.len())).collect()
}

/// Types at places spread over a note, letter by letter, and takes the letters out again, the last first; calls `took`
/// with the time of each update.
fn keystrokes(session: &mut Session, mut took: impl FnMut(Duration)) {
    let length = session.text().len();
    let mut strike = |session: &mut Session, range: std::ops::Range<usize>, letter: &str| {
        let start = Instant::now();
        session.edit(range, letter).expect("a place between characters");
        black_box(session.audit());
        took(start.elapsed());
    };
    for number in 0..PLACES {
        let at = session.text().floor_char_boundary(length * number / PLACES);
        let word: String =
            session.text()[at..].chars().filter(char::is_ascii_alphabetic).take(LETTERS).collect();
        for (index, letter) in word.char_indices() {
            strike(session, at + index..at + index, letter.encode_utf8(&mut [0; 4]));
        }
        for index in (0..word.len()).rev() {
            strike(session, at + index..at + index + 1, "");
        }
    }
}

fn live(criterion: &mut Criterion) {
    let engine = Arc::new(Engine::new(Lexicon::embedded()).expect("the lexicon is sound"));
    let of_others = shared().into_iter().find(|(name, _)| *name == "spine.jsonl").map(|(_, samples)| samples);
    let mut missed = Vec::new();
    let groups = [("corpora", corpora().0), ("spine notes as they come", of_others.unwrap_or_default())];
    for (name, samples) in groups {
        let samples = full_length(samples);
        if samples.is_empty() {
            continue;
        }
        let mut group = criterion.benchmark_group(name);
        group.bench_function("whole audit", |bencher| {
            bencher.iter(|| {
                samples.iter().map(|s| engine.audit(&s.text, &s.context).findings.len()).sum::<usize>()
            });
        });
        let mut sessions: Vec<Session> = samples.iter().map(|sample| session(&engine, sample)).collect();
        group.bench_function("a keystroke in each", |bencher| {
            bencher.iter_custom(|rounds| {
                let (mut total, mut count) = (Duration::ZERO, 0);
                for _ in 0..rounds.div_ceil((PLACES * LETTERS) as u64) {
                    for session in &mut sessions {
                        keystrokes(session, |took| {
                            total += took;
                            count += 1;
                        });
                    }
                }
                // One of each note, as the whole audit is of each note.
                total * sessions.len() as u32 * rounds as u32 / count
            });
        });
        group.finish();
        missed.extend(percentiles(name, &engine, &samples));
    }
    assert!(missed.is_empty() || cfg!(debug_assertions), "missed: {}", missed.join(", "));
}

fn session(engine: &Arc<Engine>, sample: &Sample) -> Session {
    let mut session = Session::new(Arc::clone(engine), sample.context.clone());
    session.push(&sample.text).expect("a note of some kilobytes");
    session.audit();
    session
}

/// Prints what single keystrokes and whole audits take; gives the aims that are missed.
fn percentiles(name: &str, engine: &Arc<Engine>, samples: &[Sample]) -> Vec<String> {
    let (mut strokes, mut wholes) = (Vec::new(), Vec::new());
    for sample in samples {
        let mut session = session(engine, sample);
        keystrokes(&mut session, |took| strokes.push(took));
        for _ in 0..PLACES {
            let start = Instant::now();
            black_box(engine.audit(&sample.text, &sample.context));
            wholes.push(start.elapsed());
        }
    }
    let at =
        |times: &[Duration], share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64();
    for (what, times) in [("keystroke", &mut strokes), ("whole audit", &mut wholes)] {
        times.sort_unstable();
        println!(
            "{name}: {what}: median {:.1} µs, 99th percentile {:.1} µs, of {} in {} notes",
            at(times, 0.5) * 1e6,
            at(times, 0.99) * 1e6,
            times.len(),
            samples.len()
        );
    }
    let (median, whole) = (at(&strokes, 0.5), at(&wholes, 0.5));
    let aims = [
        ("the median", median <= MEDIAN),
        ("the 99th percentile", at(&strokes, 0.99) <= MOST),
        ("a share of a whole audit", median <= whole * SHARE),
    ];
    aims.iter().filter(|(_, is_met)| !is_met).map(|(aim, _)| format!("{aim} of {name}")).collect()
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(5));
    targets = live
}
criterion_main!(benches);
