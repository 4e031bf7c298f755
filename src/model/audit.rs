//! Everything that is found in one note, as plain data over byte spans of that note.
//!
//! No text is copied here: a fact points at its words with [`Evidence`], and whoever prints it cuts the words
//! out of the note. Unknown is `None`, never a guess.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::text::Span;

use super::values::names;
use super::{
    CorrelationStatus, Date, Drug, Element, Encounter, FindingKind, Guidance, Level, NoteType, Procedure,
    ProcedureStatus, SectionKind, ServiceDate, Severity, Side, StatedCode, Status, Subtype, Vertebra,
};

/// The part that a stretch of words plays in a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The words that make the fact: what is said to be narrowed, compressed, displaced.
    Anchor,
    /// The structure, where it stands apart from the anchor.
    Structure,
    /// The level.
    Level,
    /// The side.
    Side,
    /// The severity.
    Severity,
    /// The nerve root.
    Root,
    /// The words that deny, hedge, date or condition it.
    Cue,
    /// A symptom or sign.
    Symptom,
    /// An imaging statement.
    Imaging,
    /// The words that join two things.
    Link,
    /// A treatment.
    Treatment,
}

names!(Role {
    Anchor = "anchor",
    Structure = "structure",
    Level = "level",
    Side = "side",
    Severity = "severity",
    Root = "root",
    Cue = "cue",
    Symptom = "symptom",
    Imaging = "imaging",
    Link = "link",
    Treatment = "treatment",
});

/// Words of the note that prove a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// What they prove.
    pub role: Role,
    /// Where they stand.
    pub span: Span,
}

/// The evidence of one fact, in the order of the note.
pub type EvidenceList = SmallVec<[Evidence; 6]>;

/// The places of evidence, to be changed.
fn places(evidence: &mut EvidenceList) -> impl Iterator<Item = &mut Span> {
    evidence.iter_mut().map(|evidence| &mut evidence.span)
}

/// A grade on a named scale, as the note gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScaleGrade {
    /// Index of the scale in the lexicon's list of scales.
    pub scale: u8,
    /// Where scale and grade stand.
    pub span: Span,
}

/// A finding: `kind` at `level` on `side`, graded, with what the note says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// The form of the disc, for disc displacement.
    pub subtype: Option<Subtype>,
    /// Where.
    pub level: Option<Level>,
    /// On which side.
    pub side: Option<Side>,
    /// How bad.
    pub severity: Option<Severity>,
    /// Whether it is there.
    pub status: Status,
    /// The root that is named, for nerve root compression.
    pub root: Option<Vertebra>,
    /// The grade on a named scale.
    pub grade: Option<ScaleGrade>,
    /// The section it stands in.
    pub section: SectionKind,
    /// The words that prove it.
    pub evidence: EvidenceList,
}

impl Finding {
    /// A finding that is present, and of which nothing else is stated: facts from elsewhere, such as labels, begin so.
    pub fn of(kind: FindingKind) -> Self {
        Self {
            kind,
            subtype: None,
            level: None,
            side: None,
            severity: None,
            status: Status::Present,
            root: None,
            grade: None,
            section: SectionKind::Unknown,
            evidence: EvidenceList::new(),
        }
    }

    /// Every place of the note that it points at, to be changed.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut Span> {
        places(&mut self.evidence).chain(self.grade.as_mut().map(|grade| &mut grade.span))
    }
}

/// A radiculopathy, radicular pain, or a dermatomal or myotomal pattern tied to a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Radiculopathy {
    /// The root, where one is named.
    pub root: Option<Vertebra>,
    /// On which side.
    pub side: Option<Side>,
    /// What the note says of it.
    pub status: Status,
    /// The words that prove it.
    pub evidence: EvidenceList,
}

/// Whether root and side of the symptoms fit the imaging that they are joined to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Concordance {
    /// A finding could give the named radiculopathy: right root for its level and structure, side agrees.
    Concordant,
    /// Findings and radiculopathy are both specific, and no finding fits.
    Discordant,
    /// Not enough is named to tell.
    Undetermined,
}

names!(Concordance { Concordant = "concordant", Discordant = "discordant", Undetermined = "undetermined" });

/// How the note joins imaging to symptoms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correlation {
    /// Joined in words, side by side, or not.
    pub status: CorrelationStatus,
    /// Whether root and side fit.
    pub concordance: Concordance,
    /// The words that join them, or the symptom and the imaging that stand side by side.
    pub evidence: EvidenceList,
}

impl Correlation {
    /// Whether the note says in words that the two belong together, or that they do not.
    pub fn is_told(&self) -> bool {
        self.status == CorrelationStatus::Explicit || self.evidence.iter().any(|e| e.role == Role::Link)
    }
}

/// Non-operative treatment tried before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConservativeCare {
    /// Whether the note documents it.
    pub documented: bool,
    /// The words that prove it.
    pub evidence: EvidenceList,
}

/// A required element that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The rule that requires it, by its code.
    pub rule: &'static str,
    /// What is missing.
    pub element: Element,
    /// The finding that lacks it, as an index into [`Audit::findings`].
    pub finding: Option<usize>,
    /// The procedure that lacks it, as an index into [`Audit::procedures`]; with neither, the note as a whole does.
    pub procedure: Option<usize>,
}

/// How much a flag weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagLevel {
    /// Worth knowing.
    Info,
    /// Likely wrong.
    Warning,
    /// Wrong.
    Error,
}

names!(FlagLevel { Info = "info", Warning = "warning", Error = "error" });

/// What two statements that cannot both hold disagree about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Between {
    /// The side.
    Side,
    /// The severity.
    Severity,
    /// Whether it is there.
    Status,
    /// The level.
    Level,
}

