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

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::coverage::{Contractors, Limit, Limits, TableError};
use super::rule::Rule;
use super::{AnswerWords, Settings};

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
const ANSWERS: (&str, &str) = ("answers.toml", include_str!("../../lexicons/rules/answers.toml"));
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pack {
    /// Its name in settings.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// Whether it runs where the user names no packs.
    pub is_default: bool,
    /// The codes that several of its rules name, each list under what its codes are to them.
    pub codes: BTreeMap<String, Vec<String>>,
    /// Its rules, in the order of their codes.
    pub rules: Vec<Rule>,
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
    pub(super) policy: PolicyWords,
}

/// How messages name the policy that a rule of coverage stands on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyWords {
    pub(super) named: String,
    pub(super) unset: String,
}

/// All rules, the words that queries and flags share, and the tables that they measure by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    packs: Vec<Pack>,
    /// The place of each rule by its code: its pack among the packs, and its own in that.
    places: FxHashMap<String, (usize, usize)>,
    pub(super) frame: Frame,
    pub(super) wording: Wording,
    answers: AnswerWords,
    contractors: Contractors,
    limits: Limits,
}

impl Rules {
    /// The rules that the library carries.
    ///
    /// # Errors
    /// When a rule file is broken, which the project's tests rule out.
    pub fn embedded() -> Result<Self, RulesError> {
        let mut codes = BTreeSet::new();
        let packs: Vec<Pack> =
            PACKS.iter().map(|&(file, text)| read_pack(file, text, &mut codes)).collect::<Result<_, _>>()?;
        Ok(Self {
            places: places(&packs),
            packs,
            frame: parse(FRAME.0, FRAME.1)?,
            wording: parse(WORDING.0, WORDING.1)?,
            answers: parse(ANSWERS.0, ANSWERS.1)?,
            contractors: Contractors::embedded()?,
            limits: Limits::embedded()?,
        })
    }

