//! Which part of a note a sentence stands in, as far as procedures go: a title tells what was done, the narrative
//! after it how, and the rest tells of other times.

use crate::context::Scopes;
use crate::lexicon::{Act, Concept, Sense, Word};
use crate::matching::{is_word_byte, word_at};
use crate::model::{NoteType, ProcedureStatus, SectionKind};
use crate::relate::layers::{Layers, within};
use crate::text::FoldSpan;

use super::sentence::ProcedureSentence;
use super::status::Said;

/// A part of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// The names of what was done: "PROCEDURE PERFORMED: …", or a list of them.
    Title,
    /// How it was done.
    Narrative,
    /// Anything else.
    Other,
}

/// A section of more words than these tells, and is no second title.
const LONGEST_TITLE: usize = 60;
/// A note without headings has its title within so many words.
const FIRST_LINES: usize = 80;

/// What a form is titled by stands within so many words.
const HEAD: usize = 14;
/// A form is no longer than this, in words; what is longer tells of several times.
const LONGEST_FORM: usize = 220;

/// So many sentences run on are an account, and no list of titles.
const STEPS: usize = 5;

/// What has been seen of the note so far.
#[derive(Debug)]
pub(super) struct Outline {
    /// Whether the note reports a procedure or operation.
    pub(super) is_report: bool,
    /// What the note is.
    note_type: NoteType,
    /// When all that it names is done, unless it says otherwise: "Scheduling worksheet", "Recovery room".
    setting: Option<ProcedureStatus>,
    /// What its titles tell of, where no words say more: before, in a visit after an operation.
    titles: ProcedureStatus,
    /// Whether a section of it is headed as one of procedures.
    has_title: bool,
    /// The section that titles were found in first.
    titled: Option<u32>,
    /// The line of the first of them.
    line: Option<u32>,
    /// The line that a label dates to before: "Interval: left SI injection. L4-5 facet injection."
    past: Option<u32>,
    /// The section being read, and whether it has begun to tell.
    section: u32,
    told: bool,
    /// The next sentence to look at for verbs.
    next: usize,
}

impl Outline {
    pub(super) fn new(layers: &Layers<'_, '_>, note_type: NoteType) -> Self {
        let has_title = layers.layout.sections.iter().any(|s| s.kind == SectionKind::Procedure);
        let reports = matches!(note_type, NoteType::Procedure | NoteType::Operative);
        let setting = if note_type == NoteType::Other { setting(layers) } else { None };
        // "POST-OP VISIT", and then "Procedure: laminectomy"
        let before = if note_type == NoteType::Clinic { titled(layers) } else { None };
        let before = before.filter(|&status| status == ProcedureStatus::Historical);
        let is_report = reports || has_title && note_type != NoteType::Radiology && setting.is_none();
        Self {
            is_report,
            note_type,
            setting,
            titles: before.unwrap_or(ProcedureStatus::Performed),
            has_title,
            titled: None,
            line: None,
            past: None,
            section: u32::MAX,
            told: false,
            next: 0,
        }
    }

    /// Whether a sentence comes after the line of the first title, so that it may tell of another time.
    fn is_later(&self, statement: &ProcedureSentence<'_, '_>) -> bool {
        self.line.is_some_and(|line| statement.sentence.line > line) && !statement.opens_title()
    }

    /// Whether it is a visit's note, which may have a heading of procedures all the same.
    fn is_visit(&self) -> bool {
        self.note_type == NoteType::Clinic
    }

    /// Whether it is the report of a procedure or operation, and no note of another kind with such a title.
    fn reports(&self) -> bool {
        matches!(self.note_type, NoteType::Procedure | NoteType::Operative)
    }

    /// Whether its titles may be of what is only asked for: in all but reports of procedures.
    fn may_ask(&self) -> bool {
        !self.reports()
    }

    /// Whether a title has been found.
    pub(super) const fn is_titled(&self) -> bool {
        self.titled.is_some()
    }

