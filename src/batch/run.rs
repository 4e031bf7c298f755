//! The run: read, audit on all threads, hand on in order.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Engine;
use crate::io::{Note, Reason, Record, Reject};
use crate::model::{Audit, Context};

use super::hash::{Hashes, hash};
use super::threads::in_order;
use super::{Histories, Summary, WorstNotes};

/// Records that one thread takes at a time, and their bytes: enough that the taking costs nothing, little enough
/// that all cores end together. Fixed, so that the pieces are the same on any number of threads.
const PIECE_RECORDS: usize = 256;
const PIECE_BYTES: usize = 256 << 10;

/// How to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Threads; as many as the machine runs at once where it is `None`.
    pub threads: Option<usize>,
    /// What is known of all notes; what a record says of its own wins.
    pub context: Context,
    /// What the notes of each patient report, so that rules can count.
    pub histories: Histories,
    /// Whether words of the worst notes may stand in the summary.
    pub text: bool,
}

/// What a few records that follow each other gave.
#[derive(Debug)]
pub struct Audited {
    /// The notes in figures.
    pub summary: Summary,
    /// The records that could not be read.
    pub rejects: Vec<Reject>,
    /// How many records there were, those that could not be read among them.
    pub records: u64,
    /// Bytes that were read, undecoded.
    pub read: u64,
    /// A hash of the records as they stand in the input.
    pub(super) fingerprint: u64,
    /// By which ids and texts that come again are known.
    pub(super) hashes: Hashes,
}

impl Options {
    /// What is known of a note.
    fn context_of(&self, note: &Note<'_>) -> Context {
        let mut context = note.context(&self.context);
        if let Some(patient) = &note.patient_id {
            context.earlier = self.histories.of(patient).to_vec();
        }
        context
    }
}

impl Audited {
    fn add(&mut self, engine: &Engine, note: &Note<'_>, audit: &Audit, options: &Options) {
        self.summary.add(note, audit);
        self.summary.worst.consider(engine.rules(), note, audit, options.text);
        self.hashes.add(&note.id, &note.text);
    }

    fn add_reject(&mut self, reject: Reject) {
        self.summary.add_reject(&reject);
        self.rejects.push(reject);
    }
}

/// Records that follow each other, one thread's work.
pub(super) struct Piece(Vec<Result<Record, Reject>>);

impl Piece {
    /// How many records it has, those that could not be read among them.
    pub(super) const fn records(&self) -> u64 {
        self.0.len() as u64
    }

    /// Their bytes.
    pub(super) fn bytes(&self) -> usize {
        self.0.iter().flatten().map(Record::size).sum()
    }

    /// A hash of the records as they stand in the input, and where those that could not be read stand.
    pub(super) fn fingerprint(&self) -> u64 {
        self.0.iter().fold(0, |seed, item| match item {
            Ok(record) => hash(seed, record.bytes()),
            Err(reject) => hash(seed, reject.to_string().as_bytes()),
        })
    }

    /// What each record holds: notes, and what could not be read.
    fn notes(&self) -> impl Iterator<Item = Result<Note<'_>, Reject>> {
        self.0.iter().flat_map(|item| match item {
            Ok(record) => record.notes(),
            Err(reject) => vec![Err(reject.clone())],
        })
    }
}

/// Cuts a source into pieces, the same at every run.
pub(super) struct Pieces<'s, S>(pub(super) &'s mut S);

impl<S: Iterator<Item = Result<Record, Reject>>> Iterator for Pieces<'_, S> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let (mut items, mut bytes) = (Vec::new(), 0);
        while items.len() < PIECE_RECORDS && bytes < PIECE_BYTES {
            let Some(item) = self.0.next() else { break };
            bytes += item.as_ref().map_or(0, Record::size);
            items.push(item);
        }
        (!items.is_empty()).then_some(Piece(items))
    }
}

