//! The neuroforamen pack: what a foraminal finding, and the note that has one, must state.
//!
//! A finding that is present owes level, side and severity; naming the foramen as narrowed is enough to owe them.
//! The note owes a correlation where its type is one that does ([`Settings`]).

use crate::model::{CorrelationStatus, Element, Finding, FindingKind, Gap, NoteType, Score, Status};

/// What the pack asks for beyond the elements of each finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Types of note that owe a correlation of imaging and symptoms.
    pub correlation_owed_by: Vec<NoteType>,
    /// Whether imaging and symptoms that merely stand side by side count as correlated.
    pub implicit_counts: bool,
}

impl Default for Settings {
    /// Clinic, procedure and operative notes owe a correlation, in words.
    fn default() -> Self {
        Self {
            correlation_owed_by: vec![NoteType::Clinic, NoteType::Procedure, NoteType::Operative],
            implicit_counts: false,
        }
    }
}

impl Settings {
    fn accepts(&self, correlation: Option<CorrelationStatus>) -> bool {
        match correlation {
            Some(CorrelationStatus::Explicit) => true,
            Some(CorrelationStatus::Implicit) => self.implicit_counts,
            Some(CorrelationStatus::None) | None => false,
        }
    }
}

/// The gaps of a note and its score.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// What is missing: finding by finding, then the note's own.
    pub gaps: Vec<Gap>,
    /// Documented over required elements.
    pub score: Score,
}

/// The code of the rule that requires an element.
pub const fn rule_of(element: Element) -> &'static str {
    match element {
        Element::Level => "NF001",
        Element::Laterality => "NF002",
        Element::Severity => "NF003",
        Element::Correlation => "NF004",
    }
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
        for (element, documented) in elements(finding) {
            found.require(element, Some(index), documented);
        }
    }
    let triggered = found.score.required > 0;
    if triggered && settings.correlation_owed_by.contains(&note_type) {
        found.require(Element::Correlation, None, settings.accepts(correlation));
    }
    found
}

/// The score of one finding; nothing is required of a finding that is not foraminal or not present.
pub fn finding_score(finding: &Finding) -> Score {
    if !is_owing(finding) {
        return Score::default();
    }
    let elements = elements(finding);
    let documented = elements.iter().filter(|(_, documented)| *documented).count();
    Score { documented: documented as u32, required: elements.len() as u32 }
}

impl Completeness {
    fn require(&mut self, element: Element, finding: Option<usize>, documented: bool) {
        self.score.required += 1;
        if documented {
            self.score.documented += 1;
        } else {
            self.gaps.push(Gap { rule: rule_of(element), element, finding, procedure: None });
        }
    }
}

/// Whether the pack asks anything of the finding.
pub(super) fn is_owing(finding: &Finding) -> bool {
    finding.kind == FindingKind::ForaminalStenosis && finding.status == Status::Present
}

/// The elements that a finding owes, and whether it has them. A grade on a named scale is a severity.
fn elements(finding: &Finding) -> [(Element, bool); 3] {
    [
        (Element::Level, finding.level.is_some()),
        (Element::Laterality, finding.side.is_some()),
        (Element::Severity, finding.severity.is_some() || finding.grade.is_some()),
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
        assert_eq!(found.score.required - found.score.documented, found.gaps.len() as u32);
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
        assert_eq!(found.score, Score { documented: 5, required: 7 });
        let rows: Vec<_> = found.gaps.iter().map(|g| (g.element, g.finding)).collect();
        assert_eq!(rows, [(Element::Laterality, Some(2)), (Element::Severity, Some(2))]);
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
            proptest::prop_assert_eq!(before.gaps.len() as u32, before.score.required - before.score.documented);
            f.severity = Some(Severity::Severe);
            proptest::prop_assert_eq!(check(&f).gaps.len() + usize::from(!severity), before.gaps.len());
        }
    }
}
