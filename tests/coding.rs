//! The rules on coding, on facts alone: what each raises and what it lets pass.
//!
//! A case in `tests/cases/coding/*.txt` opens with `@` and what it shows. Its lines give facts: `procedure`, `code`,
//! `diagnosis` (an ICD-10-CM code), `drug`, `finding`, `radiculopathy`, `complaint`, `guidance`, `intent`, and what
//! is known from outside: `type`, `day`, `assumed`, `undated`, `impossible` (a day in no calendar), `today`, `setting`, `payer`. `= CODE level` is a flag
//! that must be raised; no other may be. `! CODE` names a rule that just does not speak.
#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use foramen::checks::{Case, Rules, Settings, coding_flags};
use foramen::codes::CodeTables;
use foramen::model::{
    Audit, CodeSystem, Complaint, Context, Date, DateOrigin, Drug, Evidence, EvidenceList, Finding,
    FindingKind, Guidance, Intent, Level, NoteType, Payer, Procedure, ProcedureFamily, ProcedureStatus,
    Radiculopathy, Role, SectionKind, ServiceDate, Setting, Severity, Side, Stated, StatedCode, Status,
    Substance,
};
use foramen::text::Span;

/// Packs whose rules the cases prove.
const PACKS: [&str; 7] = ["codes", "region", "counting", "modifiers", "bundling", "drugs", "diagnosis"];

struct Sample {
    place: String,
    title: String,
    facts: Vec<String>,
    expected: Vec<String>,
    spared: Vec<String>,
}

fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/coding");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut samples: Vec<Sample> = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        for (at, line) in text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            if let Some(title) = line.strip_prefix("@ ") {
                samples.push(Sample {
                    place: format!("{name}:{}", at + 1),
                    title: title.to_owned(),
                    facts: Vec::new(),
                    expected: Vec::new(),
                    spared: Vec::new(),
                });
                continue;
            }
            let sample = samples.last_mut().expect("a case opens with @");
            match line.split_once(' ') {
                Some(("=", flag)) => sample.expected.push(flag.to_owned()),
                Some(("!", code)) => sample.spared.extend(code.split(' ').map(str::to_owned)),
                _ => sample.facts.push(line.to_owned()),
            }
        }
    }
    samples
}

/// The value of a name, among all of a kind.
fn one_of<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, word: &str) -> Option<T> {
    all.iter().copied().find(|&value| name(value) == word)
}

/// Builds an audit line by line; each fact gets a place of its own.
struct Builder {
    audit: Audit,
    context: Context,
    next: u32,
}

impl Builder {
    fn new(facts: &[String]) -> Self {
        let mut audit = Audit::empty(NoteType::Procedure);
        audit.service = Some(ServiceDate { day: "2026-03-02".parse().unwrap(), origin: DateOrigin::Given });
        let mut builder = Self { audit, context: Context::default(), next: 0 };
        for fact in facts {
            let (kind, rest) = fact.split_once(' ').unwrap_or((fact, ""));
            builder.read(kind, rest).unwrap_or_else(|| panic!("not a fact: {fact}"));
        }
        builder
    }

    fn span(&mut self) -> Span {
        self.next += 10;
        Span::new(self.next, self.next + 5)
    }

    fn evidence(&mut self) -> EvidenceList {
        let span = self.span();
        std::iter::once(Evidence { role: Role::Anchor, span }).collect()
    }

    fn read(&mut self, kind: &str, rest: &str) -> Option<()> {
        let words: Vec<&str> = rest.split_whitespace().collect();
        let day = || rest.parse::<Date>().ok();
        match kind {
            "procedure" => self.procedure(&words)?,
            "code" => self.code(&words, None)?,
            "diagnosis" => self.code(&words, Some(CodeSystem::Icd10Cm))?,
            "drug" => self.drug(&words)?,
            "finding" => self.finding(&words)?,
            "radiculopathy" => self.radiculopathy(&words)?,
            "complaint" => {
                let value = one_of(Complaint::ALL, Complaint::name, words.first()?)?;
                let status = one_of(Status::ALL, Status::name, words.get(1)?)?;
                let span = self.span();
                self.audit.encounter.complaints.push((Stated { value, span }, status));
            }
            "guidance" => {
                let value = one_of(Guidance::ALL, Guidance::name, rest)?;
                self.audit.encounter.guidance = Some(Stated { value, span: self.span() });
            }
            "intent" => {
                let value = one_of(Intent::ALL, Intent::name, rest)?;
                self.audit.encounter.intent = Some(Stated { value, span: self.span() });
            }
            "type" => self.audit.note_type = one_of(NoteType::ALL, NoteType::name, rest)?,
            "day" => self.audit.service = Some(ServiceDate { day: day()?, origin: DateOrigin::Given }),
            "assumed" => self.audit.service = Some(ServiceDate { day: day()?, origin: DateOrigin::Assumed }),
            "impossible" => self.audit.impossible_date = Some(self.span()),
            "undated" => self.audit.service = None,
            "today" => self.context.today = day(),
            "setting" => self.context.setting = one_of(Setting::ALL, Setting::name, rest),
            "payer" => self.context.payer = one_of(Payer::ALL, Payer::name, rest),
            _ => return None,
        }
        Some(())
    }

