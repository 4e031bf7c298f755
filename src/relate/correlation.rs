//! Correlation: does the note join what imaging shows to what the patient has, in words or side by side?
//!
//! A link joins what stands before it to what follows, up to the next link, in its sentence:
//!
//! ```text
//! left leg pain and numbness, due to the extrusion at L4-5
//! └──── symptom ───────────┘  └link┘ └─ imaging ┘            explicit
//! ```
//!
//! Without a link a present finding and a present symptom are implicit, unless their sides disagree.

use smallvec::SmallVec;

use super::concordance::{concordance, sides_agree};
use super::layers::{Layers, within};
use crate::context::Scopes;
use crate::lexicon::{ChangeClass, Concept, Form, Imaging, LevelWord, Link, Sense, Structure, Symptom};
use crate::matching::{Token, is_word_byte};
use crate::model::{
    Correlation, CorrelationStatus, Evidence, EvidenceList, Finding, Mention, Radiculopathy, Role,
    SectionKind, Side, Status,
};
use crate::segment::Sentence;
use crate::text::FoldSpan;

/// How many words may stand for what the sentence before says: "all of this explains …".
const LONGEST_PRONOUN: usize = 3;

/// How many sentences back a sentence may point that names one of the two only: "Symptoms concordant."
const SENTENCES_BACK: usize = 4;

/// How far after a question the box may stand that is ticked, in words and marks.
const ANSWER_REACH: usize = 12;

/// How far, in words, a side may stand before the symptom that it is said of.
const SIDE_REACH: usize = 4;

/// Reads the correlation of a note with these findings and radiculopathies.
pub fn correlate(
    layers: &Layers<'_, '_>,
    findings: &[Finding],
    radiculopathies: &[Radiculopathy],
) -> Correlation {
    let (mut joined, mut denied) = (None, None);
    let is_spine = !findings.is_empty();
    for (index, sentence) in layers.layout.sentences.iter().enumerate() {
        let clinical = within(layers.clinical, sentence.span);
        if clinical.iter().any(|m| matches!(m.concept, Concept::Link(_))) {
            let first = index.saturating_sub(SENTENCES_BACK);
            let before = layers.layout.sentences.get(first..index).unwrap_or_default();
            Statement { layers, sentence, before, scopes: layers.scopes(sentence), is_spine }.read(
                clinical,
                &mut joined,
                &mut denied,
            );
        }
    }
    let (status, evidence) = match (joined, denied) {
        (Some(evidence), _) => (CorrelationStatus::Explicit, evidence),
        (None, Some(evidence)) => (CorrelationStatus::None, evidence),
        (None, None) => side_by_side(layers, findings, radiculopathies),
    };
    Correlation { status, concordance: concordance(findings, radiculopathies), evidence }
}

/// What the words on one side of a link speak of: of each the mention nearest to the link.
#[derive(Clone, Copy, Debug, Default)]
struct Term {
    symptom: Option<FoldSpan>,
    imaging: Option<FoldSpan>,
    study: Option<FoldSpan>,
    /// Whether it is told in the sentences before, since nothing follows the link.
    is_told: bool,
}

impl Term {
    fn put(&mut self, mention: &Mention<Concept>) {
        let slot = match mention.concept {
            Concept::Symptom(_) => &mut self.symptom,
            Concept::Imaging(Imaging::Study) => &mut self.study,
            Concept::Imaging(_) => &mut self.imaging,
            _ => return,
        };
        *slot = Some(mention.span);
    }

    const fn is_empty(self) -> bool {
        self.symptom.is_none() && self.imaging.is_none() && self.study.is_none()
    }
}

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Open,
}

/// A sentence with a link in it.
struct Statement<'a, 'n> {
    layers: &'a Layers<'a, 'n>,
    sentence: &'a Sentence,
    before: &'a [Sentence],
    scopes: Scopes,
    /// Whether the note has findings of the spine, so that a change named in it is likely one of them.
    is_spine: bool,
}