/// Audits all records of `source`.
///
/// `render` adds a note to the rows of its piece, on any thread; `write` gets the rows and the figures of the pieces in
/// the order of the input, one at a time. The pieces are the same for every number of threads. A note on which the engine fails is a reject,
/// and the others go on. Gives the figures of the whole run, but for ids and texts that come again: [`audit`] counts
/// them. Memory is bounded, whatever the input's size.
///
/// [`audit`]: super::audit
///
/// # Errors
/// When `write` fails: nothing more is read then.
pub fn run<R: Default + Send, E: Send>(
    engine: &Engine,
    source: &mut (impl Iterator<Item = Result<Record, Reject>> + Send),
    options: &Options,
    render: impl Fn(&mut R, &Note<'_>, &Audit) + Sync,
    mut write: impl FnMut(R, Audited) -> Result<(), E> + Send,
) -> Result<Summary, E> {
    let mut summary = Summary::default();
    let floor = AtomicU32::new(0);
    let make = |piece: Piece| {
        let mut rows = R::default();
        let render = |note: &Note<'_>, audit: &Audit| render(&mut rows, note, audit);
        let audited = audit_piece(engine, &piece, options, &floor, render);
        (rows, audited)
    };
    in_order(options.threads, Pieces(source), Piece::bytes, make, |(rows, audited)| {
        summary.merge(audited.summary.clone());
        floor.store(summary.worst.floor(), Ordering::Relaxed);
        write(rows, audited)
    })?;
    Ok(summary)
}

/// Audits the records of a piece; `render` gets each note.
///
/// `floor` is that of the worst notes of the pieces that were handed on. All of these stand before this one, so that
/// whatever is not kept for it would not have been kept in the end.
pub(super) fn audit_piece(
    engine: &Engine,
    piece: &Piece,
    options: &Options,
    floor: &AtomicU32,
    mut render: impl FnMut(&Note<'_>, &Audit),
) -> Audited {
    let worst = WorstNotes::above(floor.load(Ordering::Relaxed));
    let mut audited = Audited {
        summary: Summary { worst, ..Summary::default() },
        rejects: Vec::new(),
        records: piece.records(),
        read: piece.bytes() as u64,
        fingerprint: piece.fingerprint(),
        hashes: Hashes::default(),
    };
    let notes: Vec<_> = piece.notes().collect();
    let contexts: Vec<_> = notes.iter().flatten().map(|note| options.context_of(note)).collect();
    let given: Vec<_> = notes.iter().flatten().map(|note| &*note.text).zip(&contexts).collect();
    let mut audits = engine.audit_all(&given).into_iter();
    for note in &notes {
        let note = match note {
            Ok(note) => note,
            Err(reject) => {
                audited.add_reject(reject.clone());
                continue;
            }
        };
        if let Some(Ok(audit)) = audits.next() {
            audited.add(engine, note, &audit, options);
            render(note, &audit);
        } else {
            audited.add_reject(Reject { place: note.place.clone(), reason: Reason::Internal });
        }
    }
    audited
}

/// Makes something of the notes of `source`, on any thread; `take` gets it in the order of the input, one at a time.
/// What cannot be read is passed over.
pub(super) fn gather<P: Send>(
    source: &mut (impl Iterator<Item = Result<Record, Reject>> + Send),
    options: &Options,
    make: impl Fn(&Note<'_>) -> Option<P> + Sync,
    mut take: impl FnMut(P) + Send,
) {
    let make_all =
        |piece: Piece| -> Vec<P> { piece.notes().flatten().filter_map(|note| make(&note)).collect() };
    let take_all = |made: Vec<P>| {
        made.into_iter().for_each(&mut take);
        Ok(())
    };
    let done: Result<(), Infallible> =
        in_order(options.threads, Pieces(source), Piece::bytes, make_all, take_all);
    let Ok(()) = done;
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
        let done: Result<_, ()> = run(&engine, &mut source, &options, render, |rows, _| {
            ids.extend(rows);
            Ok(())
        });
        assert_eq!(done.unwrap().notes, notes as u64);
        ids
    }

    #[test]
    fn order_is_the_order_of_the_input() {
        let notes = PIECE_RECORDS * 9 + 5;
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
        let full = |(), _: Audited| Err("full");
        let result = run(&engine, &mut source, &Options::default(), |(), _, _| (), full);
        assert_eq!(result, Err("full"));
    }
}
