//! The neuroforamen pack: what a foraminal finding, and the note that has one, must state.
//!
//! A finding that is present owes level, side and severity; naming the foramen as narrowed is enough to owe them.
//! The note owes a correlation where its type is one that does ([`Settings`]).

use super::Settings;
use crate::model::{CorrelationStatus, Element, Finding, FindingKind, Gap, NoteType, Score, Status};

/// The rule that requires a correlation.
pub(super) const CORRELATION: &str = "NF004";

/// What is required of a note: what of it is missing, and what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// What is missing: finding by finding, then the note's own, then procedure by procedure.
    pub gaps: Vec<Gap>,
    /// The rules whose element is there, each as often as it is.
    pub documented: Vec<&'static str>,
}

/// Checks the facts of one note. A correlation that is `None` counts as missing where the note's type owes one.
pub fn completeness(
    note_type: NoteType,
    findings: &[Finding],
    correlation: Option<CorrelationStatus>,
    settings: &Settings,
) -> Completeness {
    let mut found = Completeness::default();
    for (index, finding) in findings.iter().enumerate().filter(|(_, f)| is_owing(f)) {
        for (rule, element, documented) in elements(finding) {
            found.require(Gap { rule, element, finding: Some(index), procedure: None }, documented);
        }
    }
    if owes_correlation(note_type, findings, settings) {
        let (rule, element) = (CORRELATION, Element::Correlation);
        found.require(Gap { rule, element, finding: None, procedure: None }, settings.accepts(correlation));
    }
    found
}

/// Whether a note owes a correlation for its foraminal findings.
pub(super) fn owes_correlation(note_type: NoteType, findings: &[Finding], settings: &Settings) -> bool {
    settings.correlation_owed_by.contains(&note_type) && findings.iter().any(is_owing)
}

/// The score of one finding; nothing is required of a finding that is not foraminal or not present.
pub fn finding_score(finding: &Finding) -> Score {
    if !is_owing(finding) {
        return Score::default();
    }
    let elements = elements(finding);
    let documented = elements.iter().filter(|(_, _, documented)| *documented).count();
    Score { documented: documented as u32, required: elements.len() as u32 }
}

impl Completeness {
    /// Documented over required elements.
    pub fn score(&self) -> Score {
        let documented = self.documented.len() as u32;
        Score { documented, required: documented + self.gaps.len() as u32 }
    }

    /// Requires an element: `gap` is what its absence is.
    pub(super) fn require(&mut self, gap: Gap, documented: bool) {
        if documented {
            self.documented.push(gap.rule);
        } else {
            self.gaps.push(gap);
        }
    }

    /// Adds what another pack requires.
    pub fn extend(&mut self, other: Self) {
        self.gaps.extend(other.gaps);
        self.documented.extend(other.documented);
    }

    /// Keeps what the rules of these codes require.
    pub fn retain(&mut self, is_wanted: impl Fn(&str) -> bool) {
        self.gaps.retain(|gap| is_wanted(gap.rule));
        self.documented.retain(|rule| is_wanted(rule));
    }
}

/// Whether the pack asks anything of the finding.
pub(super) fn is_owing(finding: &Finding) -> bool {
    finding.kind == FindingKind::ForaminalStenosis && finding.status == Status::Present
}

