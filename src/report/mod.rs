//! Audits for their readers: JSON for programs, diagnostics for people, pages about the rules.

#[cfg(feature = "cli")]
mod diagnostics;
#[cfg(feature = "cli")]
mod excerpt;
mod json;
#[cfg(feature = "serve")]
mod pages;

#[cfg(feature = "cli")]
pub use diagnostics::Diagnostics;
#[cfg(feature = "cli")]
pub(crate) use diagnostics::counted;
pub use json::{AuditJson, SCHEMA, UpdateJson};
#[cfg(feature = "serve")]
pub use pages::{rule_index, rule_page};
