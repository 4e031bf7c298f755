//! The flags of a run, by rule, with the rule's own words.

use std::cmp::Reverse;

use crate::batch::Summary;
use crate::checks::{Rule, Rules};

use super::format::{count, visible};

/// A rule, and how often it was broken.
#[derive(Debug)]
pub(super) struct FlagRow {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) level: &'static str,
    pub(super) summary: String,
    pub(super) why: String,
    pub(super) sources: Vec<String>,
    pub(super) flags: String,
}

/// The rules with flags, the most frequent first.
pub(super) fn flags(summary: &Summary, rules: &Rules) -> Vec<FlagRow> {
    let mut by_rule: Vec<_> = summary.flags.iter().collect();
    by_rule.sort_by_key(|&(_, &flags)| Reverse(flags));
    let row = |code: &str, flags: u64| {
        let rule = rules.get(code);
        let text = |of: fn(&Rule) -> &String| rule.map_or_else(String::new, |rule| of(rule).clone());
        FlagRow {
            code: visible(code),
            title: text(|rule| &rule.title),
            level: rule.map_or("", |rule| rule.level.name()),
            summary: text(|rule| &rule.summary),
            why: text(|rule| &rule.why),
            sources: rule.map_or_else(Vec::new, |rule| rule.sources.clone()),
            flags: count(flags),
        }
    };
    by_rule.into_iter().map(|(code, &flags)| row(code, flags)).collect()
}
