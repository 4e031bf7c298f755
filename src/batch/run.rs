//! The run: read, audit in parallel, hand on in order.
//!
//! While the notes of one chunk are audited on all threads, one of them writes the chunk before and reads the
//! next, so three chunks are in memory at a time and no core waits for the disk.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use crate::Engine;
use crate::io::{Columns, Note, Reason, Record, Reject};
use crate::model::{Audit, Context};

use super::{Histories, Summary, WorstNotes};

/// Bytes of a chunk: enough for all cores to be busy, little enough to keep three.
const CHUNK_BYTES: usize = 4 << 20;

/// Records of a chunk.
const CHUNK_RECORDS: usize = 8192;

/// Records that one thread takes at a time; fixed, so that the parts are the same on any number of threads.
const PART_RECORDS: usize = 32;

/// How to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Threads; as many as the machine runs at once where it is `None`.
    pub threads: Option<usize>,
    /// Which columns or fields of records hold what.
    pub columns: Columns,
    /// What is known of all notes; what a record says of its own wins.
    pub context: Context,
    /// What the notes of each patient report, so that rules can count.
    pub histories: Histories,
    /// Whether words of the worst notes may stand in the summary.
    pub text: bool,
}

/// What was made of a few records that follow each other.
#[derive(Debug, Default)]
pub struct Part<R> {
    /// What the caller's `render` made of the notes.
    pub rows: R,
    /// The notes in figures.
    pub summary: Summary,
    /// The records that could not be read.
    pub rejects: Vec<Reject>,
    /// Bytes that were read, undecoded.
    pub read: u64,
    /// Hashes of the notes' ids.
    ids: Vec<u64>,
}

/// The run could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The threads could not be started.
    #[error("cannot start the threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// The results could not be handed on.
    #[error("cannot write the results: {0}")]
    Write(#[from] io::Error),
}

/// Audits all records of `source`.
///
/// `render` adds a note to the rows of its part, on any thread; `write` gets the parts in the order of the
/// input, one at a time. The parts are the same for every number of threads. A note on which the engine fails
/// is a reject, and the others go on. Gives the figures of the whole run. Memory is bounded but for 8 bytes a
/// note, by which ids that come again are known.
///
/// # Errors
/// When the threads cannot be started, or `write` fails: nothing more is read then.
pub fn run<R: Default + Send>(
    engine: &Engine,
    source: &mut (impl Iterator<Item = Result<Record, Reject>> + Send),
    options: &Options,
    render: impl Fn(&mut R, &Note<'_>, &Audit) + Sync,
    mut write: impl FnMut(Part<R>) -> io::Result<()> + Send,
) -> Result<Summary, RunError> {
    // Rises as parts are handed on. All of these stand before the parts that are audited meanwhile, so that whatever is
    // not kept for it would not have been kept in the end.
    let floor = AtomicU32::new(0);
    let audit_part = |items: &[Result<Record, Reject>]| {
        let mut part = Part::default();
        part.summary.worst = WorstNotes::above(floor.load(Ordering::Relaxed));
        for item in items {
            part.read += item.as_ref().map_or(0, |record| record.size() as u64);
            let notes = item
                .as_ref()
                .map_or_else(|reject| vec![Err(reject.clone())], |record| record.notes(&options.columns));
            for note in notes {
                let done = note.and_then(|note| audit_note(engine, &note, options, &render, &mut part));
                if let Err(reject) = done {
                    part.summary.add_reject(&reject);
                    part.rejects.push(reject);
                }
            }
        }
        part
    };
    let mut summary = Summary::default();
    let mut ids = HashSet::new();
    let mut hand_on = |mut part: Part<R>| {
        part.summary.duplicate_ids = part.ids.drain(..).filter(|&id| !ids.insert(id)).count() as u64;
        summary.merge(part.summary.clone());
        floor.store(summary.worst.floor(), Ordering::Relaxed);
        write(part)
    };
    in_parts(source, options.threads, audit_part, &mut hand_on)?;
    Ok(summary)
}

/// Takes the records of `source` in parts: `make` makes something of a part, on any thread; `take` gets what it
/// made in the order of the input, one at a time. The parts are the same for every number of threads.
pub(super) fn in_parts<P: Send>(
    source: &mut (impl Iterator<Item = Result<Record, Reject>> + Send),
    threads: Option<usize>,
    make: impl Fn(&[Result<Record, Reject>]) -> P + Sync,
    mut take: impl FnMut(P) -> io::Result<()> + Send,
) -> Result<(), RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build()?;
    pool.install(|| -> io::Result<()> {
        let mut chunk = next_chunk(source);
        let mut done: Vec<P> = Vec::new();
        while !chunk.is_empty() {
            let (parts, (written, next)) = rayon::join(
                || chunk.par_chunks(PART_RECORDS).map(&make).collect(),
                || (done.drain(..).try_for_each(&mut take), next_chunk(source)),
            );
            written?;
            done = parts;
            chunk = next;
        }
        done.drain(..).try_for_each(&mut take)
    })?;
    Ok(())
}

