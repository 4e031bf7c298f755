//! What a note fails to state, and where it disagrees with itself: from facts to gaps, flags and queries.
//!
//! The checks read facts alone, so that they run on labels as well as on what the engine finds. Titles, reasons,
//! sources, query templates and examples of the rules are data ([`Rules`], from `lexicons/rules/*.toml`).
//!
//! ```
//! use foramen::checks::{Settings, completeness};
//! use foramen::model::{CorrelationStatus, NoteType};
//! let nothing = completeness(NoteType::Clinic, &[], Some(CorrelationStatus::None), &Settings::default());
//! assert!(nothing.gaps.is_empty());
//! assert_eq!(nothing.score().percent(), None);
//! ```

mod answers;
mod case;
mod coding;
mod completeness;
#[cfg(test)]
mod compliance;
mod contradiction;
mod coverage;
mod describe;
mod indicators;
mod query;
mod rule;
mod rules;
#[cfg(test)]
pub(crate) mod sample;
mod settings;
mod subject;

pub use answers::{AnswerWords, Place, Way};
pub use case::Case;
pub use coding::coding_flags;
pub use completeness::{Completeness, completeness, finding_score};
pub use contradiction::{contradiction_flags, discordance_flag};
pub use coverage::{
    ContractorPolicy, Contractors, Coverage, Limit, TableError, UnknownContractor, counts_services, coverage,
    earlier_services,
};
pub(crate) use describe::{capitalised, words};
pub use query::{Choice, Query, queries, queries_for, query};
pub use rule::{Example, QueryTemplate, Rule};
pub use rules::{Pack, Rules, RulesError};
pub use settings::Settings;