impl Statement<'_, '_> {
    fn read(
        &self,
        clinical: &[Mention<Concept>],
        joined: &mut Option<EvidenceList>,
        denied: &mut Option<EvidenceList>,
    ) {
        let mut from = self.sentence.span.start;
        let links = || {
            clinical
                .iter()
                .filter_map(|m| if let Concept::Link(l) = m.concept { Some((l, m.span)) } else { None })
        };
        for (at, (link, span)) in links().enumerate() {
            let to = links().nth(at + 1).map_or(self.sentence.span.end, |(_, next)| next.start);
            let left = self.left(FoldSpan::new(self.after_semicolon(from, span.start), span.start));
            let right = self.right(FoldSpan::new(span.end, self.before_semicolon(span.end, to)));
            from = span.end;
            let assertion = self.scopes.assess(span);
            let answer = self.answer();
            let is_denial = match (link, assertion.status) {
                _ if answer == Some(Answer::No) => true,
                _ if answer == Some(Answer::Open) => continue,
                (_, Status::Hypothetical | Status::Family) => continue,
                (Link::Denies, _) => true,
                // "no stenosis at L5-S1 is responsible" denies the stenosis.
                (_, Status::Absent) => {
                    assertion.scope.is_none_or(|s| !self.names_change(s.cue.end, span.start))
                }
                _ => false,
            };
            let pair = match link {
                // "due to": what is explained stands before it, what explains it after.
                Link::Traces => left.symptom.zip(right.imaging),
                // "agreement between the scan and her pain"
                Link::Between => right.symptom.zip(right.imaging.or(right.study)),
                // "no correlation between the scan and her pain"
                Link::Denies => left
                    .symptom
                    .or(right.symptom)
                    .zip(left.imaging.or(left.study).or(right.imaging).or(right.study)),
                Link::Joins => left
                    .symptom
                    .zip(right.imaging.or(right.study))
                    .or_else(|| right.symptom.zip(left.imaging.or(left.study)))
                    // "Her pain and the scan are concordant."
                    .or_else(|| left.symptom.zip(left.imaging.or(left.study)).filter(|_| right.is_told)),
            };
            let slot = if is_denial { &mut *denied } else { &mut *joined };
            if let (Some((symptom, imaging)), None) = (pair, &slot) {
                let parts = [(Role::Symptom, symptom), (Role::Link, span), (Role::Imaging, imaging)];
                *slot = Some(in_order(parts.map(|(role, span)| self.layers.evidence(role, span))));
            }
        }
    }

    /// What the next sentence says to one that asks: "Does the scan explain the pain? No."
    fn answer(&self) -> Option<Answer> {
        let (span, text) = (self.sentence.span, self.layers.folded.bytes());
        let asked =
            self.layers.folded.slice(span).ends_with('?') || text.get(span.end as usize) == Some(&b'?');
        if !asked {
            return None;
        }
        let byte = |token: &Token| text.get(token.start as usize).copied().unwrap_or(b' ');
        let first = self.layers.tokens.partition_point(|token| token.start < span.end);
        let rest = self.layers.tokens.get(first..).unwrap_or_default();
        let rest = rest.get(..ANSWER_REACH).unwrap_or(rest);
        // "[x] Y  [ ] N": the box that is ticked, whatever the letter.
        let is_ticked = |parts: &[Token]| {
            matches!(parts, [open, tick, close]
                if byte(open) == b'[' && byte(close) == b']' && byte(tick).is_ascii_alphabetic())
        };
        let ticked = rest.windows(3).position(is_ticked).map_or(0, |at| at + 3);
        let answer = rest.iter().skip(ticked).find(|token| byte(token).is_ascii_alphabetic());
        Some(match answer.and_then(|word| word.class.sense) {
            Some(Sense::No) => Answer::No,
            Some(Sense::Yes) => Answer::Yes,
            _ => Answer::Open,
        })
    }

    /// Whether a change is named between two places.
    fn names_change(&self, from: u32, to: u32) -> bool {
        from < to
            && within(self.layers.mentions, FoldSpan::new(from, to)).iter().any(|m| is_change(m.concept))
    }

    /// Where what stands from `from` before `to` starts anew after its last semicolon.
    fn after_semicolon(&self, from: u32, to: u32) -> u32 {
        let text = self.layers.folded.bytes().get(from as usize..to as usize).unwrap_or_default();
        text.iter().rposition(|&b| b == b';').map_or(from, |at| from + at as u32 + 1)
    }

