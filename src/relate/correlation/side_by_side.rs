//! A finding and a symptom that both stand in a note, and nothing joins.

use super::{in_order, sentences_with};
use crate::lexicon::{Concept, Imaging, Sense, Symptom};
use crate::model::{
    CorrelationStatus, Evidence, EvidenceList, Finding, FindingKind, Mention, Radiculopathy, Region, Role,
    SectionKind, Side, Status,
};
use crate::relate::concordance::sides_agree;
use crate::relate::layers::{Layers, within};
use crate::text::FoldSpan;

/// How far, in words, a side may stand before the symptom that it is said of.
const SIDE_REACH: usize = 4;

/// A finding and a symptom that both stand in the note, and nothing joins.
pub(super) fn side_by_side(
    layers: &Layers<'_, '_>,
    findings: &[Finding],
    radiculopathies: &[Radiculopathy],
) -> (CorrelationStatus, EvidenceList) {
    let finding = findings.iter().find(|f| f.status == Status::Present);
    let imaging = finding
        .and_then(|f| f.evidence.iter().find(|e| e.role == Role::Anchor))
        .map(|e| Evidence { role: Role::Imaging, span: e.span })
        .or_else(|| diagnosis(layers));
    let mut symptoms = Symptoms::read(layers, radiculopathies, tells_symptoms);
    if symptoms.first.is_none() {
        symptoms = Symptoms::read(layers, radiculopathies, tells_reason);
    }
    match imaging.zip(symptoms.first) {
        Some((imaging, symptom))
            if !disagree(findings, symptoms.side) && !are_elsewhere(findings, symptoms.part) =>
        {
            (CorrelationStatus::Implicit, in_order([imaging, symptom]))
        }
        _ => (CorrelationStatus::None, EvidenceList::new()),
    }
}

/// The first structural diagnosis that the note states as there.
fn diagnosis(layers: &Layers<'_, '_>) -> Option<Evidence> {
    let is_diagnosis = |m: &&Mention<Concept>| m.concept == Concept::Imaging(Imaging::Diagnosis);
    let mention = layers.clinical.iter().filter(is_diagnosis).find(|m| is_stated(layers, m.span))?;
    Some(layers.evidence(Role::Imaging, mention.span))
}

/// Whether the note states what stands at a place as there now.
fn is_stated(layers: &Layers<'_, '_>, span: FoldSpan) -> bool {
    let sentence = layers.layout.sentence_at(span.start);
    sentence.is_some_and(|(_, sentence)| layers.scopes(sentence).assess(span).status == Status::Present)
}

/// What the note says of the patient's symptoms as a whole.
#[derive(Clone, Copy, Debug, Default)]
struct Symptoms {
    /// The first that is there.
    first: Option<Evidence>,
    /// The one side of all of them; `None` where one has none, or they differ.
    side: Option<Side>,
    /// The one half of the body that all of them are in; `None` where one names none, or they differ.
    part: Option<Sense>,
}

impl Symptoms {
    /// Reads the symptoms told in the sections that `tells` them.
    fn read(
        layers: &Layers<'_, '_>,
        radiculopathies: &[Radiculopathy],
        tells: fn(SectionKind) -> bool,
    ) -> Self {
        let mut symptoms = Self::default();
        let mut sides: Option<Option<Side>> = None;
        let mut parts: Option<Option<Sense>> = None;
        let mut add = |symptoms: &mut Self, evidence: Evidence, side: Option<Side>, part: Option<Sense>| {
            symptoms.first = symptoms.first.or(Some(evidence));
            sides = match sides {
                None => Some(side),
                Some(other) => Some(other.filter(|_| other == side)),
            };
            parts = match parts {
                None => Some(part),
                Some(other) => Some(other.filter(|_| other == part)),
            };
        };
        for record in
            radiculopathies.iter().filter(|r| matches!(r.status, Status::Present | Status::Possible))
        {
            if let Some(evidence) = record.evidence.iter().find(|e| e.role == Role::Symptom) {
                add(&mut symptoms, *evidence, record.side, None);
            }
        }
        let is_complaint = |concept: Concept| matches!(concept, Concept::Symptom(Symptom::Complaint));
        for (index, clinical) in sentences_with(layers, is_complaint) {
            let sentence = &layers.layout.sentences[index];
            let section = layers.section(sentence);
            if !tells(section) {
                continue;
            }
            let scopes = layers.scopes(sentence);
            for mention in clinical.iter().filter(|m| is_complaint(m.concept)) {
                let is_had = match scopes.assess(mention.span).status {
                    Status::Present | Status::Possible => true,
                    // What the visit or operation is for may be told as its history.
                    Status::Historical => section != SectionKind::Exam,
                    _ => false,
                };
                // What hurts during a procedure is no reason for it; one that names its place may be.
                let is_reason = !matches!(section, SectionKind::Procedure | SectionKind::Technique)
                    || names_place(layers, mention.span)
                    || is_graded(layers, mention.span);
                if is_had && is_reason {
                    let side = side_before(layers, mention.span);
                    let part = part_around(layers, mention.span);
                    add(&mut symptoms, layers.evidence(Role::Symptom, mention.span), side, part);
                }
            }
        }
        symptoms.side = sides.flatten();
        symptoms.part = parts.flatten();
        symptoms
    }
}