    /// The part that a sentence stands in; sentences come in order.
    pub(super) fn part(&mut self, index: usize, statement: &ProcedureSentence<'_, '_>) -> Part {
        let (sentence, layers) = (&statement.sentence, statement.layers);
        let is_long = || {
            let section = layers.layout.sections.get(sentence.section as usize);
            section.is_some_and(|s| layers.steps(s.body.start, s.body.end) > LONGEST_TITLE)
        };
        let in_body = statement.section == SectionKind::Procedure;
        if statement.opens_past() {
            self.past = Some(sentence.line);
        }
        if self.is_report && !self.is_titled() && !in_body && statement.opens_title() {
            (self.titled, self.line) = (Some(sentence.section), Some(sentence.line));
            return Part::Title;
        }
        // "Proc: bilateral SI joint injections. Right piriformis TPI"
        if self.is_report && !in_body && self.line == Some(sentence.line) && !statement.has_verb() {
            return Part::Title;
        }
        // "64483 RT, transforaminal, lumbar", after a plan
        if self.reports() && !in_body && statement.opens_with_code() {
            return Part::Narrative;
        }
        match statement.section {
            SectionKind::Procedure => {
                if self.tells(index, statement) {
                    return Part::Narrative;
                }
                let is_first = self.titled.is_none_or(|titled| titled == sentence.section);
                if !is_first && (is_long() || tells_steps(layers, sentence.section)) {
                    return Part::Narrative;
                }
                let names = statement.heads.iter().any(|head| !head.families.is_empty());
                self.titled = self.titled.or(names.then_some(sentence.section));
                self.line = self.line.or(names.then_some(sentence.line));
                Part::Title
            }
            SectionKind::Other if self.is_report && self.is_titled() && is_long() => Part::Narrative,
            // "DESCRIPTION" is a heading of findings, and in a report of the account.
            SectionKind::Findings
                if self.is_report
                    && self.is_titled()
                    && (statement.tells_of_doing() || self.note_type == NoteType::Operative && is_long()) =>
            {
                Part::Narrative
            }
            SectionKind::Unknown | SectionKind::Exam if self.is_report && self.is_first_line(statement) => {
                Part::Title
            }
            // "Diagnosis: radiculopathy", and on the next line what was done
            SectionKind::Impression | SectionKind::Indication
                if self.reports()
                    && !self.has_title
                    && self.is_first_line(statement)
                    && !statement.is_on_heading_line()
                    && statement.names_first() =>
            {
                Part::Title
            }
            SectionKind::Unknown | SectionKind::Technique if self.is_report => Part::Narrative,
            _ => Part::Other,
        }
    }

    /// Whether a sentence is a line at the head of the note, where its title stands.
    fn is_first_line(&self, statement: &ProcedureSentence<'_, '_>) -> bool {
        let sentence = &statement.sentence;
        self.titled.is_none()
            && sentence.starts_line
            && !statement.has_verb()
            && !statement.tells_of_past()
            && statement.layers.steps(0, sentence.span.start) < FIRST_LINES
    }

    /// Whether a section has begun to tell: a sentence with a verb stands in it, this one included.
    fn tells(&mut self, index: usize, statement: &ProcedureSentence<'_, '_>) -> bool {
        let section = statement.sentence.section;
        if self.section != section {
            let first = statement.layers.layout.sentences.partition_point(|s| s.section < section);
            (self.section, self.told, self.next) = (section, false, first);
        }
        let before = statement.layers.layout.sentences.get(self.next..=index).unwrap_or_default();
        self.told = self.told || before.iter().any(|s| has_verb(statement.layers, s.span.range()));
        self.next = index + 1;
        self.told
    }
}

/// When what a form or a call names is done, as the words at its head say.
fn setting(layers: &Layers<'_, '_>) -> Option<ProcedureStatus> {
    if layers.tokens.len() > LONGEST_FORM { None } else { titled(layers) }
}

/// When a note is written, before or after what it names, as the words at its head say.
fn titled(layers: &Layers<'_, '_>) -> Option<ProcedureStatus> {
    let at_head = layers.acts.iter().take_while(|m| layers.steps(0, m.span.start) <= HEAD);
    at_head.into_iter().find_map(|m| match m.concept {
        Concept::Act(Act::Setting(status)) => Some(status),
        _ => None,
    })
}

/// Whether a section after the title has so many sentences that it tells step by step what was done, in however few words.
fn tells_steps(layers: &Layers<'_, '_>, section: u32) -> bool {
    let sentences = &layers.layout.sentences;
    let first = sentences.partition_point(|s| s.section < section);
    let last = sentences.partition_point(|s| s.section <= section).min(first + 2 * STEPS);
    let lines = sentences.get(first..last).unwrap_or_default().iter().filter(|s| s.starts_line).count();
    last - first >= STEPS && lines * 2 <= last - first
}

fn has_verb(layers: &Layers<'_, '_>, range: std::ops::Range<usize>) -> bool {
    let text = layers.folded.bytes().get(..range.end).unwrap_or_default();
    let mut at = range.start;
    while at < text.len() {
        let word = word_at(text, at);
        if matches!(layers.words.class(word).word, Some(Word::Is | Word::Has)) {
            return true;
        }
        at += word.len().max(1);
        while text.get(at).is_some_and(|b| !is_word_byte(*b)) {
            at += 1;
        }
    }
    false
}

