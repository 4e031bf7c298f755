//! What an edit has changed: the difference of two audits as multisets of facts.

use super::facts::{FindingFacts, GapFacts};
use crate::model::{Audit, Changes, ClosedGap};

/// What `now` has that `before` had not, and the other way round.
pub(super) fn changes(before: &Audit, now: &Audit) -> Changes {
    let findings = |audit: &Audit| audit.findings.iter().map(FindingFacts::from).collect::<Vec<_>>();
    let (removed, added) = pair_off(&findings(before), &findings(now), &[FindingFacts::eq]);
    let gaps = |audit: &Audit| audit.gaps.iter().map(|gap| GapFacts::of(audit, gap)).collect::<Vec<_>>();
    let (before, now) = (gaps(before), gaps(now));
    // A gap stays the same one while other gaps of its finding are filled.
    let (closed, opened) = pair_off(&before, &now, &[GapFacts::eq, GapFacts::agrees]);
    let closed = closed.into_iter().filter_map(|index| before.get(index));
    let closed = closed.map(|gap| ClosedGap { rule: gap.rule, element: gap.element });
    Changes { added, removed: removed.len(), opened, closed: closed.collect() }
}

/// The indices of what is left on either side when each element has been paired with one of the other side, by the
/// first of the tests that holds.
fn pair_off<T>(before: &[T], now: &[T], tests: &[fn(&T, &T) -> bool]) -> (Vec<usize>, Vec<usize>) {
    let mut gone: Vec<usize> = (0..before.len()).collect();
    let mut new: Vec<usize> = (0..now.len()).collect();
    for is_same in tests {
        gone.retain(|&old| {
            let found = new.iter().position(|&index| is_same(&before[old], &now[index]));
            if let Some(found) = found {
                new.remove(found);
            }
            found.is_none()
        });
    }
    (gone, new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::sample::finding;
    use crate::checks::{Settings, completeness};
    use crate::model::NoteType;

    fn audit(findings: &[&str]) -> Audit {
        let findings: Vec<_> = findings.iter().map(|facts| finding(facts)).collect();
        let gaps = completeness(NoteType::Radiology, &findings, None, &Settings::default()).gaps;
        Audit { findings, gaps, ..Audit::empty(NoteType::Radiology) }
    }

    #[test]
    fn facts_are_paired_each_with_one_of_its_kind() {
        for (before, now, added, removed, opened, closed) in [
            (&[][..], &[][..], &[][..], 0, &[][..], &[][..]),
            // The same facts in another order are the same findings.
            (
                &["foraminal_stenosis L4-L5 left mild", "disc_displacement L4-L5"],
                &["disc_displacement L4-L5", "foraminal_stenosis L4-L5 left mild"],
                &[],
                0,
                &[],
                &[],
            ),
            // Of two equal ones, one is gone.
            (
                &["foraminal_stenosis L4-L5 left", "foraminal_stenosis L4-L5 left"],
                &["foraminal_stenosis L4-L5 left"],
                &[],
                1,
                &[],
                &["NF003"],
            ),
            (&[], &["foraminal_stenosis L4-L5"], &[0], 0, &[0, 1], &[]),
            // What was missing is there: the finding is another, the gap beside is the same.
            (&["foraminal_stenosis L4-L5"], &["foraminal_stenosis L4-L5 left"], &[0], 1, &[], &["NF002"]),
            (
                &["foraminal_stenosis L4-L5 left"],
                &["foraminal_stenosis L4-L5 right"],
                &[0],
                1,
                &[0],
                &["NF003"],
            ),
        ] {
            let changes = changes(&audit(before), &audit(now));
            assert_eq!((&changes.added[..], changes.removed), (added, removed), "{before:?} {now:?}");
            let rules: Vec<_> = changes.closed.iter().map(|gap| gap.rule).collect();
            assert_eq!((&changes.opened[..], &rules[..]), (opened, closed), "{before:?} {now:?}");
        }
    }
}
