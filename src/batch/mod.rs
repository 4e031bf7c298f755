//! Many notes at once: on all threads, in order, in bounded memory.
//!
//! [`run`] takes records from any iterator, audits them on all threads and hands what was made of them on in the order
//! of the input. [`audit`] writes that into a [`Folder`] in parts, each entered in a manifest when it is whole, so that
//! a run goes on after any end; [`Summary`] counts.
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
//! let summary = run(
//!     &engine,
//!     &mut source,
//!     &Options::default(),
//!     |lengths: &mut Vec<usize>, note, _audit| lengths.push(note.text.len()),
//!     |rows, _audited| Ok::<_, std::io::Error>(lengths.extend(rows)),
//! );
//! assert_eq!(summary.unwrap().notes, 2);
//! assert_eq!(lengths, [3, 3]);
//! ```

mod audit;
mod duplicates;
mod facts;
mod file;
mod folder;
mod hash;
mod histories;
mod inputs;
mod manifest;
mod page;
mod part;
mod place;
mod rows;
mod run;
mod summary;
mod threads;

pub(crate) use summary::percent;

pub use audit::{AuditError, Limits, Step, Work, audit};
pub use facts::audit_line;
pub use file::OutputFile;
pub use folder::{Begin, Folder};
pub use histories::Histories;
pub use manifest::Bound;
pub use page::{RunFacts, write_page};
pub use part::PartSize;
pub use rows::{Chunks, Rows};
pub use run::{Audited, Options, run};
pub use summary::{
    Asked, Cell, GapCounts, Group, HeatMap, Keyed, LevelCounts, Passage, ScoreCounts, Summary, WorstNote,
    WorstNotes,
};
