//! Measuring the engine: notes with gold facts are compared with their audits, fact by fact.
//!
//! ```no_run
//! use foramen::eval::{self, Evaluation};
//! use foramen::{Engine, lexicon::Lexicon, model::Context};
//!
//! let engine = Engine::new(Lexicon::embedded())?;
//! let scored = eval::score(eval::read(&["corpora".into()])?, |note| {
//!     engine.audit(&note.text, &Context { note_type: Some(note.note_type), ..Context::default() })
//! });
//! println!("{:?}", Evaluation::of(&scored).all.findings.overall.f1());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assertion;
mod contradictions;
mod counts;
mod errors;
mod facts;
mod gold;
mod pairing;
mod report;
#[cfg(test)]
mod sample;
mod score;
mod text;

use rayon::prelude::*;

use crate::model::Audit;

pub use assertion::{
    AssertionError, AssertionFigures, LabelledSentence, Misread, read_sentences, score_sentences,
};
pub use contradictions::Disagreement;
pub use counts::{ByKind, Counts, Matched};
pub use errors::{ErrorFilter, Fault, Mark, NoteErrors, TOPICS, categories, errors};
pub use facts::{Aspect, Fact, GapFact, Loose, ProcedureFact, RootFact};
pub use gold::{GoldContradiction, GoldError, GoldNote, read};
pub use report::write_report;
pub use score::{Confusion, Evaluation, Figures, Scored};
pub use text::{write_assertion, write_errors, write_figures};

/// Audits notes on all cores and compares each with its gold; the order is kept.
pub fn score(notes: Vec<GoldNote>, audit: impl Fn(&GoldNote) -> Audit + Sync) -> Vec<Scored> {
    notes
        .into_par_iter()
        .map(|note| {
            let audit = audit(&note);
            Scored::new(note, audit)
        })
        .collect()
}
