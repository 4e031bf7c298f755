//! Plain data: levels, values, and all that is found in a note. Imports only [`crate::text`].

mod audit;
mod level;
mod mention;
mod section;
mod values;

pub use audit::{
    Audit, Between, Concordance, ConservativeCare, Context, Contradiction, Correlation, Element, Evidence,
    EvidenceList, Finding, Flag, FlagLevel, Gap, Radiculopathy, Role, ScaleGrade, Score,
};
pub use level::{InvalidLevel, Level, Region, Vertebra};
pub use mention::Mention;
pub use section::SectionKind;
pub use values::{CorrelationStatus, FindingKind, NoteType, Severity, Side, Status, Subtype};

#[cfg(feature = "parallel")]
pub(crate) use values::names;
