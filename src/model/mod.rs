//! Plain data: levels, values, and all that is found in a note. Imports only [`crate::text`].

mod audit;
mod changes;
mod code;
mod context;
mod element;
mod encounter;
mod fact;
mod level;
mod mention;
mod procedure;
mod section;
mod values;

pub use audit::{
    Audit, Between, Concordance, ConservativeCare, Contradiction, Correlation, Evidence, EvidenceList,
    Finding, Flag, FlagLevel, Gap, Ignored, Issue, Policy, Radiculopathy, Role, ScaleGrade, Score,
};
pub use changes::{Changes, ClosedGap, LeftOpen};
pub use code::{CodeSystem, StatedCode};
pub use context::{Context, DateOrigin, EarlierService, IgnoredRule, Payer, ServiceDate, Setting, SpineHalf};
pub use element::Element;
pub use encounter::{
    Complaint, Drug, Encounter, FunctionScore, Guidance, Intent, Lasting, Moment, PainScore, Relief,
    Sedation, Stated, Substance,
};
pub use fact::Fact;
pub use jiff::civil::Date;
pub use level::{InvalidLevel, Level, Region, Vertebra};
pub use mention::Mention;
pub use procedure::{Procedure, ProcedureFamily, ProcedureStatus};
pub use section::SectionKind;
pub use values::{CorrelationStatus, FindingKind, NoteType, Severity, Side, Status, Subtype};

#[cfg(feature = "io")]
pub(crate) use values::names;
