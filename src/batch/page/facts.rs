//! What is known of the run itself, and is no figure of the notes.

use crate::batch::{Summary, Work};
use crate::checks::Rules;

use super::format::{bytes, count, plural, seconds, visible};

/// Inputs that are named.
const INPUTS: usize = 40;

/// What is known of a run beside its figures: all that changes with the clock and the machine stands here alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunFacts {
    /// The fingerprint of the lexicon ([`crate::lexicon::Lexicon::fingerprint`]).
    pub lexicon: String,
    /// The inputs as they were named.
    pub inputs: Vec<String>,
    /// What was set, each by its name, as it was given.
    pub settings: Vec<(String, String)>,
    /// Whether words of the notes may be shown.
    pub text: bool,
    /// When it began, as people write it; empty where it is not to be told.
    pub started: String,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What was audited in that time: less than there is in the figures where the run went on after an end.
    pub work: Work,
    /// How many threads worked.
    pub threads: usize,
}

/// A fact and what it is.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
}

/// The facts as rows.
pub(super) fn rows(summary: &Summary, rules: &Rules, facts: &RunFacts) -> Vec<Fact> {
    let mut rows = vec![
        ("Foramen".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("Lexicon".to_owned(), facts.lexicon.clone()),
        ("Rules".to_owned(), packs(rules)),
    ];
    rows.extend(facts.settings.iter().cloned());
    rows.push(("Inputs".to_owned(), inputs(&facts.inputs)));
    if !facts.started.is_empty() {
        rows.push(("Started".to_owned(), facts.started.clone()));
    }
    rows.push(("Time taken".to_owned(), speed(summary, facts)));
    rows.push(("Threads".to_owned(), facts.threads.to_string()));
    rows.into_iter().map(|(name, value)| Fact { name: visible(&name), value: visible(&value) }).collect()
}

fn packs(rules: &Rules) -> String {
    let packs = rules.packs().iter().map(|pack| format!("{} ({})", pack.name, pack.rules.len()));
    packs.collect::<Vec<_>>().join(", ")
}

fn inputs(inputs: &[String]) -> String {
    let mut named = inputs.iter().take(INPUTS).cloned().collect::<Vec<_>>().join("\n");
    if let Some(more) = inputs.len().checked_sub(INPUTS).filter(|more| *more > 0) {
        named.extend(["\nand ", &count(more as u64), " more"]);
    }
    named
}

#[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "whole numbers are shown")]
fn speed(summary: &Summary, facts: &RunFacts) -> String {
    let time = seconds(facts.seconds);
    if facts.seconds <= 0.0 {
        return time;
    }
    let each_second = |n: u64| (n as f64 / facts.seconds) as u64;
    let notes = each_second(facts.work.notes);
    let rate = format!(
        "{time}: {} note{}/s, {}/s",
        count(notes),
        plural(notes),
        bytes(each_second(facts.work.bytes))
    );
    let resumed = facts.work.notes < summary.notes;
    if resumed { format!("{rate}, for the last {} notes", count(facts.work.notes)) } else { rate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_what_was_done_in_the_time() {
        let summary = Summary { notes: 1000, bytes: 100_000, ..Summary::default() };
        for (notes, told) in [
            (1000, "10.00 s: 100 notes/s, 10.0 kB/s"),
            (500, "10.00 s: 50 notes/s, 5.0 kB/s, for the last 500 notes"),
        ] {
            let work = Work { notes, bytes: 100 * notes };
            let facts = RunFacts { seconds: 10.0, work, ..RunFacts::default() };
            assert_eq!(speed(&summary, &facts), told);
        }
    }
}
