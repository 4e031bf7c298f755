//! One fact, one record: what says less than another is dropped, and so is what only repeats the title.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::lexicon::Act;
use crate::model::{
    Evidence, EvidenceList, Level, Procedure, ProcedureFamily, ProcedureStatus, Region, Role, SectionKind,
    Side, Vertebra,
};
use crate::relate::layers::Layers;
use crate::text::FoldSpan;

use super::outline::Part;
use super::place::Site;
use super::repeat;
use super::status::Said;

/// What one name tells of one site.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) family: ProcedureFamily,
    pub(super) site: Site,
    pub(super) status: ProcedureStatus,
    pub(super) said: Said,
    pub(super) part: Part,
    pub(super) act: Act,
    /// The words that name it.
    pub(super) name: FoldSpan,
    pub(super) section: SectionKind,
    /// The index of its sentence.
    pub(super) sentence: usize,
    /// Whether the note reports a procedure.
    pub(super) is_report: bool,
}

/// The first of drafts that name one procedure of one place in one part of the note: a note may repeat itself without
/// end, and what is compared with every draft is compared with these alone.
pub(super) fn distinct<'d>(drafts: impl Iterator<Item = &'d Draft>) -> Vec<Draft> {
    let mut met = FxHashSet::default();
    let key = |d: &Draft| (d.family, d.site.level, d.site.side.map(|s| s.0), d.part, d.section);
    drafts.filter(|draft| met.insert(key(draft))).copied().collect()
}

/// The records of a note, in its order.
pub(super) fn one_record(layers: &Layers<'_, '_>, mut drafts: Vec<Draft>) -> Vec<Procedure> {
    fuse(&mut drafts);
    drop_steps(&mut drafts);
    repeat::drop_repeats(layers, &mut drafts);
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        if kept.iter().any(|other| says_all(other, &draft)) {
            continue;
        }
        kept.retain(|other| !says_all(&draft, other));
        kept.push(draft);
    }
    join_sides(&mut kept);
    kept.iter().map(|draft| draft.record(layers)).collect()
}

/// Graft, cage or plate after an anterior discectomy is a fusion at its levels; they are nothing by themselves. So is
/// an arthrodesis that names no level.
fn fuse(drafts: &mut Vec<Draft>) {
    let done = |d: &Draft| d.part == Part::Title && d.status == ProcedureStatus::Performed;
    let is_fusion = |d: &Draft| d.family == ProcedureFamily::Fusion && done(d);
    let construct = drafts.iter().find(|d| d.act == Act::Construct && done(d)).copied();
    drafts.retain(|d| d.act != Act::Construct);
    let named = drafts.iter().find(|d| is_fusion(d)).copied();
    let has_level = drafts.iter().any(|d| is_fusion(d) && d.site.level.is_some());
    let Some(fusion) = named.or(construct).filter(|_| !has_level) else { return };
    let fused: Vec<Draft> = drafts
        .iter()
        .filter(|d| done(d) && d.act == Act::Anterior && d.site.level.is_some())
        .map(|d| Draft {
            family: ProcedureFamily::Fusion,
            site: Site { side: None, ..d.site },
            name: fusion.name,
            ..*d
        })
        .collect();
    drafts.extend(fused);
}

/// What decompresses after an anterior discectomy is part of it (annotation guide, section 2).
fn drop_steps(drafts: &mut Vec<Draft>) {
    let anterior: SmallVec<[(ProcedureStatus, SectionKind); 4]> = drafts
        .iter()
        .filter(|d| {
            matches!(d.act, Act::Anterior | Act::Both(ProcedureFamily::Discectomy, ProcedureFamily::Fusion))
        })
        .map(|d| (d.status, d.section))
        .collect();
    drafts.retain(|d| {
        let is_step =
            d.act == Act::Spinal(ProcedureFamily::Laminectomy) || d.family == ProcedureFamily::Foraminotomy;
        let is_done = d.status == ProcedureStatus::Performed;
        !(is_step && is_done && anterior.contains(&(d.status, d.section)))
    });
}

/// Whether two families can be one procedure, told more and less.
pub(super) fn kin(one: ProcedureFamily, other: ProcedureFamily) -> bool {
    one == other
        || one.is_epidural()
            && other.is_epidural()
            && (one == ProcedureFamily::EsiUnspecified || other == ProcedureFamily::EsiUnspecified)
}

/// Whether `more` says all that `less` says.
fn says_all(more: &Draft, less: &Draft) -> bool {
    more.status == less.status
        && !names_both(more, less)
        && if has_nerve(less, more) && less.part == more.part {
            false
        } else {
            covers(more, less) || has_nerve(more, less) && less.part == more.part
        }
}

/// "R L5-S1 and R S1 TFESI": an interspace and a root that one name is said of are two places.
fn names_both(one: &Draft, other: &Draft) -> bool {
    let is_of_root =
        matches!(one.family, ProcedureFamily::TransforaminalEsi | ProcedureFamily::SelectiveNerveRootBlock);
    is_of_root
        && one.family == other.family
        && one.name == other.name
        && one.act != Act::Again
        && one.site.level.is_some()
        && other.site.level.is_some()
        && one.site.level != other.site.level
}