    /// `FAMILY LEVEL… SIDE STATUS`, a record for each level.
    fn procedure(&mut self, words: &[&str]) -> Option<()> {
        let (family, words) = words.split_first()?;
        let family = one_of(ProcedureFamily::ALL, ProcedureFamily::name, family)?;
        let (mut side, mut status, mut levels) = (None, ProcedureStatus::Performed, Vec::new());
        for word in words {
            if let Some(s) = one_of(Side::ALL, Side::name, word) {
                side = Some(s);
            } else if let Some(s) = one_of(ProcedureStatus::ALL, ProcedureStatus::name, word) {
                status = s;
            } else {
                levels.push(Some(word.parse::<Level>().ok()?));
            }
        }
        if levels.is_empty() {
            levels.push(None);
        }
        for level in levels {
            let evidence = self.evidence();
            let section = SectionKind::Procedure;
            self.audit.procedures.push(Procedure { family, level, side, status, section, evidence });
        }
        Some(())
    }

    /// `CODE-MODIFIER… xUNITS @section`, with `x?` for units that are no number and `past` for an earlier service.
    fn code(&mut self, words: &[&str], system: Option<CodeSystem>) -> Option<()> {
        let mut parts = words.first()?.split('-').map(str::to_owned);
        let code = parts.next()?;
        let cpt = code.starts_with(|c: char| c.is_ascii_digit());
        let system = system.unwrap_or(if cpt { CodeSystem::Cpt } else { CodeSystem::Hcpcs });
        let (mut units, mut section) = (None, SectionKind::Procedure);
        let (mut has_broken_units, mut is_past) = (false, false);
        for word in words.iter().skip(1) {
            match word.split_at(1) {
                ("x", "?") => has_broken_units = true,
                ("p", "ast") => is_past = true,
                ("x", number) => units = Some(number.parse().ok()?),
                ("@", name) => section = one_of(SectionKind::ALL, SectionKind::name, name)?,
                _ => return None,
            }
        }
        let span = self.span();
        let modifiers = parts.collect();
        self.audit.codes.push(StatedCode {
            system,
            code,
            modifiers,
            units,
            has_broken_units,
            is_past,
            section,
            span,
        });
        Some(())
    }

    /// `NAME DOSE WASTED`, in mg.
    fn drug(&mut self, words: &[&str]) -> Option<()> {
        let amount = |at: usize| words.get(at).and_then(|word| word.parse::<f64>().ok());
        let drug = Drug {
            substance: one_of(Substance::ALL, Substance::name, words.first()?)?,
            dose_mg: amount(1),
            is_computed: false,
            volume_ml: None,
            mg_per_ml: None,
            wasted_mg: amount(2),
            for_skin: false,
            span: self.span(),
        };
        self.audit.encounter.drugs.push(drug);
        Some(())
    }

    /// `KIND LEVEL SIDE SEVERITY STATUS`.
    fn finding(&mut self, words: &[&str]) -> Option<()> {
        let (kind, words) = words.split_first()?;
        let kind = one_of(FindingKind::ALL, FindingKind::name, kind)?;
        let mut finding = Finding { evidence: self.evidence(), ..Finding::of(kind) };
        for word in words {
            if let Some(side) = one_of(Side::ALL, Side::name, word) {
                finding.side = Some(side);
            } else if let Some(severity) = one_of(Severity::ALL, Severity::name, word) {
                finding.severity = Some(severity);
            } else if let Some(status) = one_of(Status::ALL, Status::name, word) {
                finding.status = status;
            } else {
                finding.level = Some(word.parse().ok()?);
            }
        }
        self.audit.findings.push(finding);
        Some(())
    }

    /// `ROOT SIDE STATUS`.
    fn radiculopathy(&mut self, words: &[&str]) -> Option<()> {
        let evidence = self.evidence();
        let mut found = Radiculopathy { root: None, side: None, status: Status::Present, evidence };
        for word in words {
            if let Some(side) = one_of(Side::ALL, Side::name, word) {
                found.side = Some(side);
            } else if let Some(status) = one_of(Status::ALL, Status::name, word) {
                found.status = status;
            } else {
                found.root = Some(word.parse().ok()?);
            }
        }
        self.audit.radiculopathies.push(found);
        Some(())
    }
}

