//! What is found in a sentence or two, case by case: `tests/cases/*.txt`.
//!
//! A case is a line `@ name`, the note, and one line `= kind …` for each finding that it states, with level,
//! side, severity, status and form of the disc in any order; what is left out is not stated, and a status left
//! out is `present`. A side that stands for both is the same as two findings, one for each side.
//!
//! ```text
//! @ the letter L as a side
//! L L4-5 foraminal stenosis, severe.
//! = foraminal_stenosis L4-L5 left severe
//! ```
//!
//! `known.txt` holds the cases that the engine still reads wrongly, each with its cause in a line `! cause`. One that
//! comes right must leave that file for another, so that it cannot go wrong again unseen.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]
#![allow(clippy::print_stdout, reason = "what is known to be wrong is for a person to see")]

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::model::{Context, Finding, FindingKind, Level, Severity, Side, Status, Subtype};

/// A finding as cases state it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fact {
    kind: FindingKind,
    subtype: Option<Subtype>,
    level: Option<Level>,
    side: Option<Side>,
    severity: Option<Severity>,
    status: Status,
}

impl Fact {
    /// Reads `kind value…`; the error is the word that is no value, or that says a second time what was said.
    fn read(line: &str) -> Result<Self, &str> {
        let mut words = line.split_whitespace();
        let kind = words.next().and_then(|word| named(FindingKind::ALL, word)).ok_or(line)?;
        let mut fact =
            Self { kind, subtype: None, level: None, side: None, severity: None, status: Status::Present };
        for word in words {
            let said_before = if let Some(value) = named(Subtype::ALL, word) {
                fact.subtype.replace(value).is_some()
            } else if let Some(value) = named(Side::ALL, word) {
                fact.side.replace(value).is_some()
            } else if let Some(value) = named(Severity::ALL, word) {
                fact.severity.replace(value).is_some()
            } else if let Some(value) = named(Status::ALL, word) {
                std::mem::replace(&mut fact.status, value) != Status::Present
            } else {
                fact.level.replace(word.parse().map_err(|_| word)?).is_some()
            };
            if said_before {
                return Err(word);
            }
        }
        Ok(fact)
    }

    fn of(finding: &Finding) -> Self {
        let &Finding { kind, subtype, level, side, severity, status, .. } = finding;
        Self { kind, subtype, level, side, severity, status }
    }

    /// Both sides as two facts.
    fn by_side(self) -> impl Iterator<Item = Self> {
        let sides = match self.side {
            Some(Side::Bilateral) => [Some(Side::Left), Some(Side::Right)],
            side => [side, side],
        };
        sides.into_iter().map(move |side| Self { side, ..self })
    }
}

/// The value of this name.
fn named<T: Copy + fmt::Display>(all: &[T], name: &str) -> Option<T> {
    all.iter().copied().find(|value| value.to_string() == name)
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        let status = (self.status != Status::Present).then_some(self.status);
        let values = [
            self.subtype.map(|v| v.to_string()),
            self.level.map(|v| v.to_string()),
            self.side.map(|v| v.to_string()),
            self.severity.map(|v| v.to_string()),
            status.map(|v| v.to_string()),
        ];
        values.iter().flatten().try_for_each(|value| write!(f, " {value}"))
    }
}

/// A note and what it states.
struct Case {
    /// File and line of its name.
    place: String,
    name: String,
    note: String,
    facts: BTreeSet<Fact>,
    /// Why the engine reads it wrongly, where that is known.
    cause: Option<String>,
}

impl Case {
    /// What is missed and what is said too much, one a line; empty where the engine reads it as it should.
    fn difference(&self, engine: &Engine) -> Vec<String> {
        let audit = engine.audit(&self.note, &Context::default());
        let got: BTreeSet<Fact> = audit.findings.iter().map(Fact::of).flat_map(Fact::by_side).collect();
        let missed = self.facts.difference(&got).map(|fact| format!("  missed    {fact}"));
        let extra = got.difference(&self.facts).map(|fact| format!("  not there {fact}"));
        missed.chain(extra).collect()
    }
}

