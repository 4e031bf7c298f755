//! Conservative care: does the note document a non-operative treatment that was had before today?
//!
//! A treatment counts where the words around it say that it was had ("failed physical therapy"), or where it is
//! told in a history with nothing that puts it off. A plan counts only what goes on; an injection, which may be
//! today's, only what is said to be past, and an injection that the procedures date to before. A list of medications names what is taken for anything: a drug in it counts
//! where its entry says what for ("gabapentin 300 mg for leg pain").

use super::layers::{Layers, within};
use crate::context::Scopes;
use crate::lexicon::{Care, Concept, Word};
use crate::matching::FunctionWords;
use crate::model::{
    ConservativeCare, Evidence, EvidenceList, Mention, Procedure, ProcedureFamily, ProcedureStatus, Role,
    SectionKind, Status,
};
use crate::text::{FoldSpan, Span};

/// Reads the conservative care that a note documents, which tells of these procedures and of `lasting`, for how long
/// care was tried.
pub fn conservative_care(
    layers: &Layers<'_, '_>,
    procedures: &[Procedure],
    lasting: Option<Span>,
) -> ConservativeCare {
    let mut evidence = EvidenceList::new();
    let mut done = 0;
    for mention in layers.care.iter().filter(|m| is_treatment(m.concept)) {
        if mention.span.start < done {
            continue;
        }
        let Some(statement) = CareSentence::at(layers, mention.span) else { continue };
        done = statement.span.end;
        let treatments =
            statement.care.iter().filter(|m| is_treatment(m.concept) && !is_patient(layers, m.span));
        for treatment in treatments.filter(|m| statement.was_had(m)) {
            evidence.push(layers.evidence(Role::Treatment, treatment.span));
        }
    }
    evidence.extend(procedures.iter().filter_map(earlier));
    if let Some(span) = lasting.filter(|_| evidence.is_empty()) {
        evidence.push(Evidence { role: Role::Treatment, span });
    }
    evidence.sort_unstable_by_key(|e| e.span);
    evidence.dedup_by(|next, kept| kept.span.overlaps(next.span));
    ConservativeCare { documented: !evidence.is_empty(), evidence }
}

/// The name of an injection that was had before, or of an ablation.
fn earlier(procedure: &Procedure) -> Option<Evidence> {
    let is_injection =
        procedure.family.is_injection() || procedure.family == ProcedureFamily::RadiofrequencyAblation;
    let is_past = procedure.status == ProcedureStatus::Historical && is_injection;
    let name = procedure.evidence.iter().find(|e| e.role == Role::Anchor).filter(|_| is_past)?;
    Some(Evidence { role: Role::Treatment, span: name.span })
}

/// Whether the note says of the treatment at a place that it was had.
pub(super) fn was_had(layers: &Layers<'_, '_>, treatment: FoldSpan) -> bool {
    CareSentence::at(layers, treatment).is_some_and(|statement| {
        let named = statement.care.iter().find(|m| is_treatment(m.concept) && m.span == treatment);
        named.is_some_and(|m| !is_patient(layers, m.span) && statement.was_had(m))
    })
}

const fn is_treatment(concept: Concept) -> bool {
    matches!(concept, Concept::Care(Care::Treatment | Care::Drug | Care::Injection))
}

/// Whether a stretch names a symptom: "for pain".
fn names_symptom(layers: &Layers<'_, '_>, span: FoldSpan) -> bool {
    within(layers.clinical, span).iter().any(|m| matches!(m.concept, Concept::Symptom(_)))
}

/// Whether an abbreviation of two letters stands for a person: "Pt", where therapy is "PT".
fn is_patient(layers: &Layers<'_, '_>, span: FoldSpan) -> bool {
    span.len() == 2 && layers.folded.note_text(span).bytes().any(|b| b.is_ascii_lowercase())
}

/// A sentence with a treatment in it.
struct CareSentence<'a> {
    span: FoldSpan,
    text: &'a [u8],
    words: &'a FunctionWords,
    care: &'a [Mention<Concept>],
    /// Care named in the heading: "Treatments tried:".
    heading: &'a [Mention<Concept>],
    section: SectionKind,
    /// Whether it is an entry of a list of medications that does not say what for.
    is_bare_entry: bool,
    scopes: Scopes,
}

impl<'a> CareSentence<'a> {
    /// The sentence in which a treatment stands.
    fn at(layers: &Layers<'a, '_>, treatment: FoldSpan) -> Option<Self> {
        let (_, sentence) = layers.layout.sentence_at(treatment.start)?;
        let heading = layers.layout.sections.get(sentence.section as usize).map(|s| s.heading);
        let section = layers.section(sentence);
        Some(Self {
            span: sentence.span,
            text: layers.folded.bytes(),
            words: layers.words,
            care: within(layers.care, sentence.span),
            heading: heading.map(|span| within(layers.care, span)).unwrap_or_default(),
            section,
            is_bare_entry: section == SectionKind::Medications && !names_symptom(layers, sentence.span),
            scopes: layers.scopes(sentence),
        })
    }

