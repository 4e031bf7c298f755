//! Procedures of the spine: what was done, is planned, was done before, or is only considered.

use serde::{Deserialize, Serialize};

use super::values::names;
use super::{EvidenceList, Level, Region, SectionKind, Side};

/// What kind of procedure it is (annotation guide, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcedureFamily {
    /// Epidural injection through a foramen.
    TransforaminalEsi,
    /// Epidural injection between the laminae.
    InterlaminarEsi,
    /// Epidural injection through the sacral hiatus.
    CaudalEsi,
    /// Epidural injection, approach not stated.
    EsiUnspecified,
    /// Block of one root.
    SelectiveNerveRootBlock,
    /// Injection into a facet joint.
    FacetJointInjection,
    /// Block of the nerves of facet joints.
    MedialBranchBlock,
    /// Ablation of the nerves of facet or sacroiliac joints.
    RadiofrequencyAblation,
    /// Injection into a sacroiliac joint.
    SiJointInjection,
    /// Injection into muscles.
    TriggerPointInjection,
    /// Removal of disc.
    Discectomy,
    /// Laminectomy, hemilaminectomy, laminotomy, decompression.
    Laminectomy,
    /// Opening of a foramen.
    Foraminotomy,
    /// Fusion.
    Fusion,
    /// Vertebroplasty, kyphoplasty.
    VertebralAugmentation,
    /// Stimulator of the spinal cord.
    SpinalCordStimulator,
    /// Provocation of discs by contrast.
    Discography,
}

/// Whether and when it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcedureStatus {
    /// Done in this encounter.
    Performed,
    /// Ordered, scheduled or recommended now.
    Planned,
    /// Done before.
    Historical,
    /// Offered, discussed, declined, hypothetical.
    Considered,
}

names!(ProcedureFamily {
    TransforaminalEsi = "transforaminal_esi",
    InterlaminarEsi = "interlaminar_esi",
    CaudalEsi = "caudal_esi",
    EsiUnspecified = "esi_unspecified",
    SelectiveNerveRootBlock = "selective_nerve_root_block",
    FacetJointInjection = "facet_joint_injection",
    MedialBranchBlock = "medial_branch_block",
    RadiofrequencyAblation = "radiofrequency_ablation",
    SiJointInjection = "si_joint_injection",
    TriggerPointInjection = "trigger_point_injection",
    Discectomy = "discectomy",
    Laminectomy = "laminectomy",
    Foraminotomy = "foraminotomy",
    Fusion = "fusion",
    VertebralAugmentation = "vertebral_augmentation",
    SpinalCordStimulator = "spinal_cord_stimulator",
    Discography = "discography",
});
names!(ProcedureStatus {
    Performed = "performed",
    Planned = "planned",
    Historical = "historical",
    Considered = "considered",
});

impl ProcedureFamily {
    /// Whether something is injected into the epidural space.
    pub const fn is_epidural(self) -> bool {
        matches!(
            self,
            Self::TransforaminalEsi | Self::InterlaminarEsi | Self::CaudalEsi | Self::EsiUnspecified
        )
    }

    /// Whether a drug is injected, so that guidance and dose are told of it.
    pub const fn is_injection(self) -> bool {
        self.is_epidural()
            || matches!(
                self,
                Self::SelectiveNerveRootBlock
                    | Self::FacetJointInjection
                    | Self::MedialBranchBlock
                    | Self::SiJointInjection
                    | Self::TriggerPointInjection
            )
    }
}

/// A procedure at one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// What it is.
    pub family: ProcedureFamily,
    /// Where; medial branches and roots keep their own name.
    pub level: Option<Level>,
    /// On which side.
    pub side: Option<Side>,
    /// Whether and when.
    pub status: ProcedureStatus,
    /// The section it stands in.
    pub section: SectionKind,
    /// The words that prove it.
    pub evidence: EvidenceList,
}

impl Procedure {
    /// The part of the spine: that of its level, T12-L1 counting as thoracic; the sacral one where its family leaves
    /// no other.
    pub fn region(&self) -> Option<Region> {
        let sacral = matches!(self.family, ProcedureFamily::CaudalEsi | ProcedureFamily::SiJointInjection);
        self.level.map(|level| level.upper().region()).or(sacral.then_some(Region::Sacral))
    }
}
