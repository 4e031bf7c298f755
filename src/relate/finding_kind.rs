//! What kind of finding it makes that a structure is changed, or as it should be.

use super::anchor::Anchor;
use super::head::Head;
use super::item::{Item, Kind};
use crate::lexicon::{ChangeClass, Form, Structure};
use crate::model::{FindingKind, Subtype};

/// What finding a change of a structure makes; `None` where it is none of the seven kinds.
pub(super) const fn finding_kind(structure: Structure, class: ChangeClass) -> Option<FindingKind> {
    use ChangeClass::{Compress, Degenerate, Narrow, Stenosis, Touch};
    use Structure::{Canal, Central, Facet, Foramen, Recess, Root, Sac, Spine};
    Some(match (structure, class) {
        (Foramen, Stenosis | Narrow | Compress) => FindingKind::ForaminalStenosis,
        (Canal, Stenosis | Narrow | Compress) | (Central, Stenosis | Narrow) | (Spine, Stenosis) => {
            FindingKind::CentralCanalStenosis
        }
        (Recess, Stenosis | Narrow | Compress) => FindingKind::LateralRecessStenosis,
        (Sac, Compress | Touch | Narrow | Stenosis) => FindingKind::ThecalSacCompression,
        (Root, Compress | Touch) => FindingKind::NerveRootCompression,
        (Facet, Degenerate) => FindingKind::FacetArthropathy,
        _ => return None,
    })
}

/// What finding a normal structure denies.
pub(super) const fn denied_kind(structure: Structure) -> Option<FindingKind> {
    Some(match structure {
        Structure::Foramen => FindingKind::ForaminalStenosis,
        Structure::Canal => FindingKind::CentralCanalStenosis,
        Structure::Recess => FindingKind::LateralRecessStenosis,
        Structure::Sac => FindingKind::ThecalSacCompression,
        Structure::Facet => FindingKind::FacetArthropathy,
        _ => return None,
    })
}

/// The change that a word tells of a structure, when the two are one word.
pub(super) const fn own_class(structure: Structure) -> ChangeClass {
    match structure {
        Structure::Facet => ChangeClass::Degenerate,
        Structure::Root | Structure::Sac => ChangeClass::Compress,
        _ => ChangeClass::Stenosis,
    }
}

/// The bytes up to which a name of the canal or the sac is letters, or a word that other organs share.
pub const LONGEST_LETTERS: u32 = 4;

/// The bytes up to which a name of the canal or a root is bare: one word, that other organs share.
const LONGEST_BARE: u32 = 6;

/// Whether an anchor is of the spine by its own words. Bare ones ("stenosis", "canal", "bulge") are said of
/// vessels, ears and bellies too, and count only in notes that are about the spine.
pub(super) fn names_the_spine(anchor: &Anchor, heads: &[Head], items: &[Item]) -> bool {
    let item = |head: u16| items[heads[head as usize].item as usize];
    match anchor.kind {
        FindingKind::CentralCanalStenosis => match item(anchor.structure).kind {
            Kind::Structure(Structure::Canal) => item(anchor.structure).span.len() > LONGEST_BARE,
            Kind::Structure(_) => anchor.structure != anchor.predicate,
            Kind::Narrowed(_) => item(anchor.structure).span.len() > LONGEST_LETTERS,
            _ => false,
        },
        FindingKind::NerveRootCompression => match item(anchor.structure).kind {
            Kind::Structure(_) => item(anchor.structure).span.len() > LONGEST_BARE,
            _ => true,
        },
        FindingKind::ThecalSacCompression => item(anchor.structure).span.len() > LONGEST_LETTERS,
        FindingKind::DiscDisplacement => !matches!(
            item(anchor.predicate).kind,
            Kind::Disc(Some(Subtype::Sequestration), _) | Kind::Disc(_, Form::Active)
        ),
        _ => true,
    }
}
