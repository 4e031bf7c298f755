//! Code tables by date of service, and the codes that a note states.
//!
//! A table row holds from a day to a day; [`CodeTables`] answers for the day of service, never for today. Labels are
//! this project's own plain words: CPT descriptors are the American Medical Association's and are not shipped.

mod anatomy;
mod cpt;
mod documents;
mod hcpcs;
mod icd10;
mod lookup;
mod reader;
mod reading;
mod scan;
mod service_date;
mod stated;
mod suffix;
mod tables;

pub use anatomy::{LevelRegions, Root};
pub use cpt::{Bilateral, Cpt, CptRegion, Imaging, Unit};
pub use documents::{DocumentCodes, DocumentCoding};
pub use hcpcs::{Hcpcs, Modifier};
pub use icd10::{Icd10, IcdRegion};
pub use lookup::{Certainty, Lookup};
pub use reader::CodesError;
pub use reading::Reading;
pub use service_date::{DateRead, read_date, service_date};
pub use stated::stated_codes;
pub use tables::CodeTables;