    /// Whether the sentence says of a treatment that it was had.
    fn was_had(&self, treatment: &Mention<Concept>) -> bool {
        if matches!(self.section, SectionKind::Consent | SectionKind::FamilyHistory | SectionKind::Key) {
            return false;
        }
        let cue = self.nearest_cue(treatment.span);
        if cue == Some(Care::Future) || self.is_refused(treatment.span) {
            return false;
        }
        let is_headed = || self.heading.iter().any(|m| matches!(m.concept, Concept::Care(Care::Tried)));
        let is_listed = self.is_bare_entry && matches!(treatment.concept, Concept::Care(Care::Drug));
        let tried = match cue {
            Some(Care::Tried) => true,
            Some(Care::Taken) => !is_listed,
            _ => cue.is_none() && is_headed(),
        };
        let is_injection = matches!(treatment.concept, Concept::Care(Care::Injection));
        if is_injection && self.section == SectionKind::Procedure {
            return false;
        }
        match self.status(treatment.span) {
            Status::Hypothetical | Status::Family | Status::Absent => false,
            Status::Historical => true,
            // What was used to do it, unless it is told as had before.
            _ if self.section == SectionKind::Technique => false,
            Status::Present | Status::Possible => {
                tried || !is_injection && !is_listed && tells_what_was(self.section)
            }
        }
    }

    /// What the context says of a treatment. A denial inside "no better after …" denies its success alone, and
    /// one before a full stop that ends no sentence ("no leg sx. PT failed") another thing.
    fn status(&self, treatment: FoldSpan) -> Status {
        let assertion = self.scopes.assess(treatment);
        let of_other = |cue: FoldSpan| {
            let between = self.text.get(cue.end as usize..treatment.start as usize).unwrap_or_default();
            between.windows(2).any(|pair| pair == b". ") || self.cues().any(|(_, tried)| tried.overlaps(cue))
        };
        match assertion.scope {
            Some(scope) if scope.status == Status::Absent && of_other(scope.cue) => Status::Present,
            _ => assertion.status,
        }
    }

    fn cues(&self) -> impl Iterator<Item = (Care, FoldSpan)> {
        self.care.iter().filter_map(|m| match m.concept {
            Concept::Care(care @ (Care::Tried | Care::Taken | Care::Future)) => Some((care, m.span)),
            _ => None,
        })
    }

    /// Whether the patient would not have a treatment: "declined physical therapy and injections", "therapy was
    /// declined". What was had before stays: "failed therapy, declined surgery", "declined surgery, therapy for weeks".
    fn is_refused(&self, treatment: FoldSpan) -> bool {
        let refusals =
            self.care.iter().filter(|m| matches!(m.concept, Concept::Care(Care::Refused))).map(|m| m.span);
        refusals.into_iter().any(|cue| {
            if cue.start >= treatment.end {
                // "therapy was declined", and not "had therapy and declined surgery"
                let mut words = self.between(treatment.end, cue.start).split(|b| *b == b' ');
                return words.all(|word| {
                    word.is_empty() || matches!(self.words.class(word).word, Some(Word::Is | Word::Has))
                });
            }
            let between = self.between(cue.end, treatment.start);
            let is_tried_since =
                self.cues().any(|(_, tried)| tried.start >= cue.end && tried.end <= treatment.start);
            let comma = between.iter().position(|&b| b == b',').map(|at| cue.end + at as u32);
            // What is listed after a comma is refused where what stands before it is a treatment as well.
            let is_listed = comma.is_none_or(|comma| {
                self.care
                    .iter()
                    .any(|m| is_treatment(m.concept) && m.span.start >= cue.end && m.span.end <= comma)
            });
            is_listed && !is_tried_since && !between.iter().any(|b| matches!(b, b';' | b'.'))
        })
    }

    fn between(&self, start: u32, end: u32) -> &'a [u8] {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The cue that governs a treatment: the last one before it, else the first after it.
    fn nearest_cue(&self, treatment: FoldSpan) -> Option<Care> {
        let before = self.cues().filter(|(_, cue)| cue.end <= treatment.start).last();
        let after = || self.cues().find(|&(_, cue)| cue.start >= treatment.end);
        before.or_else(after).map(|(care, _)| care)
    }
}

/// Whether a treatment told in a section of this kind is one that was had, for want of other words. Imaging is none:
/// a short note runs on under its heading.
const fn tells_what_was(section: SectionKind) -> bool {
    matches!(
        section,
        SectionKind::Unknown
            | SectionKind::Indication
            | SectionKind::History
            | SectionKind::PastHistory
            | SectionKind::Medications
            | SectionKind::Imaging
    )
}
