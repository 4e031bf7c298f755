//! What the rules on procedures and codes see of a note.

use crate::codes::CodeTables;
use crate::model::{Audit, Context};

use super::Settings;

/// One note's facts, what is known of it from outside, and the tables to judge it by.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The facts; its flags, gaps and score are not read.
    pub audit: &'a Audit,
    /// What is known from outside.
    pub context: &'a Context,
    /// The code tables.
    pub tables: &'a CodeTables,
    /// What the user has set.
    pub settings: &'a Settings,
}