names!(Between { Side = "side", Severity = "severity", Status = "status", Level = "level" });

/// Two findings of one note that cannot both hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contradiction {
    /// What they disagree about.
    pub between: Between,
    /// Index of the first into [`Audit::findings`].
    pub first: usize,
    /// Index of the second.
    pub second: usize,
}

/// A statement that disagrees with another statement or with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The rule, by its code.
    pub rule: &'static str,
    /// How much it weighs.
    pub level: FlagLevel,
    /// What is wrong, in a sentence that holds no words of the note.
    pub message: String,
    /// The words that disagree.
    pub evidence: EvidenceList,
}

/// A gap or a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issue {
    /// Something is missing.
    Gap(Gap),
    /// Something disagrees.
    Flag(Flag),
}

/// A gap or a flag that somebody has set aside, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// What was set aside.
    pub issue: Issue,
    /// Why, in the words of whoever did.
    pub reason: String,
}

/// A coverage policy that a note was judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The pack of its rules.
    pub pack: &'static str,
    /// The contractor that made it.
    pub contractor: String,
    /// Its number.
    pub number: String,
    /// The number of its article on billing and coding.
    pub article: Option<String>,
    /// Its first day.
    pub from: Date,
}

/// How complete the documentation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Required elements that are there.
    pub documented: u32,
    /// Required elements.
    pub required: u32,
}

impl Score {
    /// Documented over required in percent, to one decimal; `None` where nothing is required.
    pub fn percent(self) -> Option<f64> {
        (self.required > 0)
            .then(|| (f64::from(self.documented) * 1000.0 / f64::from(self.required)).round() / 10.0)
    }
}

/// All results of one note.
#[derive(Clone, Debug, PartialEq)]
pub struct Audit {
    /// What the note was written for, as given or as read from it.
    pub note_type: NoteType,
    /// The findings, one fact one record, in the order of the note.
    pub findings: Vec<Finding>,
    /// The procedures, one fact one record, in the order of the note.
    pub procedures: Vec<Procedure>,
    /// What the note tells of the encounter around them.
    pub encounter: Encounter,
    /// The codes that it states.
    pub codes: Vec<StatedCode>,
    /// The day by whose rules it was judged; `None` where nothing in it depends on a day.
    pub service: Option<ServiceDate>,
    /// Where the note gives a day of service that is not in the calendar, and no other.
    pub impossible_date: Option<Span>,
    /// The radiculopathies.
    pub radiculopathies: Vec<Radiculopathy>,
    /// Imaging joined to symptoms; `None` for note types of which it is not asked.
    pub correlation: Option<Correlation>,
    /// Non-operative treatment; `None` for radiology reports.
    pub conservative_care: Option<ConservativeCare>,
    /// Findings that cannot both hold.
    pub contradictions: Vec<Contradiction>,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// What disagrees.
    pub flags: Vec<Flag>,
    /// What is missing or disagrees, and was set aside with a reason.
    pub ignored: Vec<Ignored>,
    /// The coverage policies that it was judged by.
    pub policies: Vec<Policy>,
    /// How complete the note is.
    pub score: Score,
}

impl Audit {
    /// What guided a procedure, and what was injected. The note tells of one encounter, so that these are of every
    /// injection that was performed in it; of other procedures nothing is known.
    pub fn given(&self, procedure: &Procedure) -> (Option<Guidance>, impl Iterator<Item = &Drug>) {
        let is_injected = procedure.status == ProcedureStatus::Performed && procedure.family.is_injection();
        let guidance = self.encounter.guidance.filter(|_| is_injected).map(|guidance| guidance.value);
        (guidance, self.encounter.drugs.iter().filter(move |drug| is_injected && drug.is_injectate()))
    }

    /// Every place of the note that it points at, to be changed.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut Span> {
        let Self {
            findings,
            procedures,
            encounter,
            codes,
            impossible_date,
            radiculopathies,
            correlation,
            conservative_care,
            flags,
            ignored,
            ..
        } = self;
        let ignored = ignored.iter_mut().filter_map(|ignored| match &mut ignored.issue {
            Issue::Flag(flag) => Some(&mut flag.evidence),
            Issue::Gap(_) => None,
        });
        let evidence = procedures
            .iter_mut()
            .map(|procedure| &mut procedure.evidence)
            .chain(radiculopathies.iter_mut().map(|radiculopathy| &mut radiculopathy.evidence))
            .chain(correlation.iter_mut().map(|correlation| &mut correlation.evidence))
            .chain(conservative_care.iter_mut().map(|care| &mut care.evidence))
            .chain(flags.iter_mut().map(|flag| &mut flag.evidence))
            .chain(ignored);
        let of_findings = findings.iter_mut().flat_map(Finding::places_mut);
        let of_codes = codes.iter_mut().map(|code| &mut code.span).chain(impossible_date);
        of_findings.chain(evidence.flat_map(places)).chain(encounter.places_mut()).chain(of_codes)
    }

    /// The audit of a note in which nothing is found and of which nothing is asked.
    pub fn empty(note_type: NoteType) -> Self {
        Self {
            note_type,
            findings: Vec::new(),
            procedures: Vec::new(),
            encounter: Encounter::default(),
            codes: Vec::new(),
            service: None,
            impossible_date: None,
            radiculopathies: Vec::new(),
            correlation: None,
            conservative_care: None,
            contradictions: Vec::new(),
            gaps: Vec::new(),
            flags: Vec::new(),
            ignored: Vec::new(),
            policies: Vec::new(),
            score: Score::default(),
        }
    }
}
