//! The whole audit beside a bare scan of the same bytes for the same phrases, and each stage by itself.
//!
//! `cargo bench --bench engine`. All on one core; a note's text is decoded before the clock runs. Each
//! measurement counts what it makes, and fails where the count is not that of the first run.

mod notes;

use std::hint::black_box;

use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};

use foramen::Engine;
use foramen::lexicon::{Layer, Lexicon};
use foramen::matching::{Automaton, FunctionWords, Hits, Repairer, read_levels, resolve};
use foramen::report::AuditJson;
use foramen::segment::segment;
use foramen::text::Folded;
use notes::{Sample, bytes, corpora, elsewhere, plain_automaton, scan};

/// Measures `count` over all notes of a group; what it counts must stay the same.
fn measure(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, count: impl Fn() -> usize) {
    let expected = count();
    group.bench_function(name, |bencher| bencher.iter(|| assert_eq!(black_box(count()), expected)));
}

fn automaton() -> (Automaton, FunctionWords, Lexicon) {
    let lexicon = Lexicon::embedded();
    let words = FunctionWords::new(&lexicon);
    let automaton = Automaton::new(&lexicon, &words);
    (automaton, words, lexicon)
}

fn whole(criterion: &mut Criterion) {
    let (samples, gold) = corpora();
    let plain = plain_automaton(&Lexicon::embedded());
    let engine = Engine::new(Lexicon::embedded()).expect("the lexicon is sound");
    let found: usize = samples.iter().map(|s| engine.audit(&s.text, &s.context).findings.len()).sum();
    assert!(found.abs_diff(gold) < gold / 10, "{found} findings of {gold}: a fast engine must be right, too");
    for (name, samples) in [("spine notes", samples), ("other notes", elsewhere())] {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes(&samples)));
        let folded: Vec<Folded<'_>> = samples.iter().map(|s| Folded::new(&s.text)).collect();
        measure(&mut group, "bare scan", || folded.iter().map(|f| scan(&plain, f.text())).sum());
        let audit = |s: &Sample| engine.audit(&s.text, &s.context);
        measure(&mut group, "audit", || samples.iter().map(|s| audit(s).findings.len()).sum());
        let mut line = Vec::new();
        let json = |s: &Sample, line: &mut Vec<u8>| {
            line.clear();
            let audit = audit(s);
            let row = AuditJson {
                rules: engine.rules(),
                note_id: "n",
                note: &s.text,
                audit: &audit,
                text: true,
                offsets: None,
            };
            serde_json::to_writer(&mut *line, &row).expect("writing to memory");
            line.len()
        };
        let expected: usize = samples.iter().map(|s| json(s, &mut line)).sum();
        group.bench_function("audit and JSON", |bencher| {
            bencher.iter(|| assert_eq!(samples.iter().map(|s| json(s, &mut line)).sum::<usize>(), expected));
        });
        group.finish();
    }
}

fn stages(criterion: &mut Criterion) {
    let (samples, _) = corpora();
    let (automaton, words, lexicon) = automaton();
    let repairer = Repairer::new(&lexicon);
    let folded: Vec<Folded<'_>> = samples.iter().map(|s| Folded::new(&s.text)).collect();
    let engine = Engine::new(Lexicon::embedded()).expect("the lexicon is sound");
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(bytes(&samples)));
    measure(&mut group, "fold", || samples.iter().map(|s| Folded::new(&s.text).text().len()).sum());
    let analyses: Vec<_> = samples.iter().map(|s| engine.analyse(&s.text)).collect();
    let hits: Vec<Hits> = analyses.iter().map(|a| automaton.find(a.folded())).collect();
    measure(&mut group, "match", || analyses.iter().map(|a| automaton.find(a.folded()).phrases.len()).sum());
    measure(&mut group, "repair", || {
        let unknown = folded.iter().map(|f| (f, automaton.find(f).unknown));
        unknown.filter(|(f, unknown)| !repairer.mend(&automaton, f, unknown).is_empty()).count()
    });
    let headings: Vec<_> = hits.iter().map(Hits::headings).collect();
    measure(&mut group, "segment", || {
        let read = analyses.iter().zip(&headings);
        read.map(|(a, headings)| segment(a.folded(), headings).sentences.len()).sum()
    });
    measure(&mut group, "resolve", || {
        let resolved = analyses.iter().zip(&hits).map(|(a, h)| {
            let starts = a.layout.sentences.iter().map(|s| s.span.start);
            resolve(&h.phrases, starts).0.take(Layer::Finding).len()
        });
        resolved.sum()
    });
    measure(&mut group, "levels", || {
        let read = analyses.iter().zip(&hits).map(|(a, h)| {
            let mut levels = Vec::new();
            let ends = a.layout.sentences.iter().map(|s| s.span.end);
            read_levels(a.folded().bytes(), &words, &h.vertebrae, ends, &mut levels);
            levels.len()
        });
        read.sum()
    });
    measure(&mut group, "all to findings", || {
        samples.iter().map(|s| engine.analyse(&s.text).findings.len()).sum()
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(40).without_plots();
    targets = whole, stages
}
criterion_main!(benches);
