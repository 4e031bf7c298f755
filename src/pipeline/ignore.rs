//! What somebody has set aside with a reason: by a line of the note, or by what came with it.
//!
//! A line of the note reads `foramen: ignore CODE reason`, whatever stands before it on its line, such as a comment
//! sign. A line without a reason sets nothing aside.

use crate::model::{Audit, Ignored, IgnoredRule, Issue};

const MARK: &str = "foramen: ignore ";

/// Whether a line of the note may set something aside.
pub(super) fn is_marked(note: &str) -> bool {
    note.contains(MARK)
}

/// Moves the gaps and flags that `given` or the note itself names out of the audit's, and out of its score.
pub(super) fn set_aside(audit: &mut Audit, note: &str, given: &[IgnoredRule]) {
    if audit.gaps.is_empty() && audit.flags.is_empty() {
        return;
    }
    let lines = note.split(MARK).skip(1).filter_map(|rest| rest.lines().next()?.trim().split_once(' '));
    let stated = lines.map(|(code, reason)| (code.trim_end_matches(':'), reason.trim()));
    let given = given.iter().map(|ignored| (ignored.rule.as_str(), ignored.reason.trim()));
    for (code, reason) in given.chain(stated).filter(|(_, reason)| !reason.is_empty()) {
        let is_of = |rule: &str| rule.eq_ignore_ascii_case(code);
        let gaps = audit.gaps.extract_if(.., |gap| is_of(gap.rule)).map(Issue::Gap);
        let flags = audit.flags.extract_if(.., |flag| is_of(flag.rule)).map(Issue::Flag);
        let issues = gaps.chain(flags);
        audit.ignored.extend(issues.map(|issue| Ignored { issue, reason: reason.to_owned() }));
    }
    let gaps = audit.ignored.iter().filter(|ignored| matches!(ignored.issue, Issue::Gap(_))).count();
    audit.score.required = audit.score.required.saturating_sub(gaps as u32);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;
    use crate::lexicon::Lexicon;
    use crate::model::{Context, NoteType, Score};

    fn audit(note: &str, ignore: &[(&str, &str)]) -> Audit {
        let ignore = ignore
            .iter()
            .map(|(rule, reason)| IgnoredRule { rule: (*rule).into(), reason: (*reason).into() });
        let context =
            Context { note_type: Some(NoteType::Radiology), ignore: ignore.collect(), ..Context::default() };
        Engine::new(Lexicon::embedded()).unwrap().audit(note, &context)
    }

    fn left(audit: &Audit) -> Vec<&str> {
        audit.gaps.iter().map(|gap| gap.rule).collect()
    }

    #[test]
    fn a_line_of_the_note_sets_a_gap_aside_and_out_of_the_score() {
        let note = "IMPRESSION: Left foraminal stenosis at L4-5.\n";
        for (line, gaps, reasons) in [
            ("", &["NF003"][..], &[][..]),
            ("foramen: ignore NF003 graded on the outside report\n", &[], &["graded on the outside report"]),
            ("# foramen: ignore nf003: see above\r\n", &[], &["see above"]),
            ("foramen: ignore NF003\n", &["NF003"], &[]),
            ("foramen: ignore NF003  \n", &["NF003"], &[]),
            ("foramen: ignore NF00 too wide\n", &["NF003"], &[]),
            ("foramen: ignore NF002 not this one\n", &["NF003"], &[]),
        ] {
            let audit = audit(&format!("{note}{line}"), &[]);
            assert_eq!(left(&audit), gaps, "{line}");
            assert_eq!(
                audit.ignored.iter().map(|i| i.reason.as_str()).collect::<Vec<_>>(),
                reasons,
                "{line}"
            );
            assert_eq!(audit.score, Score { documented: 2, required: 2 + gaps.len() as u32 }, "{line}");
        }
    }

    #[test]
    fn what_comes_with_the_note_sets_flags_and_gaps_aside() {
        let note = "FINDINGS: L4-5: Left foraminal stenosis.\nIMPRESSION: Right foraminal stenosis at L4-5.";
        let plain = audit(note, &[]);
        assert_eq!((left(&plain), plain.flags.len()), (vec!["NF003", "NF003"], 1));
        let audit = audit(note, &[("NC001", "addendum to follow"), ("NF003", "CT"), ("NF001", " ")]);
        assert_eq!((left(&audit), audit.flags.len(), audit.ignored.len()), (vec![], 0, 3));
        assert_eq!(audit.score, Score { documented: 4, required: 4 });
    }
}
