//! What a note tells of the encounter around its procedures: guidance, drugs, scores, relief, durations.
//!
//! Each value points at its words. What the note does not tell is `None` or an empty list, never a guess.

use serde::{Deserialize, Serialize};

use super::values::names;
use super::{ProcedureFamily, Status};
use crate::text::Span;

/// A value and the words that state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// How the needle was guided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guidance {
    /// Fluoroscopy.
    Fluoroscopy,
    /// Computed tomography.
    Ct,
    /// Ultrasound.
    Ultrasound,
    /// The note says that there was none.
    None,
}

/// What an injection was done for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// To find the source of pain.
    Diagnostic,
    /// To treat it.
    Therapeutic,
    /// Both.
    Both,
}

/// How the patient was sedated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sedation {
    /// Local anaesthesia alone, or no sedation.
    None,
    /// Minimal sedation.
    Minimal,
    /// Moderate, conscious sedation.
    Moderate,
    /// Deep sedation or monitored anaesthesia care.
    Deep,
    /// General anaesthesia.
    General,
}

/// A substance that is injected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Substance {
    /// Methylprednisolone acetate: particulate.
    MethylprednisoloneAcetate,
    /// Methylprednisolone, salt not named or the succinate.
    Methylprednisolone,
    /// Triamcinolone acetonide: particulate.
    TriamcinoloneAcetonide,
    /// Dexamethasone.
    Dexamethasone,
    /// Betamethasone.
    Betamethasone,
    /// Ketorolac.
    Ketorolac,
    /// Lidocaine.
    Lidocaine,
    /// Bupivacaine.
    Bupivacaine,
    /// Ropivacaine.
    Ropivacaine,
    /// Chloroprocaine.
    Chloroprocaine,
    /// Saline.
    Saline,
    /// Contrast medium.
    Contrast,
}

/// A symptom or disease that decides whether an injection is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Complaint {
    /// Pain along a root.
    Radicular,
    /// Pain of the back or neck that does not leave it.
    Axial,
    /// Neurogenic claudication.
    NeurogenicClaudication,
    /// Herpes zoster.
    HerpesZoster,
    /// Pain after spinal surgery.
    Postlaminectomy,
}

/// Before or after the procedure of this note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Before it, or where there is none.
    Before,
    /// After it.
    After,
}

names!(Guidance { Fluoroscopy = "fluoroscopy", Ct = "ct", Ultrasound = "ultrasound", None = "none" });
names!(Intent { Diagnostic = "diagnostic", Therapeutic = "therapeutic", Both = "both" });
names!(Sedation {
    None = "none",
    Minimal = "minimal",
    Moderate = "moderate",
    Deep = "deep",
    General = "general",
});
names!(Substance {
    MethylprednisoloneAcetate = "methylprednisolone_acetate",
    Methylprednisolone = "methylprednisolone",
    TriamcinoloneAcetonide = "triamcinolone_acetonide",
    Dexamethasone = "dexamethasone",
    Betamethasone = "betamethasone",
    Ketorolac = "ketorolac",
    Lidocaine = "lidocaine",
    Bupivacaine = "bupivacaine",
    Ropivacaine = "ropivacaine",
    Chloroprocaine = "chloroprocaine",
    Saline = "saline",
    Contrast = "contrast",
});
names!(Complaint {
    Radicular = "radicular",
    Axial = "axial",
    NeurogenicClaudication = "neurogenic_claudication",
    HerpesZoster = "herpes_zoster",
    Postlaminectomy = "postlaminectomy",
});
names!(Moment { Before = "before", After = "after" });

impl Substance {
    /// Whether it is a corticosteroid.
    pub const fn is_steroid(self) -> bool {
        matches!(
            self,
            Self::MethylprednisoloneAcetate
                | Self::Methylprednisolone
                | Self::TriamcinoloneAcetonide
                | Self::Dexamethasone
                | Self::Betamethasone
        )
    }

    /// Whether it is a local anaesthetic.
    pub const fn is_anesthetic(self) -> bool {
        matches!(self, Self::Lidocaine | Self::Bupivacaine | Self::Ropivacaine | Self::Chloroprocaine)
    }

    /// Whether its strength tells its dose. That of saline and of contrast tells of salt and iodine.
    pub const fn is_dissolved(self) -> bool {
        !matches!(self, Self::Saline | Self::Contrast)
    }
}

/// For how long something lasted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lasting {
    /// Days; `None` where it is told without a number: "for years", "since March".
    pub days: Option<u32>,
    /// Whether it may have been longer: "over a year", and all that is told without a number.
    pub or_longer: bool,
}

impl Lasting {
    /// Exactly so many days.
    pub const fn of(days: u32) -> Self {
        Self { days: Some(days), or_longer: false }
    }

    /// Whether it is known to be less than so many days.
    pub fn is_below(self, days: u32) -> bool {
        !self.or_longer && self.days.is_some_and(|lasted| lasted < days)
    }
}

