//! The figures of a run as a page, for whoever answers for documentation: `report.html`.
//!
//! The page is one file without scripts: it opens offline, prints, and follows the reader's choice of light or dark.
//! Whatever a note or its metadata holds is text in it: templates escape what they are given, hidden characters are
//! shown by their codes, and the page forbids scripts and network in its own head.
//!
//! ```
//! use foramen::batch::{RunFacts, Summary, write_page};
//! let rules = foramen::checks::Rules::embedded().unwrap();
//! let mut page = Vec::new();
//! write_page(&Summary::default(), &rules, &RunFacts::default(), &mut page).unwrap();
//! assert!(page.starts_with(b"<!DOCTYPE html>"));
//! ```

mod charts;
mod facts;
mod flags;
mod format;
mod gaps;
mod groups;
mod heat;
mod overview;
mod worst;

use std::io::{self, Write};

use askama::Template;

use crate::checks::Rules;

use super::Summary;

pub use facts::RunFacts;

/// Writes the page of a run.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_page(summary: &Summary, rules: &Rules, facts: &RunFacts, out: &mut dyn Write) -> io::Result<()> {
    let page = Page {
        notes: format::count(summary.notes),
        started: format::visible(&facts.started),
        tiles: overview::tiles(summary),
        attention: overview::attention(summary),
        findings: overview::findings(summary),
        scored: format::count(summary.score.scored_notes),
        gaps: gaps::gaps(summary)?,
        groups: groups::groups(summary)?,
        unknown: groups::unknown(summary),
        maps: heat::maps(&summary.heat),
        flags: flags::flags(summary, rules),
        worst: summary.worst.iter().map(worst::Worst::of).collect(),
        text: facts.text,
        rejects: overview::rejects(summary),
        copies: overview::copies(summary),
        facts: facts::rows(summary, rules, facts),
    };
    page.write_into(&mut *out)
}

/// What the template shows.
#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    notes: String,
    started: String,
    tiles: Vec<overview::Tile>,
    attention: Vec<String>,
    findings: overview::Findings,
    scored: String,
    gaps: Option<gaps::Gaps>,
    groups: Vec<groups::Groups>,
    unknown: Vec<&'static str>,
    maps: Vec<heat::Map>,
    flags: Vec<flags::FlagRow>,
    worst: Vec<worst::Worst>,
    text: bool,
    rejects: Vec<facts::Fact>,
    copies: Vec<facts::Fact>,
    facts: Vec<facts::Fact>,
}
