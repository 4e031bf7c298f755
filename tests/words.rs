//! The rules on the foramen, on contradictions and on coverage, from the words of a note to the rules that speak.
//!
//! A case in `tests/cases/coverage/*.txt` opens with `@` and what it shows. `%` gives what is known from outside: `type`
//! (else a procedure note), `day`, `earlier` (a day, family, level and side). `= CODE` is a rule that must speak; no other
//! of these packs may. `! CODE` names a rule that just does not speak.
#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use foramen::Engine;
use foramen::checks::{Rules, Settings};
use foramen::lexicon::Lexicon;
use foramen::model::{Context, NoteType};

use earlier::earlier;

mod earlier;

/// Packs whose rules the cases prove.
const PACKS: [&str; 4] = ["neuroforamen", "contradictions", "lcd-esi", "lcd-facet"];

#[derive(Default)]
struct Case {
    place: String,
    note: String,
    context: Context,
    expected: Vec<String>,
    spared: Vec<String>,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/coverage");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut cases: Vec<Case> = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            if let Some(title) = line.strip_prefix("@ ") {
                let context = Context { note_type: Some(NoteType::Procedure), ..Context::default() };
                cases.push(Case { place: format!("{name}:{} {title}", at + 1), context, ..Case::default() });
                continue;
            }
            let Some(case) = cases.last_mut() else { continue };
            match line.split_once(' ') {
                Some(("=", code)) => case.expected.push(code.to_owned()),
                Some(("!", codes)) => case.spared.extend(codes.split(' ').map(str::to_owned)),
                Some(("%", known)) => match known.split_once(' ').unwrap() {
                    ("type", name) => {
                        case.context.note_type = NoteType::ALL.iter().copied().find(|t| t.name() == name);
                        assert!(case.context.note_type.is_some(), "{}: {name}", case.place);
                    }
                    ("day", day) => case.context.service_date = Some(day.parse().unwrap()),
                    ("earlier", facts) => case.context.earlier.push(earlier(facts)),
                    (other, _) => panic!("{}: nothing is known as {other}", case.place),
                },
                _ => case.note = format!("{}{line}\n", case.note),
            }
        }
    }
    cases
}

fn engine() -> Engine {
    let packs = Some(PACKS.map(str::to_owned).to_vec());
    Engine::with_settings(Lexicon::embedded(), Settings { packs, ..Settings::default() }).unwrap()
}

#[test]
fn every_case_raises_what_it_says_and_nothing_else() {
    let engine = engine();
    let mut wrong = Vec::new();
    for case in cases() {
        let audit = engine.audit(case.note.trim(), &case.context);
        let gaps = audit.gaps.iter().map(|gap| gap.rule);
        let mut raised: Vec<_> = gaps.chain(audit.flags.iter().map(|flag| flag.rule)).collect();
        let mut expected = case.expected.clone();
        raised.sort_unstable();
        expected.sort_unstable();
        if raised != expected {
            wrong.push(format!("{}: {raised:?}, not {expected:?}", case.place));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_speaks_in_three_cases_and_is_spared_in_three() {
    let rules = Rules::embedded().unwrap();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let packs = rules.packs().iter().filter(|pack| PACKS.contains(&pack.name.as_str()));
    for rule in packs.flat_map(|pack| &pack.rules) {
        counts.insert(&rule.code, (0, 0));
    }
    for case in cases() {
        for code in &case.expected {
            counts.get_mut(code.as_str()).unwrap_or_else(|| panic!("{}: {code}", case.place)).0 += 1;
        }
        for code in &case.spared {
            assert!(!case.expected.contains(code), "{}", case.place);
            counts.get_mut(code.as_str()).unwrap_or_else(|| panic!("{}: {code}", case.place)).1 += 1;
        }
    }
    counts.retain(|_, (speaks, spared)| *speaks < 3 || *spared < 3);
    assert!(counts.is_empty(), "too few cases: {counts:?}");
}