fn read_cases(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).unwrap();
    let mut cases: Vec<Case> = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let place = format!("{}:{number}", path.file_name().unwrap().to_string_lossy());
        if let Some(name) = line.strip_prefix("@ ") {
            let (note, facts) = (String::new(), BTreeSet::new());
            cases.push(Case { place, name: name.to_owned(), note, facts, cause: None });
        } else if let Some(case) = cases.last_mut() {
            if let Some(fact) = line.strip_prefix("= ") {
                let fact = Fact::read(fact).unwrap_or_else(|word| panic!("{place}: what is `{word}`?"));
                case.facts.extend(fact.by_side());
            } else if let Some(cause) = line.strip_prefix("! ") {
                case.cause = Some(cause.to_owned());
            } else {
                case.note.push_str(line);
                case.note.push('\n');
            }
        } else {
            assert!(line.is_empty() || line.starts_with("# "), "{place}: before the first case");
        }
    }
    for case in &mut cases {
        case.note.truncate(case.note.trim_end().len());
        assert!(!case.note.is_empty(), "{}: no note", case.place);
    }
    cases
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn engine() -> Engine {
    Engine::new(Lexicon::try_embedded().unwrap()).unwrap()
}

#[test]
fn each_case_is_read_as_a_person_reads_it() {
    let engine = engine();
    let mut paths: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_file() && path.file_name().is_some_and(|name| name != "known.txt"));
    paths.sort();
    let cases: Vec<Case> = paths.iter().flat_map(|path| read_cases(path)).collect();
    let mut wrong = Vec::new();
    for case in &cases {
        let difference = case.difference(&engine);
        if !difference.is_empty() {
            wrong.push(format!("{} {}\n{}\n{}", case.place, case.name, case.note, difference.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}

#[test]
fn what_comes_right_leaves_the_list_of_known_mistakes() {
    let engine = engine();
    let mut right = Vec::new();
    for case in read_cases(&folder().join("known.txt")) {
        let cause = case.cause.as_ref().unwrap_or_else(|| panic!("{}: no cause", case.place));
        if case.difference(&engine).is_empty() {
            right.push(format!("{} {}", case.place, case.name));
        } else {
            println!("still wrong: {} {} ({cause})", case.place, case.name);
        }
    }
    assert!(right.is_empty(), "move these cases to another file of tests/cases:\n{}", right.join("\n"));
}

/// How a list of levels can be laid out: what leads to a level that stands first, or to one that stands last.
const LAYOUTS: &[(&str, &str)] = &[
    ("{level} {said}", ""),
    ("{level}: {said}", ""),
    ("At {level} there is {said}", ""),
    ("{said} at {level}", "last"),
];

/// The orders of three things.
const ORDERS: &[[usize; 3]] = &[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[test]
fn the_order_of_a_list_changes_no_fact() {
    let engine = engine();
    let kinds = [("foraminal stenosis", "foraminal_stenosis"), ("foraminal narrowing", "foraminal_stenosis")];
    let denials = ["no {what}", "no significant {what}", "without {what}"];
    let mut wrong = BTreeSet::new();
    let mut count = 0;
    for (what, kind) in kinds {
        for denial in denials {
            for &(layout, _) in LAYOUTS {
                for separator in [", ", "; ", ". ", " ", " and ", ", and ", "\n"] {
                    let said = [
                        denial.replace("{what}", what),
                        format!("moderate left {what}"),
                        format!("severe bilateral {what}"),
                    ];
                    let levels = ["L2-3", "L3-4", "L5-S1"];
                    let facts: BTreeSet<Fact> = [
                        format!("{kind} L2-L3 absent"),
                        format!("{kind} L3-L4 left moderate"),
                        format!("{kind} L5-S1 bilateral severe"),
                    ]
                    .iter()
                    .flat_map(|fact| Fact::read(fact).unwrap().by_side())
                    .collect();
                    for order in ORDERS {
                        let members =
                            order.map(|i| layout.replace("{level}", levels[i]).replace("{said}", &said[i]));
                        let case = Case {
                            place: String::new(),
                            name: String::new(),
                            note: members.join(separator),
                            facts: facts.clone(),
                            cause: None,
                        };
                        count += 1;
                        if !case.difference(&engine).is_empty() {
                            wrong.insert(format!("{}\n{}", case.note, case.difference(&engine).join("\n")));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n\n{}", wrong.len(), Vec::from_iter(wrong).join("\n\n"));
}
