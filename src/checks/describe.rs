//! A finding or a procedure in the contract's own values, for texts that hold no words of the note.

use crate::model::{Between, Fact, Finding, Procedure};

/// A value's name as words: `moderate_to_severe` is "moderate to severe".
pub(crate) fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// Words with a capital in front.
pub(crate) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
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
pub(super) fn describe(finding: &Finding, keep: impl Fn(Between) -> bool) -> String {
    let values: Vec<String> = [Between::Level, Between::Side, Between::Severity]
        .into_iter()
        .filter(|&of| keep(of))
        .filter_map(|of| value(finding, of))
        .collect();
    with_values(finding.kind.name(), &values)
}

/// A finding or a procedure with all its values; `None` for the note as a whole.
pub(super) fn describe_fact(fact: Fact<'_>) -> Option<String> {
    match fact {
        Fact::Finding(finding) => Some(describe(finding, |_| true)),
        Fact::Procedure(procedure) => Some(describe_procedure(procedure)),
        Fact::Note => None,
    }
}

/// Family, and in brackets the level and side.
fn describe_procedure(procedure: &Procedure) -> String {
    let level = procedure.level.map(|level| level.to_string());
    let side = procedure.side.map(|side| words(side.name()));
    with_values(procedure.family.name(), &level.into_iter().chain(side).collect::<Vec<_>>())
}

fn with_values(name: &str, values: &[String]) -> String {
    let name = words(name);
    if values.is_empty() { name } else { format!("{name} ({})", values.join(", ")) }
}
