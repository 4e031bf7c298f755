//! What is chosen of the courses that a visit weighs: the name alone is enough, for its place was told with them.
//!
//! ```text
//! We discussed an L4-5 laminectomy, or an L4-5 fusion. She has chosen the laminectomy.     planned at L4-L5
//! ```

use crate::model::ProcedureStatus;

use super::place::Site;
use super::record::Draft;
use super::status::Said;

/// Gives what is planned by its name alone the places that were weighed for it last.
pub(super) fn complete(drafts: &mut Vec<Draft>) {
    let is_bare = |d: &Draft| {
        matches!(d.said, Said::Status(ProcedureStatus::Planned, Some(_)))
            && d.status == ProcedureStatus::Planned
            && !d.is_report
            && d.site.level.is_none()
    };
    if !drafts.iter().any(is_bare) {
        return;
    }
    let weighed: Vec<Draft> = drafts
        .iter()
        .filter(|d| d.status == ProcedureStatus::Considered && d.site.level.is_some())
        .copied()
        .collect();
    let mut placed = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        let of = |d: &&Draft| d.family == draft.family && d.name.start < draft.name.start;
        let last = weighed.iter().filter(of).map(|d| d.sentence).max();
        match last.filter(|_| is_bare(&draft)) {
            Some(last) => {
                let own = draft.site.side;
                let there = weighed.iter().filter(of).filter(|d| d.sentence == last);
                placed.extend(
                    there.map(|d| Draft { site: Site { side: own.or(d.site.side), ..d.site }, ..draft }),
                );
            }
            None => placed.push(draft),
        }
    }
    *drafts = placed;
}
