//! The audit of all notes of a source into a folder, part by part, so that it can go on after any end.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::Engine;
use crate::io::Source;

use super::part::{Part, PartDone, PartSize, add_print};
use super::rows::{Chunks, Rows};
use super::run::{Audited, Piece, Pieces, audit_piece};
use super::threads::in_order;
use super::{Folder, Options, Summary, WorstNotes};

/// When a run ends before its input does, and how large its parts are.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'s> {
    /// Set by anybody to end the run: what is in hand is finished.
    pub stop: &'s AtomicBool,
    /// The most records that may be unreadable; any number where it is `None`.
    pub max_rejects: Option<u64>,
    /// When a part is full.
    pub part: PartSize,
}

/// What a run has just done.
#[derive(Debug)]
pub enum Step<'s> {
    /// It has read records of parts that were done before.
    Again,
    /// It has audited records.
    Audited(&'s Audited),
}

/// What this process audited: all of a run, but for the parts that were done before it went on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Notes.
    pub notes: u64,
    /// Bytes of their texts.
    pub bytes: u64,
}

/// A run ended without its results.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// There is a run already: [`Begin::Overwrite`](super::Begin::Overwrite) replaces it.
    #[error(
        "{} holds the results of a run: name another folder, or replace them",
        folder.display()
    )]
    Finished {
        /// The folder.
        folder: PathBuf,
    },
    /// There is a run that did not come to its end: [`Begin::Resume`](super::Begin::Resume) goes on with it.
    #[error(
        "{} holds an unfinished run: go on with it, or begin anew",
        folder.display()
    )]
    Unfinished {
        /// The folder.
        folder: PathBuf,
    },
    /// There are files where results would go.
    #[error("{} holds files that no run of Foramen tells of: name another folder", folder.display())]
    Foreign {
        /// The folder of an output.
        folder: PathBuf,
    },
    /// Another process writes.
    #[error("another process writes to {}: wait for it, or name another folder", folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The run was begun otherwise.
    #[error(
        "the run in {} was begun otherwise ({changes}): go on as it was begun, or begin anew",
        folder.display()
    )]
    Changed {
        /// The folder.
        folder: PathBuf,
        /// What differs.
        changes: String,
    },
    /// The input does not begin with what the finished parts were made of.
    #[error("the input is not what part {part} of the run was made of: give the same input, or begin anew")]
    Input {
        /// The number of the part, from 0.
        part: usize,
    },
    /// A part of the results is gone.
    #[error("{} is gone: put it back, or begin anew", file.display())]
    Missing {
        /// The file.
        file: PathBuf,
    },
    /// The manifest is broken.
    #[error("{} cannot be read ({error}): begin anew", file.display())]
    Manifest {
        /// The file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The folder cannot be used.
    #[error("cannot write to {}: {error}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Results could not be written.
    #[error("cannot write the results; what is done stays: make room, then go on with it")]
    Write(#[from] io::Error),
    /// Too much could not be read.
    #[error("records that could not be read: more than {max}; mend them, or go on with a higher limit")]
    Rejects {
        /// The most that there may be.
        max: u64,
    },
    /// Somebody stopped the run.
    #[error("stopped after {parts} parts")]
    Stopped {
        /// Parts that are done.
        parts: usize,
    },
}

/// Audits all records of `source` into `folder`, or those that are left of an earlier run, and gives the figures of the
/// whole. `watch` is told of every step, in the order of the input; `page` writes the page of the figures, once all are
/// known ([`write_page`](super::write_page)).
///
/// The results are the same for every number of threads, and whether the run was interrupted or not. Memory is bounded
/// whatever the input's size.
///
/// # Errors
/// When the run is stopped, the input is not that of the parts that are done, more than `max_rejects` records cannot be
/// read, or a file cannot be written. What is done stays, and a later run can go on with it.
pub fn audit(
    engine: &Engine,
    source: &mut Source,
    mut options: Options,
    folder: &mut Folder,
    limits: Limits<'_>,
    mut watch: impl FnMut(Step<'_>) + Send,
    page: impl FnOnce(&Summary, Work, &mut dyn io::Write) -> io::Result<()>,
) -> Result<Summary, AuditError> {
    options.context.today = folder.bound().today();
    let mut pieces = Stoppable { pieces: Pieces(source), stop: limits.stop, has_stopped: false };
    for (number, part) in folder.done().iter().enumerate() {
        pass_over(&mut pieces, part, number, &mut watch)?;
    }
    let outputs = folder.outputs().cloned();
    let floor = AtomicU32::new(0);
    let make = |piece: Piece| {
        let mut rows = outputs.as_ref().map(Rows::new);
        let audited = audit_piece(engine, &piece, &options, &floor, |note, audit| {
            if let Some(rows) = &mut rows {
                rows.add(engine.rules(), note, audit);
            }
        });
        (rows.map(Rows::finish).transpose(), audited)
    };
    let (mut worst, mut work) = (WorstNotes::default(), Work::default());
    let mut writer = Writer { rejects: folder.rejects(), folder, part: None, limits };
    in_order(options.threads, &mut pieces, Piece::bytes, make, |(chunks, audited)| {
        watch(Step::Audited(&audited));
        work.notes += audited.summary.notes;
        work.bytes += audited.summary.bytes;
        worst.merge(audited.summary.worst.clone());
        floor.store(worst.floor(), Ordering::Relaxed);
        writer.write(chunks?.as_ref(), audited)
    })?;
    if pieces.has_stopped {
        return Err(AuditError::Stopped { parts: writer.folder.parts() });
    }
    writer.finish(source.skipped(), |summary, file| page(summary, work, file))
}

/// The pieces of a source until somebody stops the run. A piece is never cut short: parts would end otherwise than in
/// a run that nobody stopped.
struct Stoppable<'s> {
    pieces: Pieces<'s, Source>,
    stop: &'s AtomicBool,
    has_stopped: bool,
}

impl Iterator for Stoppable<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.has_stopped = self.stop.load(Ordering::Relaxed);
        if self.has_stopped { None } else { self.pieces.next() }
    }
}

