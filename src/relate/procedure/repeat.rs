//! What only says again what the title of a report says was done: its narrative, the way that led there, the consent.

use crate::lexicon::{Act, Sense, Word};
use crate::model::{ProcedureFamily, ProcedureStatus, SectionKind, Side};
use crate::relate::layers::Layers;

use super::doubt::denies;
use super::outline::Part;
use super::record::{Draft, covers, distinct, kin};
use super::status::Said;

/// What the note says as a whole, each procedure and place once.
struct Note<'a, 'n, 'l> {
    layers: &'l Layers<'a, 'n>,
    /// What was performed, as its title says, or as the narrative does where there is no title.
    done: Vec<Draft>,
    /// What is planned.
    plans: Vec<Draft>,
    /// What was done before.
    past: Vec<Draft>,
    /// Where a procedure is more than only explained.
    told: Vec<Draft>,
    has_title: bool,
    /// The last sentence that tells of what was performed.
    last: usize,
}

/// Drops the drafts that only repeat.
pub(super) fn drop_repeats(layers: &Layers<'_, '_>, drafts: &mut Vec<Draft>) {
    date_injections(drafts);
    let is_done = |d: &&Draft| d.status == ProcedureStatus::Performed;
    let is_talk = |d: &Draft| matches!(d.said, Said::Talk(_));
    let done = distinct(drafts.iter().filter(is_done));
    // What is planned, was done before, or is told is asked for of what is weighed or explained alone.
    let is_weighed = drafts.iter().any(|d| d.status == ProcedureStatus::Considered);
    let has_talk = drafts.iter().any(is_talk);
    let of = |status| distinct(drafts.iter().filter(|d| is_weighed && d.status == status));
    let note = Note {
        layers,
        has_title: done.iter().any(|d| d.part == Part::Title),
        last: drafts.iter().filter(is_done).map(|d| d.sentence).max().unwrap_or_default(),
        plans: of(ProcedureStatus::Planned),
        past: of(ProcedureStatus::Historical),
        told: distinct(drafts.iter().filter(|d| has_talk && !is_talk(d))),
        done,
    };
    drafts.retain(|draft| !note.has(draft));
}

/// An injection at a level that only the narrative of an operation names is what was tried before it; one that the
/// impression of a report says the patient has had is what its title says was done.
fn date_injections(drafts: &mut [Draft]) {
    let may_be_dated = |d: &Draft| {
        let is_open = d.part == Part::Narrative || d.status == ProcedureStatus::Historical;
        is_open && d.is_report && is_by_needle(d.family)
    };
    if !drafts.iter().any(may_be_dated) {
        return;
    }
    let is_title = |d: &&Draft| d.part == Part::Title && d.status == ProcedureStatus::Performed;
    let titles = distinct(drafts.iter().filter(is_title));
    let is_operation = !titles.is_empty() && titles.iter().all(|d| !is_by_needle(d.family));
    let last_title = drafts.iter().filter(is_title).map(|d| d.sentence).max().unwrap_or_default();
    for draft in drafts.iter_mut().filter(|d| may_be_dated(d)) {
        let is_bare =
            draft.part == Part::Narrative && draft.said == Said::Nothing && draft.site.level.is_some();
        let is_past = draft.status == ProcedureStatus::Historical && draft.sentence > last_title;
        if is_operation && is_bare {
            draft.status = ProcedureStatus::Historical;
        } else if is_past
            && draft.section == SectionKind::Impression
            && titles.iter().any(|d| d.family == draft.family)
        {
            draft.status = ProcedureStatus::Performed;
        }
    }
}

/// Families that are done through a needle, and are no step of an operation.
const fn is_by_needle(family: ProcedureFamily) -> bool {
    matches!(family, ProcedureFamily::RadiofrequencyAblation)
        || family.is_injection() && !matches!(family, ProcedureFamily::TriggerPointInjection)
}

