//! Flags for statements of one note that cannot both hold.

use crate::model::{
    Between, Concordance, Contradiction, Correlation, CorrelationStatus, EvidenceList, Finding, Flag,
    Radiculopathy, Role, Status,
};
use crate::text::Span;

use super::Rules;
use super::describe::{describe, value};
use super::rules::fill;

/// The code of the rule on a disagreement.
pub(super) const fn rule_of(between: Between) -> &'static str {
    match between {
        Between::Side => "NC001",
        Between::Severity => "NC002",
        Between::Status => "NC003",
        Between::Level => "NC004",
    }
}

/// One flag for each contradiction, in their order, with the evidence of both statements in the note's order.
///
/// Messages are built from values alone and hold no words of the note. A contradiction whose indices are none of
/// `findings` gives no flag.
pub fn contradiction_flags(
    rules: &Rules,
    findings: &[Finding],
    contradictions: &[Contradiction],
) -> Vec<Flag> {
    contradictions.iter().filter_map(|contradiction| flag(rules, findings, *contradiction)).collect()
}

const DISCORDANT: &str = "NC005";

/// The flag of a note that puts symptoms down to a finding which does not take their root, or not on their side.
///
/// Only a link that the note states in words is judged, and only where it is one of a radiculopathy: "scar is responsible
/// for the leg pain" tells nothing of roots.
pub fn discordance_flag(
    rules: &Rules,
    correlation: Option<&Correlation>,
    radiculopathies: &[Radiculopathy],
) -> Option<Flag> {
    let correlation = correlation
        .filter(|c| c.status == CorrelationStatus::Explicit && c.concordance == Concordance::Discordant)?;
    let rule = rules.get(DISCORDANT)?;
    let is_symptom =
        |span: Span| correlation.evidence.iter().any(|e| e.role == Role::Symptom && e.span.overlaps(span));
    let told = radiculopathies
        .iter()
        .filter(|r| r.status != Status::Absent && r.root.is_some())
        .filter(|r| r.evidence.iter().any(|e| is_symptom(e.span)));
    let mut roots: Vec<String> = told.clone().map(describe_root).collect();
    roots.dedup();
    if roots.is_empty() {
        return None;
    }
    let message = fill(rule.message.as_deref().unwrap_or_default(), &[("root", &roots.join(", "))]);
    let of_roots = told.flat_map(|r| &r.evidence);
    let mut evidence: EvidenceList = correlation.evidence.iter().chain(of_roots).copied().collect();
    evidence.sort_unstable_by_key(|e| (e.span.start, e.span.end, e.role));
    evidence.dedup();
    Some(Flag { rule: DISCORDANT, level: rule.level, message, evidence })
}

fn describe_root(radiculopathy: &Radiculopathy) -> String {
    let side = radiculopathy.side.map(|side| format!(" ({side})")).unwrap_or_default();
    radiculopathy.root.map(|root| format!("{root}{side}")).unwrap_or_default()
}

fn flag(rules: &Rules, findings: &[Finding], contradiction: Contradiction) -> Option<Flag> {
    let (first, second) = (findings.get(contradiction.first)?, findings.get(contradiction.second)?);
    let code = rule_of(contradiction.between);
    let rule = rules.get(code)?;
    let agreed = |of| of != contradiction.between && value(first, of) == value(second, of);
    let disputed = |finding| value(finding, contradiction.between).unwrap_or_default();
    let message = fill(
        rule.message.as_deref().unwrap_or_default(),
        &[("finding", &describe(first, agreed)), ("first", &disputed(first)), ("second", &disputed(second))],
    );
    let mut evidence: EvidenceList = first.evidence.iter().chain(&second.evidence).copied().collect();
    evidence.sort_unstable_by_key(|e| (e.span.start, e.span.end, e.role));
    evidence.dedup();
    Some(Flag { rule: code, level: rule.level, message, evidence })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::sample::{finding, finding_in};

    fn message(between: Between, first: &str, second: &str) -> (&'static str, String) {
        let rules = Rules::embedded().unwrap();
        let findings = [finding(first), finding(second)];
        let flags = contradiction_flags(&rules, &findings, &[Contradiction { between, first: 0, second: 1 }]);
        (flags[0].rule, flags[0].message.clone())
    }

    #[test]
    fn messages_name_what_is_agreed_and_what_is_not() {
        for (between, first, second, code, expected) in [
            (
                Between::Side,
                "foraminal_stenosis L4-L5 left moderate",
                "foraminal_stenosis L4-L5 right moderate",
                "NC001",
                "foraminal stenosis (L4-L5, moderate): the side is left in one place and right in another",
            ),
            (
                Between::Severity,
                "foraminal_stenosis C5-C6 right mild",
                "foraminal_stenosis C5-C6 right moderate_to_severe",
                "NC002",
                "foraminal stenosis (C5-C6, right): the severity is mild in one place and moderate to severe in another",
            ),
            (
                Between::Status,
                "central_canal_stenosis absent",
                "central_canal_stenosis moderate",
                "NC003",
                "central canal stenosis: absent in one place and present in another",
            ),
            (
                Between::Level,
                "disc_displacement L4-L5 left",
                "disc_displacement L5-S1 left",
                "NC004",
                "disc displacement (left): the level is L4-L5 in one place and L5-S1 in another",
            ),
        ] {
            assert_eq!(message(between, first, second), (code, expected.to_owned()));
        }
    }

    #[test]
    fn evidence_of_both_statements_comes_in_the_order_of_the_note() {
        let note = "Left foraminal stenosis. Right foraminal narrowing.";
        let right =
            finding_in(note, "foraminal_stenosis right", &["side Right", "anchor foraminal narrowing"]);
        let left = finding_in(note, "foraminal_stenosis left", &["side Left", "anchor foraminal stenosis"]);
        let rules = Rules::embedded().unwrap();
        let both = Contradiction { between: Between::Side, first: 0, second: 1 };
        let flags = contradiction_flags(&rules, &[right, left], &[both]);
        let words: Vec<_> = flags[0].evidence.iter().map(|e| e.span.of(note)).collect();
        assert_eq!(words, ["Left", "foraminal stenosis", "Right", "foraminal narrowing"]);
    }

    #[test]
    fn indices_beyond_the_findings_give_no_flag() {
        let rules = Rules::embedded().unwrap();
        let stray = Contradiction { between: Between::Side, first: 0, second: 9 };
        assert_eq!(contradiction_flags(&rules, &[finding("disc_displacement")], &[stray]), []);
    }
}