    /// Where what stands from `from` ends at its first semicolon, or at `to`.
    fn before_semicolon(&self, from: u32, to: u32) -> u32 {
        let text = self.layers.folded.bytes().get(from as usize..to as usize).unwrap_or_default();
        text.iter().position(|&b| b == b';').map_or(to, |at| from + at as u32)
    }

    /// What stands before a link; where that is a pronoun or nothing, what the sentence before says.
    fn left(&self, stretch: FoldSpan) -> Term {
        let term = self.term(stretch);
        let told = self.before.last().filter(|s| s.section == self.sentence.section);
        match told {
            Some(told)
                if term.is_empty()
                    && self.layers.steps(stretch.start, stretch.end) <= LONGEST_PRONOUN
                    && !self.opens_with_level(stretch) =>
            {
                self.told(told)
            }
            _ => term,
        }
    }

    /// Whether a stretch has a level for its subject, which is no pronoun: "C3-C4 was the source of the pain".
    fn opens_with_level(&self, stretch: FoldSpan) -> bool {
        let first = self.layers.levels.partition_point(|l| l.span.start < stretch.start);
        // "The C3-C4 …"
        let is_first = |at: u32| self.layers.steps(stretch.start, at) <= 1;
        self.layers
            .levels
            .get(first)
            .is_some_and(|level| level.span.end <= stretch.end && is_first(level.span.start))
    }

    /// What stands after a link; where the link ends its sentence, what is told before: "Symptoms concordant."
    fn right(&self, stretch: FoldSpan) -> Term {
        if self.words(stretch).next().is_some() {
            let term = self.term(stretch);
            // "The stenosis at C5-6 explains it."
            let told = self.before.last().filter(|s| s.section == self.sentence.section);
            return match told {
                Some(told) if term.is_empty() && self.is_pronoun(stretch) => self.told(told),
                _ => term,
            };
        }
        let mut told = self.before.iter().rev().map(|s| self.told(s));
        let imaging = told.clone().find_map(|term| term.imaging);
        let symptom = told.find_map(|term| term.symptom);
        Term { symptom, imaging, study: None, is_told: true }
    }

    /// The words of a stretch, without what stands between them.
    fn words(&self, stretch: FoldSpan) -> impl Iterator<Item = &Token> {
        let text = self.layers.folded.bytes();
        let is_word =
            move |token: &&Token| text.get(token.start as usize).is_some_and(|&byte| is_word_byte(byte));
        self.layers.tokens_within(stretch).filter(is_word)
    }

    fn is_pronoun(&self, stretch: FoldSpan) -> bool {
        let words: SmallVec<[&Token; 4]> = self.words(stretch).take(LONGEST_PRONOUN + 1).collect();
        let sense = |word: &Token| word.class.sense;
        match words[..] {
            [pronoun] => sense(pronoun) == Some(Sense::Pronoun),
            // "all of it"
            [_, of, pronoun] => (sense(of), sense(pronoun)) == (Some(Sense::Whole), Some(Sense::Pronoun)),
            _ => false,
        }
    }

    fn term(&self, stretch: FoldSpan) -> Term {
        self.term_in(stretch, &self.scopes)
    }

    /// What a sentence before speaks of.
    fn told(&self, sentence: &Sentence) -> Term {
        self.term_in(sentence.span, &self.layers.scopes(sentence))
    }

    /// What stands in a stretch; the last of each, which is the nearest before a link.
    fn term_in(&self, stretch: FoldSpan, scopes: &Scopes) -> Term {
        let mut term = Term::default();
        for mention in within(self.layers.clinical, stretch) {
            term.put(mention);
        }
        let mentions = within(self.layers.mentions, stretch);
        let changes = mentions.iter().filter(|m| is_change(m.concept));
        // Knees wear as well.
        let is_worn = |m: &Mention<Concept>| matches!(m.concept, Concept::Change(ChangeClass::Degenerate, _));
        let of_spine = |m: &Mention<Concept>| {
            matches!(m.concept, Concept::Structure(Structure::Facet | Structure::Disc | Structure::Spine))
        };
        let there = |m: &&Mention<Concept>| {
            (self.is_spine || !matches!(m.concept, Concept::Change(..)))
                && (!is_worn(m) || mentions.iter().any(of_spine))
                && scopes.assess(m.span).status != Status::Absent
        };
        let place = || mentions.iter().rev().find(|m| self.is_spine && self.is_place(m));
        let seen = changes.rev().find(there).or_else(place);
        term.imaging = term.imaging.or(seen.map(|m| m.span));
        term
    }