/// The status of a head, and the words that say so; `None` where it tells of no procedure.
pub(super) fn status(
    statement: &ProcedureSentence<'_, '_>,
    item: usize,
    part: Part,
    scopes: &Scopes,
    outline: &Outline,
) -> Option<(ProcedureStatus, Said)> {
    if matches!(statement.section, SectionKind::Consent | SectionKind::FamilyHistory | SectionKind::Key) {
        return None;
    }
    let said = told(statement, item, part, scopes, outline)?;
    let is_of_stay = part == Part::Other && !outline.is_visit() && is_course(statement);
    let status = match said {
        Said::Status(ProcedureStatus::Performed, _)
            if part == Part::Other
                && !is_of_stay
                && (!tells_of_today(statement.section)
                    || outline.is_visit()
                        && (statement.tells_time(item)
                            || statement.tells_effect(item) && !statement.tells_today())
                    || !outline.is_report && statement.is_dated(item) && !statement.tells_today()) =>
        {
            ProcedureStatus::Historical
        }
        Said::Status(ProcedureStatus::Historical, Some(cue))
            if is_of_stay && is_undergone(statement, cue) =>
        {
            ProcedureStatus::Performed
        }
        // "You had an epidural injection today"
        Said::Status(ProcedureStatus::Historical, Some(cue))
            if part == Part::Other && statement.is_of_today(item) && is_led(statement, item, cue) =>
        {
            ProcedureStatus::Performed
        }
        // "Recovery room: arrived after right L4-5 TFESI"
        Said::Status(ProcedureStatus::Historical, _)
            if outline.setting == Some(ProcedureStatus::Performed) && statement.is_after(item) =>
        {
            ProcedureStatus::Performed
        }
        Said::Status(status, _) => status,
        Said::Talk(_) => ProcedureStatus::Considered,
        Said::Denied | Said::Nothing => given(statement, item, part, outline),
    };
    Some((status, said))
}

/// What the words say of a head in such a part; `None` where it tells of no procedure.
fn told(
    statement: &ProcedureSentence<'_, '_>,
    item: usize,
    part: Part,
    scopes: &Scopes,
    outline: &Outline,
) -> Option<Said> {
    Some(match (part, statement.said(item, scopes)) {
        (_, Said::Denied) => return None,
        // What a title or a narrative tells, it tells of today, unless the context dates it.
        (Part::Title | Part::Narrative, _) if matches!(statement.act(item), Some(Act::Trace(_))) => {
            match dated(statement, item, scopes) {
                Said::Nothing => return None,
                said => said,
            }
        }
        (Part::Title, said)
            if !(said.is(ProcedureStatus::Considered)
                || said.is(ProcedureStatus::Historical) && outline.is_later(statement)
                || said.is(ProcedureStatus::Planned)
                    && (outline.may_ask()
                        || statement.opens_planned()
                        || statement.opens_repeat() && outline.is_later(statement))) =>
        {
            dated(statement, item, scopes)
        }
        (Part::Narrative, Said::Status(ProcedureStatus::Historical, _))
            if statement.is_after(item) && !statement.is_dated(item) =>
        {
            dated(statement, item, scopes)
        }
        (_, said) => said,
    })
}