/// Whether `nerve` is one of the two nerves of the joint that `joint` names: "L3, L4 and L5, to cover L4-5 and L5-S1" is
/// of the nerves (annotation guide: medial branches keep the nerve's level).
pub(super) fn has_nerve(nerve: &Draft, joint: &Draft) -> bool {
    let sides = (nerve.site.side.map(|s| s.0), joint.site.side.map(|s| s.0));
    let side = match sides {
        (_, None) | (Some(Side::Bilateral), _) => true,
        (nerve, joint) => nerve == joint,
    };
    let (Some(one), Some(space)) = (nerve.site.level, joint.site.level) else { return false };
    nerve.family == joint.family
        && is_of_nerves(nerve.family)
        && side
        && !one.is_interspace()
        && space.is_interspace()
        && (one.upper() == space.upper() || is_other_nerve(one.upper(), space))
}

/// Whether a nerve is the second one of a joint: of L4-5 beside L4 it is L3, of C4-5 beside C4 it is C5.
fn is_other_nerve(nerve: Vertebra, space: Level) -> bool {
    match space.upper().region() {
        Region::Cervical => space.lower() == Some(nerve),
        _ => nerve.below() == Some(space.upper()),
    }
}

/// Families that are done to the nerves of joints.
pub(super) const fn is_of_nerves(family: ProcedureFamily) -> bool {
    matches!(family, ProcedureFamily::MedialBranchBlock | ProcedureFamily::RadiofrequencyAblation)
}

/// Whether `more` is of the procedure, level and side that `less` is of. What an operation left at an interspace says
/// less than the vertebrae that are named.
pub(super) fn covers(more: &Draft, less: &Draft) -> bool {
    let is_trace = |d: &Draft| matches!(d.act, Act::Trace(_));
    if is_trace(more) != is_trace(less) && more.family == less.family {
        let (trace, named) = if is_trace(more) { (more, less) } else { (less, more) };
        let beside = |one: Level, space: Level| {
            !one.is_interspace()
                && space.is_interspace()
                && (space.upper() == one.upper() || space.lower() == Some(one.upper()))
        };
        if named.site.level.zip(trace.site.level).is_some_and(|(one, space)| beside(one, space)) {
            return is_trace(less);
        }
    }
    let family = more.family == less.family
        || less.family == ProcedureFamily::EsiUnspecified && more.family.is_epidural();
    // The joint of L4-5 has the nerves L3 and L4.
    let is_of_nerves = is_of_nerves(more.family);
    let level = match (more.site.level, less.site.level) {
        (_, None) => true,
        (Some(more), Some(less)) if more.is_interspace() && !less.is_interspace() => {
            more.upper() == less.upper()
                || more.lower() == Some(less.upper())
                || is_of_nerves && is_other_nerve(less.upper(), more)
        }
        (more, less) => more == less,
    };
    let side = match (more.site.side.map(|s| s.0), less.site.side.map(|s| s.0)) {
        (_, None) | (Some(Side::Bilateral), _) => true,
        (more, less) => more == less,
    };
    family && level && side
}

/// The same on the left and on the right is one record of both sides.
fn join_sides(drafts: &mut Vec<Draft>) {
    let mut at = 0;
    while at < drafts.len() {
        let one = drafts[at];
        let twin = (at + 1..drafts.len()).find(|&other| {
            let other = drafts[other];
            let sides = (one.site.side.map(|s| s.0), other.site.side.map(|s| s.0));
            let opposite = matches!(
                sides,
                (Some(Side::Left), Some(Side::Right)) | (Some(Side::Right), Some(Side::Left))
            );
            opposite
                && one.family == other.family
                && one.status == other.status
                && one.site.level == other.site.level
                // An account on the other side than its title disagrees with it.
                && one.part == other.part
        });
        match twin {
            Some(other) => {
                drafts.remove(other);
                drafts[at].site.side = one.site.side.map(|(_, span)| (Side::Bilateral, span));
            }
            None => at += 1,
        }
    }
}

impl Draft {
    fn record(&self, layers: &Layers<'_, '_>) -> Procedure {
        let cue = match self.said {
            Said::Status(_, cue) => cue,
            Said::Talk(cue) => Some(cue),
            Said::Denied | Said::Nothing => None,
        };
        let parts = [
            Some((Role::Anchor, self.name)),
            self.site.level_span.map(|span| (Role::Level, span)),
            self.site.side.map(|(_, span)| (Role::Side, span)),
            cue.map(|span| (Role::Cue, span)),
        ];
        let mut evidence: EvidenceList =
            parts.into_iter().flatten().map(|(role, span)| layers.evidence(role, span)).collect();
        evidence.sort_unstable_by_key(|e: &Evidence| (e.span, e.role));
        evidence.dedup();
        Procedure {
            family: self.family,
            level: self.site.level,
            side: self.site.side.map(|(side, _)| side),
            status: self.status,
            section: self.section,
            evidence,
        }
    }
}
