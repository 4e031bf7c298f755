//! The engine in Rust, measured for `speed.py`, which asks for a round a line and measures its own in turn.
//!
//! `one` audits each note by itself, `run 2` all of them on two threads, from rows of Arrow to rows of Arrow. The answer is
//! the seconds that it took.

#![allow(clippy::unwrap_used, reason = "a benchmark")]

use std::hint::black_box;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use foramen::Engine;
use foramen::batch::{Options, Rows, run};
use foramen::io::{Batches, Columns, Note};
use foramen::lexicon::Lexicon;
use foramen::model::{Audit, Context};
use foramen::tables::Outputs;

fn main() {
    let engine = Engine::new(Lexicon::embedded()).unwrap();
    let mut times = 1;
    let mut texts: Vec<String> = Vec::new();
    for argument in std::env::args().skip(1) {
        if let Ok(number) = argument.parse() {
            times = number;
            continue;
        }
        let lines = std::fs::read_to_string(argument).unwrap();
        let notes = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        texts.extend(notes.map(|note| note["text"].as_str().unwrap().to_owned()));
    }
    let all = texts.iter().cycle().take(texts.len() * times);
    let ids: ArrayRef =
        Arc::new((0..texts.len() * times).map(|id| Some(id.to_string())).collect::<StringArray>());
    let column: ArrayRef = Arc::new(all.map(|text| Some(text.as_str())).collect::<StringArray>());
    let table = RecordBatch::try_from_iter([("note_id", ids), ("text", column)]).unwrap();
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let seconds = match line.strip_prefix("run ") {
            Some(threads) => batch(&engine, &table, threads.parse().unwrap()),
            None => one_by_one(&engine, &texts),
        };
        println!("{}", seconds.as_secs_f64());
        std::io::stdout().flush().unwrap();
    }
}

fn one_by_one(engine: &Engine, texts: &[String]) -> Duration {
    let context = Context::default();
    let begun = Instant::now();
    for text in texts {
        black_box(engine.audit(black_box(text), &context));
    }
    begun.elapsed()
}

fn batch(engine: &Engine, table: &RecordBatch, threads: usize) -> Duration {
    let outputs = Outputs::default();
    let options = Options { threads: Some(threads), ..Options::default() };
    let begun = Instant::now();
    let mut notes = Batches::new(&table.schema(), [table.clone()], Columns::default(), "table").unwrap();
    let render = |rows: &mut Option<Rows>, note: &Note<'_>, audit: &Audit| {
        rows.get_or_insert_with(|| Rows::new(&outputs)).add(engine.rules(), note, audit);
    };
    let mut chunks = Vec::new();
    run(engine, &mut notes, &options, render, |rows, _| {
        chunks.extend(rows.map(Rows::finish).transpose()?);
        Ok::<_, std::io::Error>(())
    })
    .unwrap();
    black_box(chunks);
    begun.elapsed()
}
