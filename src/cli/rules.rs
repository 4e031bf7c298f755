//! `foramen rule` and `foramen rules`: what is required, why, and by whom.

use std::io::Write;

use anyhow::Context as _;
use clap::Args;

use crate::checks::Rules;
use crate::report::{rule_index, rule_page};

use super::OK;

/// Print what a rule requires, why, its source, and a note that keeps it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  foramen rule NF003")]
pub(super) struct RulePage {
    /// The rule's code, as gaps and flags name it
    code: String,
}

impl RulePage {
    pub(super) fn run(self) -> anyhow::Result<u8> {
        let page = rule_page(&Rules::embedded()?, &self.code.to_ascii_uppercase());
        let page = page.with_context(|| format!("no rule `{}`: `foramen rules` lists them", self.code))?;
        anstream::stdout().write_all(page.as_bytes())?;
        Ok(OK)
    }
}

/// Prints the list of all rules.
pub(super) fn list() -> anyhow::Result<u8> {
    anstream::stdout().write_all(rule_index(&Rules::embedded()?).as_bytes())?;
    Ok(OK)
}