impl Note<'_, '_, '_> {
    /// Whether the note says a draft elsewhere, and better.
    fn has(&self, draft: &Draft) -> bool {
        if draft.act == Act::Same || draft.act == Act::Again {
            return false;
        }
        let is_done = self.done.iter().any(|d| kin(d.family, draft.family));
        if matches!(draft.said, Said::Talk(_)) {
            return draft.is_report || self.told.iter().any(|d| kin(d.family, draft.family));
        }
        match draft.status {
            ProcedureStatus::Performed if draft.section == SectionKind::Addendum => false,
            ProcedureStatus::Performed if draft.part == Part::Title => self.is_corrected(draft),
            // An impression may disagree with the title; then both are said.
            ProcedureStatus::Performed => {
                let agrees = |d: &Draft| d.part == Part::Title && covers(d, draft);
                let is_summed = draft.section == SectionKind::Impression && is_by_needle(draft.family);
                let differs = is_summed && draft.site.level.is_some() && !self.done.iter().any(agrees);
                self.has_title && draft.is_report && !differs && !self.is_other_side(draft)
            }
            ProcedureStatus::Historical => {
                draft.is_report && (is_done && is_repeat(draft) || self.is_step(draft))
            }
            // "Planned stage 2: …"
            ProcedureStatus::Planned if draft.part == Part::Title && is_led(draft) => false,
            // What leads to a procedure is planned no more when it is reported.
            ProcedureStatus::Planned => {
                // An operation that an injection does not settle is planned still.
                let is_other =
                    !is_by_needle(draft.family) && self.done.iter().all(|d| is_by_needle(d.family));
                let leads =
                    self.has_title && draft.is_report && draft.section != SectionKind::Plan && !is_other;
                (is_done || leads)
                    && (draft.section != SectionKind::Plan || draft.sentence < self.last)
                    && !self.is_next(draft)
            }
            ProcedureStatus::Considered => {
                let is_told = draft.site.level.is_none() || self.done.iter().any(|d| covers(d, draft));
                // "…; a third one if needed", after what was done
                let is_after = draft.sentence > self.last
                    && matches!(draft.said, Said::Status(_, Some(cue)) if cue != draft.name && !denies(self.layers, cue));
                let is_retold = match draft.part {
                    Part::Narrative => !is_after,
                    // "A laminectomy was advised", on the way to the one that the title names
                    Part::Other => {
                        self.has_title
                            && draft.is_report
                            && leads_there(draft.section)
                            && !self.is_opposed(draft)
                    }
                    Part::Title => false,
                };
                is_done && is_told && is_retold
                    || self.plans.iter().any(|plan| covers(plan, draft))
                    || self.is_known(draft)
            }
        }
    }

    /// Whether what is weighed is another course than the one that was taken: "a fusion was discussed but not favored",
    /// "might need a fusion".
    fn is_opposed(&self, draft: &Draft) -> bool {
        let Some(sentence) = self.layers.layout.sentences.get(draft.sentence) else { return false };
        self.layers.tokens_within(sentence.span).any(|word| {
            matches!(word.class.word, Some(Word::But | Word::Modal))
                || word.class.sense == Some(Sense::Instead)
        })
    }

    /// Whether a report tells what is to be done next: "Repeat right S1 TFESI in 3 weeks", after what was done.
    fn is_next(&self, draft: &Draft) -> bool {
        let Some(sentence) = self.layers.layout.sentences.get(draft.sentence) else { return false };
        let first = self.layers.tokens_within(sentence.span).next();
        draft.sentence > self.last
            && first.is_some_and(|word| word.class.sense == Some(Sense::Repeat))
            && !leads_there(draft.section)
    }

    /// Whether a visit only speaks of what it tells elsewhere as done: "here to discuss her epidural".
    fn is_known(&self, draft: &Draft) -> bool {
        let next = self.layers.tokens.partition_point(|token| token.start < draft.name.start);
        let before = next.checked_sub(1).and_then(|at| self.layers.tokens.get(at));
        draft.site.level.is_none()
            && before.is_some_and(|word| word.class.sense == Some(Sense::Possessive))
            && self.past.iter().any(|d| kin(d.family, draft.family))
    }

    /// Whether the narrative tells of the side that the title does not name, at a level where it names one: then both
    /// are said, and one is wrong.
    fn is_other_side(&self, draft: &Draft) -> bool {
        let told = draft.site.side.map(|s| s.0).filter(|&side| side != Side::Bilateral);
        let titles = || {
            let is_title = |d: &&Draft| d.part == Part::Title && d.family == draft.family;
            self.done.iter().filter(is_title)
        };
        let sided = |d: &Draft| d.site.side.map(|s| s.0);
        draft.part == Part::Narrative
            && is_by_needle(draft.family)
            && draft.site.level.is_some()
            && told.is_some()
            && titles().any(|d| d.site.level == draft.site.level)
            && titles().all(|d| sided(d).is_some_and(|side| side != Side::Bilateral && Some(side) != told))
    }

    /// Whether an addendum tells another level or side (annotation guide: it replaces what it corrects).
    fn is_corrected(&self, draft: &Draft) -> bool {
        self.done.iter().any(|d| {
            d.section == SectionKind::Addendum && kin(d.family, draft.family) && d.site.level.is_some()
        })
    }

    /// Whether a draft is a step of what the title names, told outside its narrative, with nothing that dates it.
    fn is_step(&self, draft: &Draft) -> bool {
        let told = matches!(
            draft.section,
            SectionKind::Impression | SectionKind::Findings | SectionKind::Other | SectionKind::Unknown
        );
        self.has_title && told && draft.said == Said::Nothing && draft.site.level.is_none()
    }
}

/// Whether a section tells what led to the procedure that is reported.
const fn leads_there(section: SectionKind) -> bool {
    matches!(section, SectionKind::History | SectionKind::PastHistory | SectionKind::Indication)
}

/// Whether what a draft is said to be stands before its name.
fn is_led(draft: &Draft) -> bool {
    matches!(draft.said, Said::Status(_, Some(cue)) if cue.start < draft.name.start)
}

/// Whether a draft that nothing dates is what was done today, or the bed of an earlier operation.
fn is_repeat(draft: &Draft) -> bool {
    let dated = matches!(draft.section, SectionKind::PastHistory | SectionKind::History);
    draft.said.is(ProcedureStatus::Performed)
        || draft.said == Said::Nothing && !dated
        || draft.part == Part::Narrative && draft.site.level.is_none() && !is_by_needle(draft.family)
}
