//! One fact, one record (annotation guide): what says less than another of its kind and status is dropped;
//! what cannot both hold stays, and is named.

use crate::model::{Between, Contradiction, Finding, FindingKind, Side, Status};

/// Drops what only says less, in place; the order of the note is kept.
pub fn merge(findings: &mut Vec<Finding>) {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings.drain(..) {
        if kept.iter().any(|other| says_all(other, &finding)) {
            continue;
        }
        kept.retain(|other| !says_all(&finding, other));
        kept.push(finding);
    }
    join_sides(&mut kept);
    drop_vague(&mut kept);
    *findings = kept;
}

/// Whether `more` says all that `less` says.
fn says_all(more: &Finding, less: &Finding) -> bool {
    more.kind == less.kind
        && more.status == less.status
        && (more.subtype == less.subtype)
        && covers(more.level, less.level)
        && (covers(more.side, less.side)
            || more.side == Some(Side::Bilateral) && more.severity == less.severity)
        && covers(more.severity, less.severity)
        && (covers(more.root, less.root) || less.level.is_some())
}

fn covers<T: PartialEq>(more: Option<T>, less: Option<T>) -> bool {
    less.is_none() || more == less
}

/// The same said of left and of right is one record of both sides.
fn join_sides(findings: &mut Vec<Finding>) {
    let mut i = 0;
    while i < findings.len() {
        let twin = (i + 1..findings.len()).find(|&j| {
            let (a, b) = (&findings[i], &findings[j]);
            a.kind == b.kind
                && a.level == b.level
                && a.severity == b.severity
                && a.status == b.status
                && a.subtype == b.subtype
                && a.root == b.root
                && a.kind != FindingKind::DiscDisplacement
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

/// A denial without a level beside denials with one says less; so does a statement of all levels.
fn drop_vague(findings: &mut Vec<Finding>) {
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
pub fn contradictions(findings: &[Finding]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for (i, a) in findings.iter().enumerate() {
        for (j, b) in findings.iter().enumerate().skip(i + 1) {
            if let Some(between) = disagreement(a, b) {
                found.push(Contradiction { between, first: i, second: j });
            }
        }
    }
    found
}

fn disagreement(a: &Finding, b: &Finding) -> Option<Between> {
    if a.kind != b.kind || a.level.is_none() || a.level != b.level || a.subtype != b.subtype {
        return None;
    }
    let meet = match (a.side, b.side) {
        (Some(x), Some(y)) => x == y,
        (None, None) => true,
        _ => false,
    };
    match (a.status, b.status) {
        (Status::Present, Status::Absent) | (Status::Absent, Status::Present) if meet => {
            Some(Between::Status)
        }
        (Status::Present, Status::Present)
            if meet && a.severity.is_some() && b.severity.is_some() && a.severity != b.severity =>
        {
            Some(Between::Severity)
        }
        _ => None,
    }
}