/// Reads the records of a part that is done again, and sees that they are the same.
fn pass_over(
    pieces: &mut Stoppable<'_>,
    part: &PartDone,
    number: usize,
    watch: &mut impl FnMut(Step<'_>),
) -> Result<(), AuditError> {
    let (mut records, mut print) = (0, 0);
    while records < part.records {
        let Some(piece) = pieces.next() else {
            return Err(if pieces.has_stopped {
                AuditError::Stopped { parts: number }
            } else {
                AuditError::Input { part: number }
            });
        };
        records += piece.records();
        print = add_print(print, piece.fingerprint());
        watch(Step::Again);
    }
    let is_same = records == part.records && format!("{print:016x}") == part.fingerprint;
    if is_same { Ok(()) } else { Err(AuditError::Input { part: number }) }
}

/// Puts what was made of the pieces into parts.
struct Writer<'w> {
    folder: &'w mut Folder,
    part: Option<Part>,
    limits: Limits<'w>,
    rejects: u64,
}

impl Writer<'_> {
    fn write(&mut self, chunks: Option<&Chunks>, audited: Audited) -> Result<(), AuditError> {
        self.rejects += audited.rejects.len() as u64;
        if let Some(max) = self.limits.max_rejects.filter(|&max| self.rejects > max) {
            return Err(AuditError::Rejects { max });
        }
        let mut part = self.part.take().map_or_else(|| self.folder.next_part(), Ok)?;
        part.add(chunks, audited)?;
        if part.is_full(self.limits.part) {
            self.folder.enter(part)?;
        } else {
            self.part = Some(part);
        }
        Ok(())
    }

    /// Enters the last part, which an input without records has too: tables without rows have their columns.
    fn finish(
        mut self,
        skipped_files: u64,
        page: impl FnOnce(&Summary, &mut dyn io::Write) -> io::Result<()>,
    ) -> Result<Summary, AuditError> {
        if self.part.is_none() && self.folder.parts() == 0 {
            self.part = Some(self.folder.next_part()?);
        }
        if let Some(part) = self.part {
            self.folder.enter(part)?;
        }
        Ok(self.folder.finish(skipped_files, page)?)
    }
}
