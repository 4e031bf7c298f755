//! A finding in the contract's own values, for texts that hold no words of the note.

use crate::model::{Between, Finding};

/// A value's name as words: `moderate_to_severe` is "moderate to severe".
pub(crate) fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// What a finding says of one element, as words.
pub(super) fn value(finding: &Finding, of: Between) -> Option<String> {
    match of {
        Between::Level => finding.level.map(|level| level.to_string()),
        Between::Side => finding.side.map(|side| words(side.name())),
        Between::Severity => finding.severity.map(|severity| words(severity.name())),
        Between::Status => Some(words(finding.status.name())),
    }
}

/// Kind, and in brackets the level, side and severity that `keep` lets through.
pub(crate) fn describe(finding: &Finding, keep: impl Fn(Between) -> bool) -> String {
    let values: Vec<String> = [Between::Level, Between::Side, Between::Severity]
        .into_iter()
        .filter(|&of| keep(of))
        .filter_map(|of| value(finding, of))
        .collect();
    let kind = words(finding.kind.name());
    if values.is_empty() { kind } else { format!("{kind} ({})", values.join(", ")) }
}
