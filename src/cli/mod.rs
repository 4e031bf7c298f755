//! The `foramen` command.

pub mod eval;
