//! The rules as data: what each asks for, why, on whose word, and in which words.
//!
//! The files in `lexicons/rules` are part of the library; [`Rules::embedded`] reads them once, for the engine and
//! for the pages in `docs/rules`.
//!
//! ```
//! let rules = foramen::checks::Rules::embedded().unwrap();
//! assert_eq!(rules.get("NF003").map(|rule| rule.code.as_str()), Some("NF003"));
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::coverage::{Contractors, Limit, Limits, TableError};
use crate::model::{Date, Element, FlagLevel, NoteType, Payer, Setting};

/// The packs, in the order in which they are listed.
const PACKS: &[(&str, &str)] = &[
    ("neuroforamen.toml", include_str!("../../lexicons/rules/neuroforamen.toml")),
    ("contradictions.toml", include_str!("../../lexicons/rules/contradictions.toml")),
    ("codes.toml", include_str!("../../lexicons/rules/codes.toml")),
    ("region.toml", include_str!("../../lexicons/rules/region.toml")),
    ("counting.toml", include_str!("../../lexicons/rules/counting.toml")),
    ("modifiers.toml", include_str!("../../lexicons/rules/modifiers.toml")),
    ("bundling.toml", include_str!("../../lexicons/rules/bundling.toml")),
    ("drugs.toml", include_str!("../../lexicons/rules/drugs.toml")),
    ("diagnosis.toml", include_str!("../../lexicons/rules/diagnosis.toml")),
    ("lcd-esi.toml", include_str!("../../lexicons/rules/lcd-esi.toml")),
    ("lcd-facet.toml", include_str!("../../lexicons/rules/lcd-facet.toml")),
];

const FRAME: (&str, &str) = ("query.toml", include_str!("../../lexicons/rules/query.toml"));
const WORDING: (&str, &str) = ("wording.toml", include_str!("../../lexicons/rules/wording.toml"));

/// A rule file does not say what it must.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// It is no TOML, or has a key or value that rules do not have.
    #[error("{file}: {source}")]
    Syntax {
        /// Name of the file.
        file: &'static str,
        /// What is wrong, with line and column.
        source: Box<toml::de::Error>,
    },
    /// Two rules have one code.
    #[error("{file}: the code {code} is given twice: give the later rule another")]
    Duplicate {
        /// Name of the file.
        file: &'static str,
        /// The code.
        code: String,
    },
    /// A day of effect, or of an example, is no calendar day.
    #[error("{file}: {code}: write days as YYYY-MM-DD")]
    Day {
        /// Name of the file.
        file: &'static str,
        /// The rule's code.
        code: String,
    },
    /// A table is broken.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A pack is wanted that there is not.
    #[error("no pack `{name}`: there are {known}")]
    NoPack {
        /// The name as given.
        name: String,
        /// The packs that there are.
        known: String,
    },
    /// Rules are selected or ignored that there are not.
    #[error("no rule `{code}`, and none that begins so: `foramen rules` lists them")]
    NoRule {
        /// The code as given.
        code: String,
    },
}

/// A set of rules that a user switches on as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Its name in settings.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// Whether it runs where the user names no packs.
    pub is_default: bool,
    /// Its rules, in the order of their codes.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its stable code.
    pub code: String,
    /// What a note that breaks it has.
    pub title: String,
    /// How much it weighs.
    pub level: FlagLevel,
    /// The element that it requires, for rules whose breach is a gap.
    pub element: Option<Element>,
    /// When it speaks.
    pub summary: String,
    /// Why it matters.
    pub why: String,
    /// On whose word.
    pub sources: Vec<String>,
    /// First day of service that it holds for, `YYYY-MM-DD`.
    pub effective_from: Option<String>,
    /// Last day of service that it holds for, `YYYY-MM-DD`.
    pub effective_to: Option<String>,
    /// The setting that tunes it.
    pub setting: Option<String>,
    /// What is often said of its matter, and is wrong or stale.
    pub correction: Option<String>,
    /// The codes that it names, each list under what its codes are to the rule.
    #[serde(default)]
    pub codes: BTreeMap<String, Vec<String>>,
    /// How its gap is asked for.
    pub query: Option<QueryTemplate>,
    /// What its flag says; names in braces stand for values.
    pub message: Option<String>,
    /// A note that breaks it.
    pub bad: Example,
    /// A note that keeps it, and every other rule of its pack.
    pub good: Example,
}

