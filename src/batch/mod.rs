//! Many notes at once: in parallel, in order, in bounded memory.
//!
//! [`run`] takes records from any iterator, audits them on all cores and hands what was made of them on in the
//! order of the input; [`Summary`] counts; [`OutputFolder`] writes tables and lines, each beside its place
//! until the run is done.
//!
//! ```
//! use foramen::batch::{Options, run};
//! use foramen::io::Source;
//! use foramen::lexicon::Lexicon;
//!
//! let folder = tempfile::tempdir().unwrap();
//! std::fs::write(folder.path().join("day.jsonl"), "{\"text\":\"one\"}\n{\"text\":\"two\"}\n").unwrap();
//! let engine = foramen::Engine::new(Lexicon::embedded()).unwrap();
//! let mut source = Source::open(vec![folder.path().into()]).unwrap();
//! let mut lengths = Vec::new();
//! run(
//!     &engine,
//!     &mut source,
//!     &Options::default(),
//!     |lengths: &mut Vec<usize>, note, _audit| lengths.push(note.text.len()),
//!     |part| Ok(lengths.extend(part.rows)),
//! )
//! .unwrap();
//! assert_eq!(lengths, [3, 3]);
//! ```

mod facts;
mod file;
mod histories;
mod output;
mod rows;
mod run;
mod summary;

#[cfg(feature = "cli")]
pub(crate) use summary::percent;

pub use crate::tables::{Format, Output, Outputs};
pub use facts::audit_line;
pub use file::OutputFile;
pub use histories::Histories;
pub use output::OutputFolder;
pub use rows::{Chunks, Rows};
pub use run::{Options, Part, RunError, run};
pub use summary::{
    Asked, Cell, GapCounts, Group, HeatMap, Keyed, LevelCounts, Passage, ScoreCounts, Summary, WorstNote,
    WorstNotes,
};