    /// Whether a mention names the place of a finding for the finding: "the L5-S1 disc", "the C5-6 level".
    fn is_place(&self, mention: &Mention<Concept>) -> bool {
        match mention.concept {
            // "attributed to these two levels"
            Concept::Structure(Structure::Disc) | Concept::Level(LevelWord::SameAll) => true,
            Concept::Level(LevelWord::Noun) => {
                let before = self.layers.levels.partition_point(|l| l.span.end <= mention.span.start);
                let level = before.checked_sub(1).and_then(|i| self.layers.levels.get(i));
                level.is_some_and(|l| !l.single && mention.span.start - l.span.end <= 1)
            }
            _ => false,
        }
    }
}

/// Whether a mention of the finding layer tells a change of anatomy.
const fn is_change(concept: Concept) -> bool {
    match concept {
        // "touching" is said of much.
        Concept::Change(class, form) => !matches!((class, form), (ChangeClass::Touch, Form::Active)),
        Concept::Narrowed(_) | Concept::Displacement(..) | Concept::Displaced => true,
        _ => false,
    }
}

fn in_order(parts: impl IntoIterator<Item = Evidence>) -> EvidenceList {
    let mut evidence: EvidenceList = parts.into_iter().collect();
    evidence.sort_unstable_by_key(|e| (e.span, e.role));
    evidence.dedup();
    evidence
}

/// A finding and a symptom that both stand in the note, and nothing joins.
fn side_by_side(
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
        Some((imaging, symptom)) if !disagree(findings, symptoms.side) => {
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
        let mut add = |symptoms: &mut Self, evidence: Evidence, side: Option<Side>| {
            symptoms.first = symptoms.first.or(Some(evidence));
            sides = match sides {
                None => Some(side),
                Some(other) => Some(other.filter(|_| other == side)),
            };
        };
        for record in
            radiculopathies.iter().filter(|r| matches!(r.status, Status::Present | Status::Possible))
        {
            if let Some(evidence) = record.evidence.iter().find(|e| e.role == Role::Symptom) {
                add(&mut symptoms, *evidence, record.side);
            }
        }
        for sentence in &layers.layout.sentences {
            let clinical = within(layers.clinical, sentence.span);
            let is_complaint = |m: &&Mention<Concept>| m.concept == Concept::Symptom(Symptom::Complaint);
            let section = layers.section(sentence);
            if !clinical.iter().any(|m| is_complaint(&m)) || !tells(section) {
                continue;
            }
            let scopes = layers.scopes(sentence);
            for mention in clinical.iter().filter(is_complaint) {
                let is_had = match scopes.assess(mention.span).status {
                    Status::Present | Status::Possible => true,
                    // What the visit or operation is for may be told as its history.
                    Status::Historical => section != SectionKind::Exam,
                    _ => false,
                };
                // What hurts during a procedure is no reason for it; one that names its place may be.
                let is_reason = section != SectionKind::Procedure
                    || names_place(layers, mention.span)
                    || is_graded(layers, mention.span);
                if is_had && is_reason {
                    let side = side_before(layers, mention.span);
                    add(&mut symptoms, layers.evidence(Role::Symptom, mention.span), side);
                }
            }
        }
        symptoms.side = sides.flatten();
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
/// "Procedure" a short note says all, "L5-S1 facet injections for low back pain".
const fn tells_reason(section: SectionKind) -> bool {
    matches!(section, SectionKind::Procedure)
}

/// The side that stands a short way before a symptom.
fn side_before(layers: &Layers<'_, '_>, symptom: FoldSpan) -> Option<Side> {
    let stretch = FoldSpan::new(layers.back(symptom.start, SIDE_REACH), symptom.start);
    within(layers.mentions, stretch).iter().rev().find_map(|m| match m.concept {
        Concept::Side(side, _) => Some(side),
        _ => None,
    })
}

/// Whether all findings are on the side on which no symptom is.
fn disagree(findings: &[Finding], symptoms: Option<Side>) -> bool {
    symptoms.is_some()
        && findings.iter().filter(|f| f.status == Status::Present).all(|f| !sides_agree(f.side, symptoms))
        && findings.iter().any(|f| f.status == Status::Present)
}