impl Rule {
    /// Whether it holds for services of a day; where none is known, whether it holds still.
    pub fn is_in_effect(&self, day: Option<Date>) -> bool {
        // Days as `YYYY-MM-DD` compare as texts.
        let day = day.map(|day| day.to_string());
        let begun = |from: &String| day.as_ref().is_none_or(|day| from <= day);
        let lasts = |to: &String| day.as_ref().is_some_and(|day| day <= to);
        self.effective_from.as_ref().is_none_or(begun) && self.effective_to.as_ref().is_none_or(lasts)
    }

    /// Whether it holds for a stretch of time only.
    pub const fn is_dated(&self) -> bool {
        self.effective_from.is_some() || self.effective_to.is_some()
    }
}

/// How an element is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryTemplate {
    /// The element as the object of "please document".
    pub ask: String,
    /// The answers to choose from.
    pub options: Vec<String>,
    /// Whether the levels that the note itself names are answers too.
    #[serde(default)]
    pub levels_of_note: bool,
}

/// A note that shows a rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What the note was written for.
    pub note_type: NoteType,
    /// Its text.
    pub note: String,
    /// The day of service, `YYYY-MM-DD`.
    pub service_date: Option<String>,
    /// The day on which it is read, `YYYY-MM-DD`.
    pub today: Option<String>,
    /// Where the service was given.
    pub setting: Option<Setting>,
    /// Who pays.
    pub payer: Option<Payer>,
    /// Earlier services of the patient: each its day, family, level and side.
    #[serde(default)]
    pub earlier: Vec<String>,
}

/// The frame of every query, from `query.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Frame {
    pub(super) cite: String,
    pub(super) describe: String,
    pub(super) ask_finding: String,
    pub(super) ask_procedure: String,
    pub(super) ask_note: String,
    pub(super) and: String,
    pub(super) always: Vec<String>,
}

/// The words that flags share, from `wording.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wording {
    pub(super) assumed: String,
    pub(super) instead: String,
    pub(super) policy: String,
    pub(super) no_policy: String,
}

/// All rules, the frame of their queries, the words that flags share, and the tables that coverage is measured by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    pub(super) packs: Vec<Pack>,
    pub(super) frame: Frame,
    pub(super) wording: Wording,
    contractors: Contractors,
    pub(super) limits: Limits,
}

impl Rules {
    /// The rules that the library carries.
    ///
    /// # Errors
    /// When a rule file is broken, which the project's tests rule out.
    pub fn embedded() -> Result<Self, RulesError> {
        let mut codes = BTreeSet::new();
        let packs =
            PACKS.iter().map(|&(file, text)| read_pack(file, text, &mut codes)).collect::<Result<_, _>>()?;
        Ok(Self {
            packs,
            frame: parse(FRAME.0, FRAME.1)?,
            wording: parse(WORDING.0, WORDING.1)?,
            contractors: Contractors::embedded()?,
            limits: Limits::embedded()?,
        })
    }

    /// The packs.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// The pack of a name.
    pub fn pack(&self, name: &str) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.name == name)
    }

    /// Medicare's contractors and their policies.
    pub const fn contractors(&self) -> &Contractors {
        &self.contractors
    }

    pub(super) fn limit(&self, limit: Limit) -> Option<u32> {
        self.limits.get(limit)
    }

    /// The rules of all packs.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.packs.iter().flat_map(|pack| &pack.rules)
    }

    /// The answers that every query offers beside its own, so that none is forced.
    pub fn open_answers(&self) -> &[String] {
        &self.frame.always
    }

    /// The rule of a code.
    pub fn get(&self, code: &str) -> Option<&Rule> {
        self.iter().find(|rule| rule.code == code)
    }
}

/// `template` with each `{name}` replaced.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(values.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value));
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    pack: PackHead,
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackHead {
    name: String,
    title: String,
    summary: String,
    #[serde(default = "is_default")]
    default: bool,
}

const fn is_default() -> bool {
    true
}

fn parse<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, RulesError> {
    toml::from_str(text).map_err(|source| RulesError::Syntax { file, source: Box::new(source) })
}

