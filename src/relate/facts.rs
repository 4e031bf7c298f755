//! One fact, one record (annotation guide): what says less than another of its kind and status is dropped;
//! what cannot both hold stays, and is named.

use std::cell::LazyCell;

use crate::model::{
    Between, Contradiction, Finding, FindingKind, Level, Role, SectionKind, Side, Status, Subtype,
};

use super::layers::Layers;

/// From what is stated, each time that it is, to one record a fact: corrections are made, levels are lent, and what only
/// says less is dropped.
///
/// `is_operation` says whether the note tells of a procedure: what is met under its findings is met where it was done.
pub fn conclude(findings: &mut Vec<Finding>, is_operation: bool) {
    correct(findings);
    resolve(findings);
    lend_level(findings, is_operation);
    merge(findings);
}

/// Drops what only says less, in place; the order of the note is kept.
fn merge(findings: &mut Vec<Finding>) {
    // How many of those before are kept: they come first.
    let mut kept = 0;
    for at in 0..findings.len() {
        if findings[..kept].iter().any(|other| says_all(other, &findings[at])) {
            continue;
        }
        // Few say more than one before.
        if let Some(first) = findings[..kept].iter().position(|other| says_all(&findings[at], other)) {
            let less = first + 1..kept;
            kept = first;
            for other in less {
                if !says_all(&findings[at], &findings[other]) {
                    findings.swap(kept, other);
                    kept += 1;
                }
            }
        }
        if kept < at {
            findings.swap(kept, at);
        }
        kept += 1;
    }
    findings.truncate(kept);
    join_sides(findings);
    drop_summed(findings);
    drop_vague(findings);
}

/// Takes out what an addendum corrects: an earlier statement of the same kind at the same level that does not
/// agree with it in side or severity (annotation guide: a later correction replaces what it corrects). So goes what it
/// quotes of the report only to say that it was wrong: "was described as right-sided. This is incorrect. It is left."
fn correct(findings: &mut Vec<Finding>) {
    let is_added = |f: &Finding| f.section == SectionKind::Addendum;
    if !findings.iter().any(is_added) {
        return;
    }
    let added: Vec<Finding> = findings.iter().filter(|f| is_added(f) && f.level.is_some()).cloned().collect();
    let is_quoted = |at: usize, old: &Finding| {
        let corrects = |new: &Finding| is_other(old, new) && old.side != new.side;
        added.iter().skip(at + 1).any(corrects)
            && findings.iter().any(|f| !is_added(f) && is_same(f, old) && f.side == old.side)
    };
    let corrections: Vec<Finding> = added
        .iter()
        .enumerate()
        .filter(|(at, finding)| !is_quoted(*at, finding))
        .map(|(_, finding)| finding.clone())
        .collect();
    findings.retain(|old| {
        if is_added(old) {
            old.level.is_none() || corrections.contains(old)
        } else {
            !corrections.iter().any(|new| is_other(old, new))
        }
    });
}

/// Whether two findings are of one thing: of a kind, at a level.
fn is_same(old: &Finding, new: &Finding) -> bool {
    old.kind == new.kind && old.subtype == new.subtype && old.level == new.level
}

/// Whether a correction says another thing of what was found.
fn is_other(old: &Finding, new: &Finding) -> bool {
    let sides = matches!((old.side, new.side), (Some(a), Some(b)) if a != b && b != Side::Bilateral);
    let grades = old.side == new.side && matches!((old.severity, new.severity), (Some(a), Some(b)) if a != b);
    is_same(old, new)
        && match (old.status, new.status) {
            (Status::Present, Status::Present) => sides || grades,
            (Status::Present, Status::Absent) | (Status::Absent, Status::Present) => old.side == new.side,
            _ => false,
        }
}

/// "L5-S1 herniation on the right … The L5-S1 herniation has resolved": what a later statement says to be gone, by words
/// behind its name, is gone where it was told with a side before.
fn resolve(findings: &mut [Finding]) {
    let is_gone = |f: &Finding| {
        let at = |role| f.evidence.iter().find(|e| e.role == role).map(|e| e.span.start);
        f.kind == FindingKind::DiscDisplacement
            && f.status == Status::Historical
            && f.level.is_some()
            && at(Role::Cue) > at(Role::Anchor)
    };
    for later in 1..findings.len() {
        let (before, gone) = findings.split_at_mut(later);
        let Some(gone) = gone.first().filter(|gone| is_gone(gone)) else { continue };
        let is_same = |f: &&mut Finding| {
            f.kind == gone.kind
                && f.subtype == gone.subtype
                && f.level == gone.level
                && f.status == Status::Present
                && covers(f.side, gone.side)
        };
        before.iter_mut().filter(is_same).for_each(|finding| finding.status = Status::Historical);
    }
}