/// The next records, up to the size of a chunk; empty at the end.
fn next_chunk(source: &mut impl Iterator<Item = Result<Record, Reject>>) -> Vec<Result<Record, Reject>> {
    let mut chunk = Vec::new();
    let mut bytes = 0;
    while bytes < CHUNK_BYTES && chunk.len() < CHUNK_RECORDS {
        let Some(item) = source.next() else { break };
        bytes += item.as_ref().map_or(0, Record::size);
        chunk.push(item);
    }
    chunk
}

fn audit_note<R>(
    engine: &Engine,
    note: &Note<'_>,
    options: &Options,
    render: impl Fn(&mut R, &Note<'_>, &Audit),
    part: &mut Part<R>,
) -> Result<(), Reject> {
    let mut context = note.context(&options.context);
    if let Some(patient) = &note.patient_id {
        context.earlier = options.histories.of(patient).to_vec();
    }
    // The engine is not changed by a note, so a panic in it leaves nothing half-done.
    let audit = catch_unwind(AssertUnwindSafe(|| engine.audit(&note.text, &context)))
        .map_err(|_| Reject { place: note.place.clone(), reason: Reason::Internal })?;
    part.summary.add(note, &audit);
    part.summary.worst.consider(engine.rules(), note, &audit, options.text);
    part.ids.push(hash(&note.id));
    render(&mut part.rows, note, &audit);
    Ok(())
}

/// The same on every machine and in every run.
fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Source;
    use crate::lexicon::Lexicon;

    fn ids(threads: usize, notes: usize) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("n.jsonl");
        let lines: Vec<_> = (0..notes).map(|i| format!("{{\"note_id\":{i},\"text\":\"x\"}}")).collect();
        std::fs::write(&path, lines.join("\n")).unwrap();
        let engine = Engine::new(Lexicon::default()).unwrap();
        let options = Options { threads: Some(threads), ..Options::default() };
        let mut ids = Vec::new();
        let mut source = Source::open(vec![path]).unwrap();
        let render = |rows: &mut Vec<String>, note: &Note<'_>, _: &Audit| rows.push(note.id.to_string());
        run(&engine, &mut source, &options, render, |part| {
            ids.extend(part.rows);
            Ok(())
        })
        .unwrap();
        ids
    }

    #[test]
    fn order_is_the_order_of_the_input() {
        let notes = CHUNK_RECORDS * 2 + 5;
        let expected: Vec<_> = (0..notes).map(|i| i.to_string()).collect();
        for threads in [1, 2, 5] {
            assert_eq!(ids(threads, notes), expected, "{threads} threads");
        }
    }

    #[test]
    fn a_failed_write_ends_the_run() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.txt"), "x").unwrap();
        let engine = Engine::new(Lexicon::default()).unwrap();
        let mut source = Source::open(vec![folder.path().into()]).unwrap();
        let full = |_: Part<()>| Err(io::Error::from(io::ErrorKind::StorageFull));
        let result = run(&engine, &mut source, &Options::default(), |(), _, _| (), full);
        assert!(matches!(result, Err(RunError::Write(_))));
    }
}