    /// The rules that the settings switch on, with the limits that they set; all others are gone.
    ///
    /// # Errors
    /// When the settings name a pack or a rule that there is not.
    pub fn chosen(mut self, settings: &Settings) -> Result<Self, RulesError> {
        if let Some(name) = settings.packs.iter().flatten().find(|name| self.pack(name).is_none()) {
            let known: Vec<&str> = self.packs.iter().map(|pack| pack.name.as_str()).collect();
            return Err(RulesError::NoPack { name: name.clone(), known: known.join(", ") });
        }
        let mut codes = settings.select.iter().chain(&settings.ignore);
        if let Some(code) = codes.find(|code| !self.iter().any(|rule| begins(&rule.code, code))) {
            return Err(RulesError::NoRule { code: code.clone() });
        }
        for pack in &mut self.packs {
            let is_on = match &settings.packs {
                Some(packs) => packs.contains(&pack.name),
                None => pack.is_default,
            };
            let is_selected = |code: &str| settings.select.iter().any(|start| begins(code, start));
            let is_ignored = |code: &str| settings.ignore.iter().any(|start| begins(code, start));
            let is_wanted = |code: &str| if settings.select.is_empty() { is_on } else { is_selected(code) };
            pack.rules.retain(|rule| is_wanted(&rule.code) && !is_ignored(&rule.code));
        }
        self.packs.retain(|pack| !pack.rules.is_empty());
        self.places = places(&self.packs);
        self.limits.overlay(&settings.limits);
        Ok(self)
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

    /// The value of a limit, as the table or the user has it.
    pub fn limit(&self, limit: Limit) -> Option<u32> {
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

    /// How answers are worded when they are put into a note.
    pub const fn answers(&self) -> &AnswerWords {
        &self.answers
    }

    /// The codes that a rule, or else its pack, lists under a name.
    pub(super) fn listed(&self, rule: &str, list: &str) -> &[String] {
        let found = self.find(rule);
        let listed = found.and_then(|(pack, rule)| rule.codes.get(list).or_else(|| pack.codes.get(list)));
        listed.map_or(&[], Vec::as_slice)
    }

    /// The rule of a code.
    pub fn get(&self, code: &str) -> Option<&Rule> {
        self.find(code).map(|(_, rule)| rule)
    }

    /// The rule of a code, and its pack.
    fn find(&self, code: &str) -> Option<(&Pack, &Rule)> {
        let &(pack, rule) = self.places.get(code)?;
        let pack = self.packs.get(pack)?;
        Some((pack, pack.rules.get(rule)?))
    }
}

/// The place of each rule by its code.
fn places(packs: &[Pack]) -> FxHashMap<String, (usize, usize)> {
    let of_pack = |(at, pack): (usize, &Pack)| -> Vec<(String, (usize, usize))> {
        pack.rules.iter().enumerate().map(|(i, rule)| (rule.code.clone(), (at, i))).collect()
    };
    packs.iter().enumerate().flat_map(of_pack).collect()
}

/// Whether a code is `start` or begins with it. Case does not matter.
fn begins(code: &str, start: &str) -> bool {
    code.get(..start.len()).is_some_and(|head| !start.is_empty() && head.eq_ignore_ascii_case(start))
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
    #[serde(default)]
    codes: BTreeMap<String, Vec<String>>,
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
    let PackHead { name, title, summary, default: is_default, codes } = pack;
    Ok(Pack { name, title, summary, is_default, codes, rules })
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
        let contradictions = rules.pack("contradictions").unwrap();
        // The rule on symptoms names their root alone.
        let of_findings = contradictions.rules.iter().filter(|rule| rule.code != "NC005");
        for message in of_findings.filter_map(|rule| rule.message.as_deref()) {
            let plain = fill(message, &[("finding", "~"), ("first", "~"), ("second", "~")]);
            assert_eq!(plain.matches('~').count(), 3, "{message}");
            assert_eq!(message.matches('{').count(), 3, "{message}");
        }
    }

    fn codes(settings: &Settings) -> Vec<String> {
        let rules = Rules::embedded().unwrap().chosen(settings).unwrap();
        rules.iter().map(|rule| rule.code.clone()).collect()
    }

    #[test]
    fn packs_codes_and_beginnings_of_codes_choose_rules() {
        let list = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect::<Vec<_>>();
        let default = codes(&Settings::default());
        assert!(default.contains(&"NF001".to_owned()) && !default.iter().any(|code| code.starts_with("ESI")));
        let neuroforamen = Settings { packs: Some(list(&["neuroforamen"])), ..Settings::default() };
        assert_eq!(codes(&neuroforamen), ["NF001", "NF002", "NF003", "NF004"]);
        let ignored = Settings { ignore: list(&["nf00", "NC"]), ..neuroforamen };
        assert_eq!(codes(&ignored), [""; 0]);
        let selected = Settings { select: list(&["NF003", "ESI001"]), ignore: vec![], ..Settings::default() };
        assert_eq!(codes(&selected), ["NF003", "ESI001"]);
        let both = Settings { select: list(&["NF"]), ignore: list(&["NF004"]), ..Settings::default() };
        assert_eq!(codes(&both), ["NF001", "NF002", "NF003"]);
    }

    #[test]
    fn what_there_is_not_cannot_be_chosen() {
        let error =
            |settings: Settings| Rules::embedded().unwrap().chosen(&settings).unwrap_err().to_string();
        let pack = error(Settings { packs: Some(vec!["lcd".into()]), ..Settings::default() });
        assert!(pack.starts_with("no pack `lcd`: there are neuroforamen, "), "{pack}");
        for settings in [
            Settings { select: vec!["NF9".into()], ..Settings::default() },
            Settings { ignore: vec!["NF9".into()], ..Settings::default() },
        ] {
            assert!(error(settings).starts_with("no rule `NF9`"));
        }
        assert!(
            error(Settings { ignore: vec![String::new()], ..Settings::default() }).starts_with("no rule ``")
        );
    }
}