/// A substance given, with what the note says of its amount.
#[derive(Clone, Debug, PartialEq)]
pub struct Drug {
    /// What was given.
    pub substance: Substance,
    /// Dose in mg, as stated or as volume times concentration.
    pub dose_mg: Option<f64>,
    /// Whether the dose is computed from volume and concentration, not stated.
    pub is_computed: bool,
    /// Volume in mL.
    pub volume_ml: Option<f64>,
    /// Concentration in mg per mL; 1 % is 10.
    pub mg_per_ml: Option<f64>,
    /// Amount thrown away, in mg; zero where the note says that nothing was.
    pub wasted_mg: Option<f64>,
    /// Whether it numbed the skin and the way in, and is no part of what was injected at the target.
    pub for_skin: bool,
    /// Where it stands, amounts included.
    pub span: Span,
}

impl Drug {
    /// Whether it was injected at the target: neither to numb the skin nor to be seen by.
    pub fn is_injectate(&self) -> bool {
        !self.for_skin && self.substance != Substance::Contrast
    }
}

/// Relief after a procedure.
#[derive(Clone, Debug, PartialEq)]
pub struct Relief {
    /// Percent; the lower end of a range.
    pub percent: Option<u8>,
    /// For how long; `None` where not stated.
    pub lasted: Option<Lasting>,
    /// Whether it still lasts.
    pub ongoing: bool,
    /// Of how many procedures it is told at once: "two blocks with 90 % relief each".
    pub times: u8,
    /// The procedure that it followed, where the note says which.
    pub after: Option<ProcedureFamily>,
    /// Relief of an earlier procedure, or of that of this note.
    pub moment: Moment,
    /// Where it stands.
    pub span: Span,
}

/// A pain score on a scale of 0 to 10.
#[derive(Clone, Debug, PartialEq)]
pub struct PainScore {
    /// The score; the higher end of a range.
    pub value: f64,
    /// Before or after the procedure of this note.
    pub moment: Moment,
    /// Where it stands.
    pub span: Span,
}

/// A function or disability scale with its score.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionScore {
    /// The score as written; `None` where the scale is named without one.
    pub value: Option<f64>,
    /// Before or after the procedure of this note.
    pub moment: Moment,
    /// Where scale and score stand.
    pub span: Span,
}

/// All that the note tells of the encounter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Encounter {
    /// How needles were guided.
    pub guidance: Option<Stated<Guidance>>,
    /// Whether contrast was injected; `false` where the note says that it was not.
    pub contrast: Option<Stated<bool>>,
    /// Why no contrast was given: an allergy, pregnancy.
    pub contrast_barrier: Option<Span>,
    /// That images were saved.
    pub images_retained: Option<Span>,
    /// In how many views the needle was seen.
    pub views: Option<Stated<u8>>,
    /// The needle.
    pub needle: Option<Span>,
    /// What was injected.
    pub drugs: Vec<Drug>,
    /// How the patient was sedated.
    pub sedation: Option<Stated<Sedation>>,
    /// Whether there were complications.
    pub complications: Option<Stated<bool>>,
    /// What the procedure was for.
    pub intent: Option<Stated<Intent>>,
    /// Which one of a series it was, counted from 1.
    pub series: Option<Stated<u8>>,
    /// Relief told.
    pub reliefs: Vec<Relief>,
    /// Pain scores.
    pub pain_scores: Vec<PainScore>,
    /// Function scores.
    pub function_scores: Vec<FunctionScore>,
    /// For how long the symptoms have lasted.
    pub symptom_days: Option<Stated<Lasting>>,
    /// For how long conservative care was tried.
    pub care_days: Option<Stated<Lasting>>,
    /// Symptoms and diseases that decide coverage.
    pub complaints: Vec<(Stated<Complaint>, Status)>,
}

impl Encounter {
    /// Every place of the note that it points at, to be changed.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut Span> {
        fn of<T>(stated: &mut Option<Stated<T>>) -> Option<&mut Span> {
            stated.as_mut().map(|stated| &mut stated.span)
        }
        let alone = [
            of(&mut self.guidance),
            of(&mut self.contrast),
            self.contrast_barrier.as_mut(),
            self.images_retained.as_mut(),
            of(&mut self.views),
            self.needle.as_mut(),
            of(&mut self.sedation),
            of(&mut self.complications),
            of(&mut self.intent),
            of(&mut self.series),
            of(&mut self.symptom_days),
            of(&mut self.care_days),
        ];
        let drugs = self.drugs.iter_mut().map(|drug| &mut drug.span);
        let reliefs = self.reliefs.iter_mut().map(|relief| &mut relief.span);
        let pain = self.pain_scores.iter_mut().map(|score| &mut score.span);
        let function = self.function_scores.iter_mut().map(|score| &mut score.span);
        let complaints = self.complaints.iter_mut().map(|(complaint, _)| &mut complaint.span);
        alone.into_iter().flatten().chain(drugs).chain(reliefs).chain(pain).chain(function).chain(complaints)
    }
}
