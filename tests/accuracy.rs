//! Accuracy never falls unseen: each measure has a floor.
//!
//! `corpora/expected.toml` holds the floors of our own notes. `FORAMEN_UPDATE=1 cargo test --test accuracy` writes
//! new measures into it and raises the others; a floor is lowered by hand alone, and the commit says why.
//! `tests/shared_gold.toml` holds the floors of gold notes that are not part of the project; they are looked for
//! in `../shared`, or where `FORAMEN_SHARED` points.

#![cfg(feature = "parallel")]
#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]
#![allow(clippy::print_stdout, reason = "what is skipped and what could be raised is for a person to see")]

mod shared;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use foramen::Engine;
use foramen::eval::{self, Evaluation, Figures};
use foramen::lexicon::Lexicon;
use foramen::model::Context;

/// A measure that is better than its floor by this much should raise it.
const SLACK: f64 = 0.005;

type Measures = BTreeMap<String, f64>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn measure(gold: &Path) -> Measures {
    let engine = Engine::new(Lexicon::try_embedded().unwrap()).unwrap();
    let notes = eval::read(&[gold.to_owned()]).unwrap();
    let scored = eval::score(notes, |note| {
        engine.audit(&note.text, &Context { note_type: Some(note.note_type), ..Context::default() })
    });
    measures(&Evaluation::of(&scored).all)
}

/// F1 of each kind of fact, and the accuracy of labels.
fn measures(all: &Figures) -> Measures {
    let kinds = all.findings.by_kind.iter().map(|(kind, counts)| (kind.name(), counts.f1()));
    let rest = [
        ("findings", all.findings.overall.f1()),
        ("procedures", all.procedures.overall.f1()),
        ("gaps", all.gaps.f1()),
        ("radiculopathies", all.radiculopathies.f1()),
        ("contradictions", all.contradictions.f1()),
        ("correlation", all.correlation.accuracy),
        ("conservative_care", all.conservative_care.accuracy),
    ];
    kinds.chain(rest).filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn read_floors(path: &Path) -> Measures {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What falls below its floor, what has a floor and is not measured, and what is measured and has no floor.
fn wrong(measured: &Measures, floors: &Measures) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, floor) in floors {
        match measured.get(name) {
            Some(value) if value >= floor => {}
            Some(value) => wrong.push(format!("{name} fell to {value:.3}, below its floor of {floor:.3}")),
            None => wrong.push(format!("{name} has a floor of {floor:.3} and is not measured")),
        }
    }
    let new = measured.keys().filter(|name| !floors.contains_key(*name));
    wrong.extend(new.map(|name| format!("{name} has no floor")));
    wrong
}

/// The floors with new measures added and all others raised, never lowered; to three decimals, cut off.
fn raised(measured: &Measures, floors: &Measures) -> Measures {
    let mut raised = floors.clone();
    for (name, value) in measured {
        let value = (value * 1000.0).floor() / 1000.0;
        let floor = raised.entry(name.clone()).or_insert(value);
        *floor = floor.max(value);
    }
    raised
}

/// Says what could be raised; seen with `--nocapture`, or when the test fails.
fn print_slack(measured: &Measures, floors: &Measures) {
    for (name, value) in measured {
        if floors.get(name).is_some_and(|floor| value - floor >= SLACK) {
            println!("{name} is {value:.3}: its floor of {:.3} could be raised", floors[name]);
        }
    }
}

#[test]
fn our_own_notes_are_read_no_worse_than_before() {
    let path = root().join("corpora/expected.toml");
    let measured = measure(&root().join("corpora"));
    let mut floors = read_floors(&path);
    if std::env::var_os("FORAMEN_UPDATE").is_some() {
        floors = raised(&measured, &floors);
        let mut text = String::from(
            "# Floors of F1 (accuracy for correlation and conservative_care) on the notes of this folder.\n\
             # Raised by `FORAMEN_UPDATE=1 cargo test --test accuracy`, lowered by hand alone.\n",
        );
        for (name, floor) in &floors {
            writeln!(text, "{name} = {floor:.3}").unwrap();
        }
        std::fs::write(&path, text).unwrap();
    }
    print_slack(&measured, &floors);
    let wrong = wrong(&measured, &floors);
    assert!(wrong.is_empty(), "{}:\n{}", path.display(), wrong.join("\n"));
}

#[test]
fn shared_gold_notes_are_read_as_well_as_is_due() {
    let path = root().join("tests/shared_gold.toml");
    let floors = read_floors(&path);
    let Some(gold) = shared::shared("gold") else { return };
    let measured = measure(&gold);
    print_slack(&measured, &floors);
    let wrong = wrong(&measured, &floors);
    assert!(wrong.is_empty(), "{}:\n{}", path.display(), wrong.join("\n"));
}

#[test]
#[should_panic(expected = "no_such_floors.toml")]
fn floors_that_are_not_there_are_not_taken_for_none() {
    read_floors(&root().join("tests/no_such_floors.toml"));
}

#[test]
fn floors_rise_and_never_fall() {
    let map = |pairs: &[(&str, f64)]| pairs.iter().map(|&(n, v)| (n.to_owned(), v)).collect::<Measures>();
    let floors = map(&[("a", 0.5), ("b", 0.5), ("gone", 0.5)]);
    let measured = map(&[("a", 0.4), ("b", 0.6789), ("new", 0.3)]);
    assert_eq!(
        wrong(&measured, &floors),
        [
            "a fell to 0.400, below its floor of 0.500",
            "gone has a floor of 0.500 and is not measured",
            "new has no floor"
        ]
    );
    assert_eq!(raised(&measured, &floors), map(&[("a", 0.5), ("b", 0.678), ("gone", 0.5), ("new", 0.3)]));
}
