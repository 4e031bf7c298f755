//! The values that a fact can take: kind, side, severity, status.
//!
//! ```
//! use foramen::model::Severity;
//! assert!(Severity::Mild < Severity::ModerateToSevere);
//! ```

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in output and gold, in snake case.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}
pub(crate) use names;

/// What kind of thing a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Narrowing of a neural foramen.
    ForaminalStenosis,
    /// Narrowing of the central spinal canal.
    CentralCanalStenosis,
    /// Narrowing of a lateral recess or subarticular zone.
    LateralRecessStenosis,
    /// Compression or indentation of the thecal sac.
    ThecalSacCompression,
    /// Compression of, or contact with, a nerve root.
    NerveRootCompression,
    /// Bulge, protrusion, extrusion, herniation, sequestration of a disc.
    DiscDisplacement,
    /// Degeneration or overgrowth of facet joints.
    FacetArthropathy,
}

/// The form of a displaced disc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subtype {
    /// Bulge of the annulus.
    Bulge,
    /// Protrusion.
    Protrusion,
    /// Extrusion.
    Extrusion,
    /// Herniation, prolapse.
    Herniation,
    /// A free fragment.
    Sequestration,
    /// Disc and osteophyte together.
    DiscOsteophyteComplex,
}

/// Which side of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Both sides.
    Bilateral,
}

/// How bad, on the five steps that notes use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Mild, and what counts as mild.
    Mild,
    /// Between mild and moderate.
    MildToModerate,
    /// Moderate.
    Moderate,
    /// Between moderate and severe.
    ModerateToSevere,
    /// Severe, and what counts as severe.
    Severe,
}

/// What the note says of a thing: that it is there, is not, may be, was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Stated as there now.
    #[default]
    Present,
    /// Denied.
    Absent,
    /// Hedged.
    Possible,
    /// Said only of the past.
    Historical,
    /// A condition, an instruction, a risk, a question.
    Hypothetical,
    /// Said of a relative. Never a finding of this patient; facts with it are not put out.
    Family,
}

/// What a note was written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteType {
    /// Report of an imaging study.
    Radiology,
    /// Injection or ablation.
    Procedure,
    /// Operation.
    Operative,
    /// Visit, letter, consultation.
    Clinic,
    /// Anything else.
    Other,
}

/// How the note joins imaging to symptoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrelationStatus {
    /// Joined in words.
    Explicit,
    /// Both stand in the note; nothing joins them.
    Implicit,
    /// One is missing, or they disagree.
    None,
}

names!(FindingKind {
    ForaminalStenosis = "foraminal_stenosis",
    CentralCanalStenosis = "central_canal_stenosis",
    LateralRecessStenosis = "lateral_recess_stenosis",
    ThecalSacCompression = "thecal_sac_compression",
    NerveRootCompression = "nerve_root_compression",
    DiscDisplacement = "disc_displacement",
    FacetArthropathy = "facet_arthropathy",
});
names!(Subtype {
    Bulge = "bulge",
    Protrusion = "protrusion",
    Extrusion = "extrusion",
    Herniation = "herniation",
    Sequestration = "sequestration",
    DiscOsteophyteComplex = "disc_osteophyte_complex",
});
names!(Side { Left = "left", Right = "right", Bilateral = "bilateral" });
names!(Severity {
    Mild = "mild",
    MildToModerate = "mild_to_moderate",
    Moderate = "moderate",
    ModerateToSevere = "moderate_to_severe",
    Severe = "severe",
});
names!(Status {
    Present = "present",
    Absent = "absent",
    Possible = "possible",
    Historical = "historical",
    Hypothetical = "hypothetical",
    Family = "family",
});
names!(NoteType {
    Radiology = "radiology",
    Procedure = "procedure",
    Operative = "operative",
    Clinic = "clinic",
    Other = "other",
});
names!(CorrelationStatus { Explicit = "explicit", Implicit = "implicit", None = "none" });

impl NoteType {
    /// Whether a note of this type tells what a patient complains of and what is done about it: a visit, a procedure, an
    /// operation. An imaging report, a leaflet or a sheet of charges does not.
    #[must_use]
    pub const fn is_encounter(self) -> bool {
        matches!(self, Self::Clinic | Self::Procedure | Self::Operative)
    }
}

impl Severity {
    /// The step that a range from `low` to `high` stands for: `mild` to `moderate` is the step between them.
    #[must_use]
    pub fn range(low: Self, high: Self) -> Self {
        use Severity::{Mild, MildToModerate, Moderate, ModerateToSevere};
        match (low.min(high), low.max(high)) {
            (a, b) if a == b => a,
            (Mild, Moderate | MildToModerate) => MildToModerate,
            (Moderate | ModerateToSevere | MildToModerate, _) => ModerateToSevere,
            (_, b) => b,
        }
    }

    /// Whether two grades have a step in common: "mild to moderate" and "moderate" have, "mild" and "moderate" have not.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        let (low, high) = self.steps();
        let (other_low, other_high) = other.steps();
        low <= other_high && other_low <= high
    }

    /// The first and the last of the three steps mild, moderate and severe that a grade spans.
    const fn steps(self) -> (u8, u8) {
        match self {
            Self::Mild => (0, 0),
            Self::MildToModerate => (0, 1),
            Self::Moderate => (1, 1),
            Self::ModerateToSevere => (1, 2),
            Self::Severe => (2, 2),
        }
    }
}

impl Side {
    /// The two sides together: left and right are bilateral, a side and itself is that side.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Bilateral }
    }

    /// The other of left and right; both sides are their own.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
            Self::Bilateral => Self::Bilateral,
        }
    }
}