/// Gives what an operation found, without a level of its own, the level that the note gives to all else that it finds
/// (annotation guide: only where the note leaves no other reading).
fn lend_level(findings: &mut [Finding], is_operation: bool) {
    let is_found = |f: &&Finding| f.status == Status::Present && f.level.is_some();
    let Some(lender) = findings.iter().find(is_found).cloned() else { return };
    let is_interspace = lender.level.is_some_and(|level| level.lower().is_some());
    if !is_interspace || findings.iter().filter(is_found).any(|f| f.level != lender.level) {
        return;
    }
    let named = lender.evidence.iter().filter(|e| e.role == Role::Level);
    for finding in findings.iter_mut() {
        let is_told = is_operation
            && finding.section == SectionKind::Findings
            && matches!(
                finding.kind,
                FindingKind::NerveRootCompression
                    | FindingKind::ThecalSacCompression
                    | FindingKind::DiscDisplacement
            );
        let is_met =
            (finding.section == SectionKind::Procedure || is_told) && finding.status == Status::Present;
        if is_met && finding.level.is_none() {
            finding.level = lender.level;
            finding.evidence.extend(named.clone().copied());
            finding.evidence.sort_unstable_by_key(|e| (e.span, e.role));
        }
    }
}

/// Whether `more` says all that `less` says.
fn says_all(more: &Finding, less: &Finding) -> bool {
    more.kind == less.kind
        && more.status == less.status
        && (more.subtype == less.subtype)
        && covers(more.level, less.level)
        && (covers(more.side, less.side)
            || more.side == Some(Side::Bilateral) && covers(more.severity, less.severity))
        && covers(more.severity, less.severity)
        && (covers(more.root, less.root) || less.level.is_some())
}

fn covers<T: PartialEq + Copy>(more: Option<T>, less: Option<T>) -> bool {
    less.is_none() || more == less
}

/// The same said of left and of right is one record of both sides.
fn join_sides(findings: &mut Vec<Finding>) {
    let mut i = 0;
    while i < findings.len() {
        let is_one_sided = matches!(findings[i].side, Some(Side::Left | Side::Right))
            && findings[i].kind != FindingKind::DiscDisplacement;
        let mut after = if is_one_sided { i + 1..findings.len() } else { 0..0 };
        let twin = after.find(|&j| {
            let (a, b) = (&findings[i], &findings[j]);
            a.kind == b.kind
                && a.level == b.level
                && a.severity == b.severity
                && a.status == b.status
                && a.subtype == b.subtype
                && a.root == b.root
                && a.section == b.section
                && matches!(
                    (a.side, b.side),
                    (Some(Side::Left), Some(Side::Right)) | (Some(Side::Right), Some(Side::Left))
                )
        });
        if let Some(j) = twin {
            let other = findings.remove(j);
            findings[i].side = Some(Side::Bilateral);
            findings[i].evidence.extend(other.evidence);
            findings[i].evidence.sort_unstable_by_key(|e| (e.span, e.role));
            findings[i].evidence.dedup();
        } else {
            i += 1;
        }
    }
}

/// "moderate right and mild left stenosis", "bilateral stenosis": both sides without a grade say less than each with one.
fn drop_summed(findings: &mut Vec<Finding>) {
    let is_sum = |f: &Finding| f.side == Some(Side::Bilateral) && f.severity.is_none() && f.subtype.is_none();
    if !findings.iter().any(is_sum) {
        return;
    }
    let graded: Vec<(FindingKind, Option<Level>, Status, Option<Side>)> = findings
        .iter()
        .filter(|f| f.severity.is_some())
        .map(|f| (f.kind, f.level, f.status, f.side))
        .collect();
    findings.retain(|f| {
        let has = |side| graded.contains(&(f.kind, f.level, f.status, Some(side)));
        !(is_sum(f) && has(Side::Left) && has(Side::Right))
    });
}

/// A denial without a level beside denials with one says less; so does a statement of all levels.
fn drop_vague(findings: &mut Vec<Finding>) {
    if findings.iter().all(|f| f.level.is_some()) {
        return;
    }
    let levelled: Vec<(FindingKind, Status, Option<crate::model::Subtype>)> =
        findings.iter().filter(|f| f.level.is_some()).map(|f| (f.kind, f.status, f.subtype)).collect();
    findings.retain(|f| {
        f.level.is_some()
            || f.severity.is_some() && f.status == Status::Present && f.kind == FindingKind::DiscDisplacement
            || !levelled
                .iter()
                .any(|&(kind, status, subtype)| kind == f.kind && status == f.status && subtype == f.subtype)
    });
}

/// The findings that cannot both hold.
///
/// Two statements of one place disagree in status or severity ("mild to moderate" and "moderate" do not); an impression disagrees with the findings above
/// it in side or level, where it alone names a side or level for what they describe elsewhere. Within one sentence
/// nothing contradicts itself: its author sees both values, and means two things or corrects the first. An addendum
/// corrects what stands above it.
pub fn contradictions(layers: &Layers<'_, '_>, findings: &[Finding]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let concludes = LazyCell::new(|| concluding(layers, findings));
    for (i, a) in findings.iter().enumerate().filter(|(_, a)| a.level.is_some()) {
        for (j, b) in findings.iter().enumerate().skip(i + 1) {
            // Nothing else can disagree.
            if a.kind != b.kind || a.subtype != b.subtype || b.level.is_none() {
                continue;
            }
            let between = disagreement(a, b).or_else(|| impression_disagrees(findings, &concludes, i, j));
            let Some(between) = between.filter(|_| are_two_statements(layers, a, b)) else { continue };
            if between != Between::Level || !a.level.is_some_and(|level| names(layers, b, level)) {
                found.push(Contradiction { between, first: i, second: j });
            }
        }
    }
    // What is put at another level is not on another side there as well.
    let moved: Vec<usize> = found.iter().filter(|c| c.between == Between::Level).map(|c| c.second).collect();
    found.retain(|c| c.between != Between::Side || !moved.contains(&c.second));
    found
}

