//! What a phrase tells of the encounter around a procedure.

use std::fmt;

use crate::model::{Complaint, Guidance, Intent, Sedation, Substance};

words! {
    /// A view in which a needle is looked at, or how many there were.
    View {
        /// From the front.
        Ap = "ap",
        /// From the side.
        Lateral = "lateral",
        /// Aslant.
        Oblique = "oblique",
        /// Two of them, or more than one.
        Two = "two",
        /// Three of them.
        Three = "three",
    }
}

words! {
    /// Words that tell of an encounter in some other way.
    Telling {
        /// Contrast was not given.
        NoContrast = "no_contrast",
        /// Why contrast cannot be given.
        ContrastBarrier = "contrast_barrier",
        /// The same in a word that is a reason only where contrast is spoken of: "pregnant".
        ContrastReason = "contrast_reason",
        /// Images, which may be kept.
        Image = "image",
        /// "saved", "retained".
        Kept = "kept",
        /// Images that are kept, in one phrase.
        ImageKept = "image_kept",
        /// A needle.
        Needle = "needle",
        /// That a needle was led to a place: "was entered", "electrode".
        Led = "led",
        /// Given to the patient, of an amount.
        Given = "given",
        /// What a drug comes in: the amount beside it is its size.
        Vial = "vial",
        /// Thrown away.
        Wasted = "wasted",
        /// Nothing was thrown away.
        NoWaste = "no_waste",
        /// A way of giving a drug that is no injection at the spine.
        Route = "route",
        /// Numbing of the skin and the way in.
        Skin = "skin",
        /// A mixture: the volume beside it is that of the whole.
        Mixture = "mixture",
        /// A total: the volume on either side of it is that of the whole.
        Total = "total",
        /// An allergy.
        Allergy = "allergy",
        /// That there is none.
        NoAllergy = "no_allergy",
        /// Anaesthesia, as a heading.
        Anesthesia = "anesthesia",
        /// Local anaesthesia, where anaesthesia is spoken of.
        Local = "local",
        /// Complications.
        Complication = "complication",
        /// That there were none.
        NoComplication = "no_complication",
        /// A complication by its name.
        Adverse = "adverse",
        /// Relief of pain.
        Relief = "relief",
        /// That there was none.
        NoRelief = "no_relief",
        /// That it lasts.
        Ongoing = "ongoing",
        /// A pain scale.
        PainScale = "pain_scale",
        /// "out of ten".
        OutOfTen = "out_of_ten",
        /// A scale of function or disability.
        FunctionScale = "function_scale",
        /// Before the procedure.
        Before = "before",
        /// After the procedure.
        After = "after",
        /// That symptoms began.
        Onset = "onset",
        /// "each time", "two sets": what is told is of two procedures at once.
        Twice = "twice",
        /// "history of", after how long it is.
        HistoryOf = "history_of",
        /// "duration".
        Duration = "duration",
        /// The patient laid down and made ready: "prone", "time out".
        Prepared = "prepared",
        /// "since the accident"; since when something is so.
        Since = "since",
        /// An injury, after which something hurts.
        Injury = "injury",
        /// "lasted", "worked": what a treatment did, before how long it did so.
        Effect = "effect",
        /// "abolished": relief that is whole.
        FullRelief = "full_relief",
        /// "went from": pain that changed from one score to another.
        Fell = "fell",
        /// "block", "injection": what an intent is the intent of.
        Act = "act",
    }
}

/// The places in a series that phrases can name.
const SERIES: std::ops::RangeInclusive<u8> = 1..=6;

/// Words on drugs, guidance, scores and relief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// A drug.
    Substance(Substance),
    /// Guidance of needles.
    Guidance(Guidance),
    /// Sedation.
    Sedation(Sedation),
    /// What a procedure is for.
    Intent(Intent),
    /// A symptom or disease that decides coverage.
    Complaint(Complaint),
    /// A view.
    View(View),
    /// Which one of a series it is, counted from 1.
    Series(u8),
    /// Anything else.
    Telling(Telling),
}

impl Detail {
    /// Every value.
    pub fn all() -> impl Iterator<Item = Self> {
        let drugs = Substance::ALL.iter().map(|&substance| Self::Substance(substance));
        drugs
            .chain(Guidance::ALL.iter().map(|&guidance| Self::Guidance(guidance)))
            .chain(Sedation::ALL.iter().map(|&sedation| Self::Sedation(sedation)))
            .chain(Intent::ALL.iter().map(|&intent| Self::Intent(intent)))
            .chain(Complaint::ALL.iter().map(|&complaint| Self::Complaint(complaint)))
            .chain(View::ALL.iter().map(|&view| Self::View(view)))
            .chain(SERIES.map(Self::Series))
            .chain(Telling::ALL.iter().map(|&telling| Self::Telling(telling)))
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Substance(substance) => write!(f, "drug.{substance}"),
            Self::Guidance(guidance) => write!(f, "guidance.{guidance}"),
            Self::Sedation(sedation) => write!(f, "sedation.{sedation}"),
            Self::Intent(intent) => write!(f, "intent.{intent}"),
            Self::Complaint(complaint) => write!(f, "complaint.{complaint}"),
            Self::View(view) => write!(f, "view.{}", view.name()),
            Self::Series(number) => write!(f, "series.{number}"),
            Self::Telling(telling) => write!(f, "detail.{}", telling.name()),
        }
    }
}