/// Whether a complaint in a section of this kind is one that the patient has.
const fn tells_symptoms(section: SectionKind) -> bool {
    !matches!(
        section,
        SectionKind::Consent
            | SectionKind::PastHistory
            | SectionKind::FamilyHistory
            | SectionKind::Key
            | SectionKind::Medications
            | SectionKind::Procedure
            | SectionKind::Technique
    )
}

/// Whether a complaint is named in more than a word: "low back pain", where "pain" is said of any needle.
fn names_place(layers: &Layers<'_, '_>, complaint: FoldSpan) -> bool {
    let text = layers.folded.bytes().get(complaint.start as usize..complaint.end as usize);
    text.is_some_and(|words| words.contains(&b' '))
}

/// Whether a grade stands a short way before a complaint: "progressive severe pain".
fn is_graded(layers: &Layers<'_, '_>, complaint: FoldSpan) -> bool {
    let stretch = FoldSpan::new(layers.back(complaint.start, SIDE_REACH), complaint.start);
    within(layers.mentions, stretch).iter().any(|m| matches!(m.concept, Concept::Severity(_)))
}

/// Whether a section of this kind may tell what was treated, in a note that tells it nowhere else: under
/// "Procedure" a short note says all, "L5-S1 facet injections for low back pain", and the account runs on into
/// "Back pain 8/10 before, 2/10 after".
const fn tells_reason(section: SectionKind) -> bool {
    matches!(section, SectionKind::Procedure | SectionKind::Technique)
}

/// The side that stands a short way before a symptom.
fn side_before(layers: &Layers<'_, '_>, symptom: FoldSpan) -> Option<Side> {
    let stretch = FoldSpan::new(layers.back(symptom.start, SIDE_REACH), symptom.start);
    within(layers.mentions, stretch).iter().rev().find_map(|m| match m.concept {
        Concept::Side(side, _) => Some(side),
        _ => None,
    })
}

/// The half of the body that is named in a complaint or a short way before or after it: "pain in the arm".
fn part_around(layers: &Layers<'_, '_>, complaint: FoldSpan) -> Option<Sense> {
    let start = layers.back(complaint.start, SIDE_REACH);
    let first = layers.tokens.partition_point(|token| token.start < start);
    let end = layers.tokens.partition_point(|token| token.start < complaint.end) + 2 * SIDE_REACH;
    let words = layers.tokens.get(first..end.min(layers.tokens.len())).unwrap_or_default();
    let is_part = |sense: &Sense| matches!(sense, Sense::UpperBody | Sense::LowerBody);
    let mut parts = words.iter().filter_map(|word| word.class.sense).filter(is_part);
    parts.next().filter(|&part| parts.all(|other| other == part))
}

/// Whether no symptom is where the findings could cause it: pain of the arm, and all that is found is lumbar. A narrow
/// cervical canal is felt in the legs too.
fn are_elsewhere(findings: &[Finding], part: Option<Sense>) -> bool {
    let is_out_of_reach = |finding: &Finding| {
        let Some(region) = finding.level.map(|level| level.upper().region()) else { return false };
        match part {
            Some(Sense::UpperBody) => matches!(region, Region::Lumbar | Region::Sacral),
            Some(Sense::LowerBody) => {
                region == Region::Cervical && finding.kind == FindingKind::ForaminalStenosis
            }
            _ => false,
        }
    };
    let mut present = findings.iter().filter(|finding| finding.status == Status::Present).peekable();
    present.peek().is_some() && present.all(is_out_of_reach)
}

/// Whether all findings are on the side on which no symptom is.
fn disagree(findings: &[Finding], symptoms: Option<Side>) -> bool {
    symptoms.is_some()
        && findings.iter().filter(|f| f.status == Status::Present).all(|f| !sides_agree(f.side, symptoms))
        && findings.iter().any(|f| f.status == Status::Present)
}
