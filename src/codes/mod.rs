//! Code tables by date of service, and the codes that a note states.
//!
//! A table row holds from a day to a day; [`CodeTables`] answers for the day of service, never for today. Labels are
//! this project's own plain words: CPT descriptors are the American Medical Association's and are not shipped.

mod stated;
mod tables;

pub use stated::stated_codes;
pub use tables::{
    Bilateral, Certainty, CodeTables, CodesError, Cpt, CptRegion, Hcpcs, Icd10, Imaging, Lookup, Unit,
};