/// The elements that a finding owes, and whether it has them. A grade on a named scale is a severity.
fn elements(finding: &Finding) -> [(&'static str, Element, bool); 3] {
    [
        ("NF001", Element::Level, finding.level.is_some()),
        ("NF002", Element::Laterality, finding.side.is_some()),
        ("NF003", Element::Severity, finding.severity.is_some() || finding.grade.is_some()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::sample::finding;
    use crate::model::Severity;

    fn elements_missing(
        note_type: NoteType,
        findings: &[Finding],
        c: Option<CorrelationStatus>,
    ) -> Vec<&str> {
        let found = completeness(note_type, findings, c, &Settings::default());
        found.gaps.iter().map(|g| g.rule).collect()
    }

    #[test]
    fn a_bare_foraminal_finding_owes_all_three_elements() {
        let bare = finding("foraminal_stenosis");
        assert_eq!(finding_score(&bare), Score { documented: 0, required: 3 });
        assert_eq!(elements_missing(NoteType::Radiology, &[bare], None), ["NF001", "NF002", "NF003"]);
    }

    #[test]
    fn each_element_stands_for_itself() {
        for (facts, missing) in [
            ("foraminal_stenosis L4-L5 left moderate", &[][..]),
            ("foraminal_stenosis left moderate", &["NF001"]),
            ("foraminal_stenosis L4-L5 moderate", &["NF002"]),
            ("foraminal_stenosis L4-L5 bilateral", &["NF003"]),
            ("foraminal_stenosis L4 left", &["NF003"]),
        ] {
            assert_eq!(elements_missing(NoteType::Radiology, &[finding(facts)], None), missing, "{facts}");
        }
    }

    #[test]
    fn a_grade_on_a_named_scale_is_a_severity() {
        let mut graded = finding("foraminal_stenosis L4-L5 left");
        graded.grade = Some(crate::model::ScaleGrade { scale: 0, span: crate::text::Span::new(0, 1) });
        assert_eq!(elements_missing(NoteType::Radiology, &[graded], None), [""; 0]);
    }

    #[test]
    fn only_present_foraminal_findings_owe_anything() {
        let others = [
            finding("foraminal_stenosis absent"),
            finding("foraminal_stenosis possible"),
            finding("foraminal_stenosis historical"),
            finding("foraminal_stenosis hypothetical"),
            finding("central_canal_stenosis"),
            finding("nerve_root_compression L4-L5"),
        ];
        let found =
            completeness(NoteType::Clinic, &others, Some(CorrelationStatus::None), &Settings::default());
        assert_eq!(found, Completeness::default());
    }

    #[test]
    fn correlation_is_owed_by_the_type_of_note_and_satisfied_in_words() {
        let full = [finding("foraminal_stenosis L4-L5 left moderate")];
        for owing in [NoteType::Clinic, NoteType::Procedure, NoteType::Operative] {
            for (status, missing) in [
                (Some(CorrelationStatus::Explicit), &[][..]),
                (Some(CorrelationStatus::Implicit), &["NF004"]),
                (Some(CorrelationStatus::None), &["NF004"]),
                (None, &["NF004"]),
            ] {
                assert_eq!(elements_missing(owing, &full, status), missing, "{owing} {status:?}");
            }
        }
        for exempt in [NoteType::Radiology, NoteType::Other] {
            assert_eq!(elements_missing(exempt, &full, None), [""; 0]);
        }
    }

    #[test]
    fn settings_say_who_owes_a_correlation_and_what_counts() {
        let full = [finding("foraminal_stenosis L4-L5 left moderate")];
        let lax = Settings { implicit_counts: true, ..Settings::default() };
        let implicit = Some(CorrelationStatus::Implicit);
        assert_eq!(completeness(NoteType::Clinic, &full, implicit, &lax).gaps, []);
        let radiology = Settings { correlation_owed_by: vec![NoteType::Radiology], ..Settings::default() };
        assert_eq!(completeness(NoteType::Radiology, &full, None, &radiology).gaps.len(), 1);
        assert_eq!(completeness(NoteType::Clinic, &full, None, &radiology).gaps.len(), 0);
    }

    #[test]
    fn the_note_scores_the_sum_of_its_findings_and_its_own() {
        let findings = [
            finding("foraminal_stenosis L4-L5 left moderate"),
            finding("central_canal_stenosis"),
            finding("foraminal_stenosis L5-S1"),
        ];
        let found = completeness(
            NoteType::Clinic,
            &findings,
            Some(CorrelationStatus::Explicit),
            &Settings::default(),
        );
        assert_eq!(found.score(), Score { documented: 5, required: 7 });
        let rows: Vec<_> = found.gaps.iter().map(|g| (g.element, g.finding)).collect();
        assert_eq!(rows, [(Element::Laterality, Some(2)), (Element::Severity, Some(2))]);
    }

    #[test]
    fn rules_that_are_not_wanted_ask_nothing_and_score_nothing() {
        let findings = [finding("foraminal_stenosis L4-L5")];
        let mut found = completeness(NoteType::Radiology, &findings, None, &Settings::default());
        found.retain(|rule| rule != "NF001" && rule != "NF003");
        assert_eq!(found.gaps.iter().map(|g| g.rule).collect::<Vec<_>>(), ["NF002"]);
        assert_eq!(found.score(), Score { documented: 0, required: 1 });
    }

    proptest::proptest! {
        #[test]
        fn documenting_more_never_adds_a_gap(
            level in proptest::bool::ANY, side in proptest::bool::ANY, severity in proptest::bool::ANY,
            note_type in 0..NoteType::ALL.len(), status in 0..3_usize,
        ) {
            let mut f = finding("foraminal_stenosis");
            if level { f.level = "L4-L5".parse().ok(); }
            if side { f.side = Some(crate::model::Side::Left); }
            if severity { f.severity = Some(Severity::Mild); }
            let check = |f: &Finding| completeness(
                NoteType::ALL[note_type], std::slice::from_ref(f), Some(CorrelationStatus::ALL[status]),
                &Settings::default(),
            );
            let before = check(&f);
            f.severity = Some(Severity::Severe);
            proptest::prop_assert_eq!(check(&f).gaps.len() + usize::from(!severity), before.gaps.len());
        }
    }
}
