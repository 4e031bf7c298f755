//! Concordance: could a finding of this level, structure and side give the radiculopathy that the note names?
//!
//! | part of the spine | the root that a narrowing between two vertebrae takes |
//! | --- | --- |
//! | cervical | that of the lower vertebra, C8 at C7-T1: cervical roots leave above their vertebra |
//! | thoracic | that of the upper vertebra |
//! | lumbar, foramen | that of the upper vertebra, which leaves there |
//! | lumbar, lateral recess, canal | that of the lower vertebra, which passes to leave one level below |
//! | lumbar, disc or root | either, unless the note names the root |

use crate::model::{Concordance, Finding, FindingKind, Level, Radiculopathy, Region, Side, Status, Vertebra};

/// Compares the radiculopathies that name a root with the findings that could take one.
pub fn concordance(findings: &[Finding], radiculopathies: &[Radiculopathy]) -> Concordance {
    let mut compared = false;
    for radiculopathy in radiculopathies.iter().filter(|r| is_there(r.status)) {
        let Some(root) = radiculopathy.root else { continue };
        for finding in findings.iter().filter(|f| is_there(f.status)) {
            let Some(takes) = takes(finding, root) else { continue };
            if takes && sides_agree(finding.side, radiculopathy.side) {
                return Concordance::Concordant;
            }
            compared = true;
        }
    }
    if compared { Concordance::Discordant } else { Concordance::Undetermined }
}

const fn is_there(status: Status) -> bool {
    matches!(status, Status::Present | Status::Possible)
}

/// Whether a finding takes `root`; `None` where its kind or level tells nothing of roots.
fn takes(finding: &Finding, root: Vertebra) -> Option<bool> {
    if finding.root.is_some() {
        return Some(finding.root == Some(root));
    }
    let level = finding.level?;
    let (exiting, traversing) = (exiting(level)?, traversing(level));
    match finding.kind {
        FindingKind::ForaminalStenosis => Some(root == exiting),
        FindingKind::LateralRecessStenosis | FindingKind::CentralCanalStenosis => {
            Some(Some(root) == traversing)
        }
        FindingKind::NerveRootCompression | FindingKind::DiscDisplacement => {
            Some(root == exiting || Some(root) == traversing)
        }
        FindingKind::ThecalSacCompression | FindingKind::FacetArthropathy => None,
    }
}

/// The root that leaves through the foramen of a level.
fn exiting(level: Level) -> Option<Vertebra> {
    match (level.upper().region(), level.lower()) {
        (Region::Cervical, Some(_)) => Vertebra::new(Region::Cervical, level.upper().number() + 1),
        _ => Some(level.upper()),
    }
}

/// The root that passes the disc of a level on its way down; in the neck, where roots leave straight out, the
/// exiting one.
fn traversing(level: Level) -> Option<Vertebra> {
    match level.upper().region() {
        Region::Lumbar | Region::Sacral => level.lower(),
        Region::Cervical | Region::Thoracic => exiting(level),
    }
}

/// Whether two sides can be of one thing; a side that is not stated disagrees with none.
pub(super) fn sides_agree(a: Option<Side>, b: Option<Side>) -> bool {
    !matches!((a, b), (Some(Side::Left), Some(Side::Right)) | (Some(Side::Right), Some(Side::Left)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EvidenceList, SectionKind};

    fn finding(kind: FindingKind, level: &str, side: Option<Side>) -> Finding {
        Finding {
            kind,
            subtype: None,
            level: level.parse().ok(),
            side,
            severity: None,
            status: Status::Present,
            root: None,
            grade: None,
            section: SectionKind::Findings,
            evidence: EvidenceList::new(),
        }
    }

    fn radiculopathy(root: &str, side: Option<Side>) -> Radiculopathy {
        let root = root.parse().ok();
        Radiculopathy { root, side, status: Status::Present, evidence: EvidenceList::new() }
    }

    #[test]
    fn roots_are_counted_by_region_and_structure() {
        use Concordance::{Concordant, Discordant, Undetermined};
        use FindingKind::{
            CentralCanalStenosis, DiscDisplacement, FacetArthropathy, ForaminalStenosis,
            LateralRecessStenosis,
        };
        use Side::{Bilateral, Left, Right};
        for (kind, level, side, root, of, expected) in [
            (ForaminalStenosis, "L4-L5", Some(Left), "L4", Some(Left), Concordant),
            (ForaminalStenosis, "L4-L5", Some(Left), "L5", Some(Left), Discordant),
            (LateralRecessStenosis, "L4-L5", Some(Left), "L5", Some(Left), Concordant),
            (LateralRecessStenosis, "L4-L5", Some(Left), "L4", Some(Left), Discordant),
            (LateralRecessStenosis, "L5-S1", None, "S1", Some(Right), Concordant),
            (CentralCanalStenosis, "L3-L4", None, "L4", Some(Right), Concordant),
            (DiscDisplacement, "L4-L5", Some(Right), "L4", None, Concordant),
            (DiscDisplacement, "L4-L5", Some(Right), "S1", None, Discordant),
            (ForaminalStenosis, "C5-C6", Some(Bilateral), "C6", Some(Right), Concordant),
            (ForaminalStenosis, "C5-C6", Some(Left), "C5", Some(Left), Discordant),
            (ForaminalStenosis, "C7-T1", Some(Left), "C8", Some(Left), Concordant),
            (DiscDisplacement, "C6-C7", Some(Left), "C7", Some(Left), Concordant),
            (ForaminalStenosis, "T10-T11", Some(Right), "T10", Some(Right), Concordant),
            (ForaminalStenosis, "L5", Some(Right), "L5", Some(Right), Concordant),
            (ForaminalStenosis, "L5-S1", Some(Left), "L5", Some(Right), Discordant),
            (FacetArthropathy, "L5-S1", Some(Left), "L5", Some(Right), Undetermined),
            (ForaminalStenosis, "none", Some(Left), "L5", Some(Left), Undetermined),
        ] {
            let found = concordance(&[finding(kind, level, side)], &[radiculopathy(root, of)]);
            assert_eq!(found, expected, "{kind} {level} {side:?}, {root} {of:?}");
        }
    }
}