/// Whether two findings are told in two sentences, none of them an addendum's.
fn are_two_statements(layers: &Layers<'_, '_>, a: &Finding, b: &Finding) -> bool {
    [a, b].iter().all(|f| f.section != SectionKind::Addendum) && sentence(layers, a) != sentence(layers, b)
}

/// Which sentence tells a finding first.
fn sentence(layers: &Layers<'_, '_>, finding: &Finding) -> Option<usize> {
    let anchor = finding.evidence.iter().find(|e| e.role == Role::Anchor)?;
    let at = layers.folded.to_view(anchor.span).start;
    layers.layout.sentence_at(at).map(|(number, _)| number)
}

/// Which findings the last impression tells, where there is more than one finding: what calls itself interpretation above an impression is what that concludes from.
fn concluding(layers: &Layers<'_, '_>, findings: &[Finding]) -> Vec<bool> {
    if findings.len() < 2 {
        return Vec::new();
    }
    let section = |finding: &Finding| {
        let told =
            (finding.section == SectionKind::Impression).then(|| sentence(layers, finding)).flatten()?;
        Some(layers.layout.sentences.get(told)?.section)
    };
    let sections: Vec<Option<u32>> = findings.iter().map(section).collect();
    let last = sections.iter().copied().flatten().max();
    sections.iter().map(|section| section.is_some() && *section == last).collect()
}

/// Whether the words that give a finding its level name this level too: "at C5-6 and C6-7".
fn names(layers: &Layers<'_, '_>, finding: &Finding, level: Level) -> bool {
    let told = finding.evidence.iter().filter(|e| e.role == Role::Level);
    told.map(|e| layers.folded.to_view(e.span)).any(|span| {
        let mut mentions = layers.levels.iter().filter(|mention| mention.span.overlaps(span));
        mentions.any(|mention| mention.levels.contains(&level))
    })
}

/// What two findings of one kind, each at a level, cannot agree in.
fn disagreement(a: &Finding, b: &Finding) -> Option<Between> {
    if a.level != b.level {
        return None;
    }
    // "No foraminal stenosis" denies that of either side.
    let denies = |no: &Finding, yes: &Finding| {
        no.status == Status::Absent
            && yes.status == Status::Present
            && yes.severity.is_some()
            && no.kind == FindingKind::ForaminalStenosis
            && matches!(no.side, None | Some(Side::Bilateral))
    };
    if a.side != b.side {
        return (denies(a, b) || denies(b, a)).then_some(Between::Status);
    }
    match (a.status, b.status) {
        (Status::Present, Status::Absent) | (Status::Absent, Status::Present) => Some(Between::Status),
        (Status::Present, Status::Present)
            if a.severity.zip(b.severity).is_some_and(|(a, b)| !a.overlaps(b)) =>
        {
            Some(Between::Severity)
        }
        _ => None,
    }
}

/// Whether `b`, of the impression, says of another side or level what `a`, of the same kind, says above it.
fn impression_disagrees(findings: &[Finding], concludes: &[bool], a: usize, b: usize) -> Option<Between> {
    let is_above = !*concludes.get(a)? && *concludes.get(b)?;
    let above = || findings.iter().zip(concludes).filter(|(_, concludes)| !**concludes).map(|(f, _)| f);
    let (a, b) = (findings.get(a)?, findings.get(b)?);
    let both_present = a.status == Status::Present && b.status == Status::Present;
    if !both_present || !is_above {
        return None;
    }
    let stated_above = |level, side| {
        above().any(|f| {
            f.kind == b.kind
                && f.subtype == b.subtype
                && f.level == level
                && (f.side == side || f.side == Some(Side::Bilateral))
        })
    };
    let opposite = matches!(
        (a.side, b.side),
        (Some(Side::Left), Some(Side::Right)) | (Some(Side::Right), Some(Side::Left))
    );
    if a.level == b.level {
        return (opposite && !stated_above(b.level, b.side)).then_some(Between::Side);
    }
    // One grade on one side that the findings give to a single other level.
    let is_same = |f: &&Finding| {
        f.kind == b.kind && f.side == b.side && f.severity == b.severity && f.status == Status::Present
    };
    let only = above().filter(is_same).count() == 1 && is_same(&a);
    // A bulge is found at many levels, a protrusion on one side or a named root at one.
    let is_distinct = b.severity.is_some()
        || b.root.is_some() && a.root == b.root
        || b.subtype.is_some_and(|subtype| subtype != Subtype::Bulge);
    (only && b.side.is_some() && is_distinct && !stated_above(b.level, b.side)).then_some(Between::Level)
}