struct Bench {
    rules: Rules,
    tables: CodeTables,
    settings: Settings,
}

impl Bench {
    fn new() -> Self {
        let (rules, tables) = (Rules::embedded().unwrap(), CodeTables::embedded().unwrap());
        Self { rules, tables, settings: Settings::default() }
    }

    fn flags(&self, facts: &[String]) -> Vec<foramen::model::Flag> {
        let Builder { audit, context, .. } = Builder::new(facts);
        let (tables, settings) = (&self.tables, &self.settings);
        coding_flags(&self.rules, Case { audit: &audit, context: &context, tables, settings })
    }
}

#[test]
fn every_case_raises_what_it_says_and_nothing_else() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for sample in samples() {
        let flags = bench.flags(&sample.facts);
        let mut raised: Vec<String> = flags.iter().map(|f| format!("{} {}", f.rule, f.level)).collect();
        let mut expected = sample.expected.clone();
        raised.sort();
        expected.sort();
        if raised != expected {
            let messages: Vec<&str> = flags.iter().map(|f| f.message.as_str()).collect();
            wrong.push(format!(
                "{} {}: {raised:?}, not {expected:?}\n  {messages:?}",
                sample.place, sample.title
            ));
        }
        for flag in &flags {
            let message = &flag.message;
            let is_whole =
                !message.contains(['{', '}']) && !message.contains("  ") && !message.contains("()");
            assert!(is_whole && !message.ends_with([' ', ':']), "{}: {message}", sample.place);
            assert!(!flag.evidence.is_empty(), "{}: {} points at nothing", sample.place, flag.rule);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_speaks_in_three_cases_and_is_spared_in_three() {
    let bench = Bench::new();
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for sample in samples() {
        for flag in &sample.expected {
            let (code, _) = flag.split_once(' ').expect("a code and a level");
            counts.entry(code.to_owned()).or_default().0 += 1;
        }
        for code in &sample.spared {
            assert!(sample.expected.iter().all(|flag| !flag.starts_with(code.as_str())), "{}", sample.place);
            counts.entry(code.clone()).or_default().1 += 1;
        }
    }
    let packs = bench.rules.packs().iter().filter(|pack| PACKS.contains(&pack.name.as_str()));
    let codes: Vec<&str> = packs.flat_map(|pack| &pack.rules).map(|rule| rule.code.as_str()).collect();
    let few = |code: &&&str| counts.get(**code).is_none_or(|(speaks, spared)| *speaks < 3 || *spared < 3);
    let short: Vec<_> = codes.iter().filter(few).map(|code| (code, counts.get(*code))).collect();
    assert!(short.is_empty(), "too few cases: {short:?}");
    assert!(counts.keys().all(|code| codes.contains(&code.as_str())), "a case names no rule of these packs");
}

#[test]
fn an_assumed_day_is_named_and_weighs_little() {
    let bench = Bench::new();
    let facts = ["assumed 2026-03-02", "procedure interlaminar_esi L4-L5", "code 62323", "code J1030"];
    let flags = bench.flags(&facts.map(str::to_owned));
    let [flag] = flags.as_slice() else { panic!("one flag: {flags:?}") };
    assert_eq!((flag.rule, flag.level.name()), ("COD004", "info"));
    assert_eq!(
        flag.message,
        "J1030 ended on 2024-03-31, before the day of service; in its place: J1010 for each mg (judged by the \
         rules of 2026-03-02, which is assumed: no day of service is given)"
    );
}

#[test]
fn messages_name_what_disagrees() {
    let bench = Bench::new();
    for (facts, expected) in [
        (
            "procedure medial_branch_block L3 L4 L5 left/code 64493-LT/code 64494-LT/code 64495-LT",
            "64493 with 64494, 64495 stands for 3 joints; the 3 documented nerves serve 2",
        ),
        (
            "procedure transforaminal_esi L4-L5 right/code 64479-RT",
            "64479 (Epidural injection through a foramen, cervical or thoracic, first level) does not fit the \
             documented level: L4-L5",
        ),
        (
            "procedure interlaminar_esi L4-L5/drug triamcinolone_acetonide 40/code 62323/code J3301 x40",
            "J3301, 40 units of 10 mg: the note documents 40 mg of triamcinolone acetonide, which is 4",
        ),
        (
            "procedure interlaminar_esi L4-L5/code 62323/diagnosis M54.16/diagnosis M51.16",
            "M54.16 and M51.16 exclude each other (Excludes1)",
        ),
    ] {
        let flags = bench.flags(&facts.split('/').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(flags.iter().map(|f| f.message.as_str()).collect::<Vec<_>>(), [expected]);
    }
}