/// The status that its part of the note gives a head of which no words say one.
fn given(
    statement: &ProcedureSentence<'_, '_>,
    item: usize,
    part: Part,
    outline: &Outline,
) -> ProcedureStatus {
    let is_history = || matches!(statement.section, SectionKind::History | SectionKind::PastHistory);
    match outline.setting {
        Some(ProcedureStatus::Planned) if is_history() || statement.is_dated(item) => {}
        Some(setting) => return setting,
        None => {}
    }
    match (part, announced(statement)) {
        (Part::Narrative | Part::Other, _) if outline.past == Some(statement.sentence.line) => {
            ProcedureStatus::Historical
        }
        (Part::Title, Some(announced)) => announced,
        // "SURGERY: lumbar fusion 2013", "Surgery: L4-5 laminectomy" in the note of a visit
        (Part::Title, None)
            if outline.is_visit() && (statement.is_dated(item) || is_headed_past(statement)) =>
        {
            ProcedureStatus::Historical
        }
        (Part::Title, None) => outline.titles,
        (Part::Narrative, _) => ProcedureStatus::Performed,
        // "(confirmed by right L5 TFESI 5/3, 90 %)"
        (Part::Other, _) if statement.section == SectionKind::Plan && statement.tells_outcome(item) => {
            ProcedureStatus::Historical
        }
        (Part::Other, _) if statement.section == SectionKind::Plan => ProcedureStatus::Planned,
        // "Today I injected four trigger points", in the note of a visit
        (Part::Other, _)
            if !outline.is_report
                && statement.act(item) == Some(Act::Injection)
                && statement.tells_today()
                && tells_of_today(statement.section) =>
        {
            ProcedureStatus::Performed
        }
        // "L3-4 epidural, 5/19 1 PM"
        (Part::Other, _) if !outline.is_report && statement.tells_hour(item) => ProcedureStatus::Planned,
        // "-> right S1 TFESI", in the note of a visit
        (Part::Other, _) if !outline.is_report && statement.follows_arrow() && !statement.is_dated(item) => {
            ProcedureStatus::Planned
        }
        // "Procedures discussed, not performed: …"
        (Part::Other, Some(ProcedureStatus::Considered)) => ProcedureStatus::Considered,
        // "Request: L5-S1 TLIF"
        (Part::Other, Some(announced)) if outline.may_ask() && outline.note_type != NoteType::Radiology => {
            announced
        }
        (Part::Other, _) if outline.is_report && statement.section == SectionKind::Addendum => {
            ProcedureStatus::Performed
        }
        (Part::Other, _) if statement.is_modal() && !statement.is_dated(item) => ProcedureStatus::Considered,
        (Part::Other, _) => ProcedureStatus::Historical,
    }
}

/// What the context cues alone say of the time of a head.
fn dated(statement: &ProcedureSentence<'_, '_>, item: usize, scopes: &Scopes) -> Said {
    let Some(span) = statement.items.get(item).map(|i| i.span) else { return Said::Nothing };
    let assertion = scopes.assess(span);
    if assertion.status == crate::model::Status::Historical {
        Said::Status(ProcedureStatus::Historical, assertion.scope.map(|scope| scope.cue))
    } else {
        Said::Nothing
    }
}

/// What the heading announces: what is still to come, "Planned procedure:", or was only weighed, "Procedures discussed:".
pub(super) fn announced(statement: &ProcedureSentence<'_, '_>) -> Option<ProcedureStatus> {
    let acts = within(statement.layers.acts, heading(statement)?);
    acts.iter().find_map(|m| match m.concept {
        Concept::Act(Act::Status(status @ (ProcedureStatus::Planned | ProcedureStatus::Considered), _)) => {
            Some(status)
        }
        _ => None,
    })
}

/// Whether the heading is one of what was done before: "Surgery:" in the note of a visit.
fn is_headed_past(statement: &ProcedureSentence<'_, '_>) -> bool {
    let Some(heading) = heading(statement) else { return false };
    let first = statement.layers.acts.partition_point(|m| m.span.start < heading.start);
    let acts = statement.layers.acts.get(first..).unwrap_or_default();
    acts.iter()
        .take_while(|m| m.span.start < heading.end)
        .any(|m| matches!(m.concept, Concept::Act(act) if act.is_past()))
}

/// Whether the section tells the course of a stay, to which what was done in it belongs: "HOSPITAL COURSE".
fn is_course(statement: &ProcedureSentence<'_, '_>) -> bool {
    heading(statement).is_some_and(|heading| statement.has_sense(heading, Sense::Course))
}

/// Whether a cue tells that something was done, without saying that it was before.
fn is_undergone(statement: &ProcedureSentence<'_, '_>, cue: FoldSpan) -> bool {
    within(statement.layers.acts, cue).iter().any(|m| m.concept == Concept::Act(Act::Undergone))
}

/// Whether a cue stands before the name at an item.
fn is_led(statement: &ProcedureSentence<'_, '_>, item: usize, cue: FoldSpan) -> bool {
    statement.items.get(item).is_some_and(|i| cue.end <= i.span.start)
}

fn heading(statement: &ProcedureSentence<'_, '_>) -> Option<FoldSpan> {
    Some(statement.layers.layout.sections.get(statement.sentence.section as usize)?.heading)
}

/// Whether what was performed in a section of this kind was performed today.
const fn tells_of_today(section: SectionKind) -> bool {
    matches!(
        section,
        SectionKind::Unknown
            | SectionKind::Other
            | SectionKind::Procedure
            | SectionKind::Plan
            | SectionKind::Impression
            | SectionKind::Addendum
            | SectionKind::Technique
    )
}
