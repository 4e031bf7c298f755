//! Reading notes from files, folders and standard input, whatever their state.
//!
//! [`Source`] gives one [`Record`] at a time, still undecoded, so that the work of decoding can be shared out;
//! [`Record::notes`] decodes it. What cannot be read is a [`Reject`] with its place and reason, and the others
//! go on.
//!
//! Offsets in results count bytes of the **decoded text** of the note. That is the file itself for UTF-8, and
//! the text field's value for JSON Lines; [`Encoding`] tells wherever decoding changed the bytes.
//!
//! ```
//! use foramen::io::{Columns, Source};
//! let folder = tempfile::tempdir().unwrap();
//! std::fs::write(folder.path().join("a.txt"), "MRI LUMBAR SPINE").unwrap();
//! let record = Source::open(vec![folder.path().into()]).unwrap().next().unwrap().unwrap();
//! let note = record.notes(&Columns::default()).remove(0).unwrap();
//! assert_eq!((note.id.as_ref(), note.text.as_ref()), ("a", "MRI LUMBAR SPINE"));
//! ```

mod columns;
mod decode;
mod files;
mod jsonl;
mod lines;
mod record;
mod reject;
mod source;

pub use columns::Columns;
pub use decode::{Decoded, Encoding, decode};
pub use files::files;
pub use record::{Note, Record};
pub use reject::{Place, Reason, Reject};
pub use source::{InputError, Source};
