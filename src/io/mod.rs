//! Reading notes from files, folders, standard input and tables in memory, whatever their state.
//!
//! [`Source`] gives one [`Record`] at a time, still undecoded, so that the work of decoding can be shared out;
//! [`Record::notes`] decodes it. What cannot be read is a [`Reject`] with its place and reason, and the others
//! go on.
//!
//! Offsets in results count bytes of the **decoded text** of the note. That is the file itself for UTF-8, and
//! the value of the text field or column for JSON Lines and tables; [`Encoding`] tells wherever decoding changed the
//! bytes.
//!
//! ```
//! use foramen::io::Source;
//! let folder = tempfile::tempdir().unwrap();
//! std::fs::write(folder.path().join("a.txt"), "MRI LUMBAR SPINE").unwrap();
//! let record = Source::open(vec![folder.path().into()]).unwrap().next().unwrap().unwrap();
//! let note = record.notes().remove(0).unwrap();
//! assert_eq!((note.id.as_ref(), note.text.as_ref()), ("a", "MRI LUMBAR SPINE"));
//! ```

mod attachment;
mod ccda;
mod columnar;
mod columns;
mod compress;
mod decode;
mod delimited;
mod document;
mod fhir;
mod fields;
mod files;
mod format;
mod hl7;
mod jsonl;
mod lines;
mod markup;
mod parquet;
mod peek;
mod record;
mod reject;
mod rows;
mod source;

#[cfg(feature = "serve")]
pub(crate) use attachment::charset;
pub use columnar::Batches;
pub use columns::{Column, Columns};
pub use decode::{Decoded, Encoding, decode};
pub use files::Meter;
pub use format::Format;
pub use record::{MAX_NOTE, Note, Record};
pub use reject::{Place, Reason, Reject};
pub use source::{InputError, Reading, Source};