fn read_pack(file: &'static str, text: &str, codes: &mut BTreeSet<String>) -> Result<Pack, RulesError> {
    let PackFile { pack, rule: rules } = parse(file, text)?;
    for rule in &rules {
        if !codes.insert(rule.code.clone()) {
            return Err(RulesError::Duplicate { file, code: rule.code.clone() });
        }
        let examples = [&rule.bad, &rule.good].into_iter();
        let examples = examples.flat_map(|example| example.service_date.iter().chain(&example.today));
        if !rule.effective_from.iter().chain(&rule.effective_to).chain(examples).all(|day| is_day(day)) {
            return Err(RulesError::Day { file, code: rule.code.clone() });
        }
    }
    Ok(Pack { name: pack.name, title: pack.title, summary: pack.summary, is_default: pack.default, rules })
}

/// Whether the text is a day as `YYYY-MM-DD`; such days compare as texts.
fn is_day(text: &str) -> bool {
    text.parse::<toml::value::Datetime>().is_ok_and(|d| d.date.is_some() && d.time.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(rules: &[(&str, &str)]) -> String {
        let example = r#"{ note_type = "other", note = "x" }"#;
        let rule = |&(code, more): &(&str, &str)| {
            format!(
                "[[rule]]\ncode = \"{code}\"\ntitle = \"t\"\nlevel = \"info\"\nsummary = \"s\"\nwhy = \"w\"\n\
                 sources = []\nbad = {example}\ngood = {example}\n{more}\n"
            )
        };
        let rules: String = rules.iter().map(rule).collect();
        format!("[pack]\nname = \"p\"\ntitle = \"t\"\nsummary = \"s\"\n{rules}")
    }

    fn error(text: &str) -> String {
        read_pack("p.toml", text, &mut BTreeSet::new()).unwrap_err().to_string()
    }

    #[test]
    fn broken_files_say_where_and_what() {
        let unknown = error(&pack(&[("A1", "colour = 1")]));
        assert!(
            unknown.contains("p.toml") && unknown.contains("line 14") && unknown.contains("colour"),
            "{unknown}"
        );
        let twice = error(&pack(&[("A1", ""), ("A2", ""), ("A1", "")]));
        assert_eq!(twice, "p.toml: the code A1 is given twice: give the later rule another");
        for day in ["2024-13-01", "2024-1-1", "2024", "2024-01-01T10:00:00", "soon"] {
            let wrong = error(&pack(&[("A1", &format!("effective_to = \"{day}\""))]));
            assert_eq!(wrong, "p.toml: A1: write days as YYYY-MM-DD", "{day}");
        }
    }

    #[test]
    fn days_of_effect_are_kept() {
        let text = pack(&[("A1", "effective_from = \"2021-12-05\"")]);
        let pack = read_pack("p.toml", &text, &mut BTreeSet::new()).unwrap();
        assert_eq!(pack.rules[0].effective_from.as_deref(), Some("2021-12-05"));
    }

    #[test]
    fn a_rule_holds_from_its_first_day_to_its_last() {
        let text =
            pack(&[("A1", "effective_from = \"2021-12-05\"\neffective_to = \"2023-01-01\""), ("A2", "")]);
        let pack = read_pack("p.toml", &text, &mut BTreeSet::new()).unwrap();
        let holds = |rule: usize, day: &str| pack.rules[rule].is_in_effect(day.parse().ok());
        for (day, expected) in [
            ("2021-12-04", false),
            ("2021-12-05", true),
            ("2023-01-01", true),
            ("2023-01-02", false),
            ("unknown", false),
        ] {
            assert_eq!((holds(0, day), holds(1, day)), (expected, true), "{day}");
        }
    }

    #[test]
    fn templates_are_filled_and_never_looped() {
        let values = [("a", "{b}"), ("b", "2")];
        for (template, filled) in [
            ("{a} and {b}", "{b} and 2"),
            ("plain", "plain"),
            ("{unknown}!", "!"),
            ("open {b", "open 2"),
            ("", ""),
        ] {
            assert_eq!(fill(template, &values), filled, "{template}");
        }
    }

    #[test]
    fn messages_on_contradictions_have_only_the_placeholders_that_are_filled() {
        let rules = Rules::embedded().unwrap();
        let contradictions = rules.iter().filter(|rule| rule.code.starts_with("NC"));
        for message in contradictions.filter_map(|rule| rule.message.as_deref()) {
            let plain = fill(message, &[("finding", "~"), ("first", "~"), ("second", "~")]);
            assert_eq!(plain.matches('~').count(), 3, "{message}");
            assert_eq!(message.matches('{').count(), 3, "{message}");
        }
    }
}
