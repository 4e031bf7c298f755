//! The analysis of a draft, kept from edit to edit: only what an edit can reach is read again.
//!
//! Reading goes line by line, and what a line says depends on its words and on what the lines before it have left: the
//! levels that govern, the structure spoken of. So lines before the edit are as they were, lines at the edit are read
//! again, and those after it as soon as what they start from is what they started from before.

use super::analysis::Analysis;
use super::ignore::is_marked;
use super::inside::Inside;
use super::scan::{Scan, Seen};
use super::tell::{Begun, Told};
use super::{Done, Engine, type_of};
use crate::lexicon::{Concept, Structure};
use crate::matching::LevelMention;
use crate::model::{Audit, Context, Finding, Mention, SectionKind};
use crate::relate::{Codes, Places, conclude};
use crate::segment::{Cell, Layout, Section, Sentence, segment, segment_again};
use crate::text::Moved;

/// Bytes after a sentence that its reading looks at: "L5" before "radiculopathy" of the next line names a root.
const LOOK_AHEAD: u32 = 2;

/// The analysis of a draft.
#[derive(Debug)]
pub struct Live {
    analysis: Analysis<'static>,
    basis: Basis,
    /// The findings, each as it was stated.
    stated: Vec<Finding>,
    /// The lines, in order.
    lines: Vec<Line>,
    /// What was done, as it was read last, where no edit has reached it since.
    done: Option<Done>,
}

/// What of the note as a whole the reading of each sentence depends on.
#[derive(Debug, PartialEq)]
struct Basis {
    speaks_of_spine: bool,
    is_about_spine: bool,
    codes: Codes,
}

/// What was told before a line.
#[derive(Clone, Debug)]
struct Line {
    /// Its first sentence.
    sentence: usize,
    /// How many findings were stated.
    findings: usize,
    places: Places,
    structure: Option<Structure>,
}

impl Live {
    /// Reads a draft.
    pub fn new(engine: &Engine, note: &str) -> Self {
        let scan = Scan::new(engine, note.to_owned());
        let layout = segment(&scan.folded, &scan.hits.headings());
        let analysis = Analysis::of(engine, scan, layout);
        let basis = Basis::of(engine, &analysis);
        Self { analysis, basis, stated: Vec::new(), lines: Vec::new(), done: None }.read_from(engine, 0, None)
    }

    /// Reads a draft again that was edited: `note` is what it is now. Gives the edit where it has changed nothing but
    /// places, so that the audit before is that of now when its places follow the edit ([`Moved::of_note`]).
    #[must_use]
    pub fn again(mut self, engine: &Engine, note: &str, edit: Moved) -> (Self, Option<Moved>) {
        let sets_aside = is_marked(self.analysis.folded().note()) || is_marked(note);
        let (scan, Seen { edit: seen, word }) = self.analysis.scan.again(engine, note.to_owned(), edit);
        let now = segment_again(&scan.folded, &scan.hits.headings(), &self.analysis.layout, seen);
        self.analysis.scan = scan;
        match word {
            Some(word) if !sets_aside && has_moved(&self.analysis.layout, &now, word.view) => {
                self.follow(now, word);
                (self, Some(word.note))
            }
            _ => (self.read_again(engine, now, seen, edit), None),
        }
    }

    /// Moves all that was read with the edit of a word of which nothing is read.
    fn follow(&mut self, layout: Layout, word: Inside) {
        self.analysis.follow(layout, word.view);
        let stated = self.stated.iter_mut().flat_map(Finding::places_mut);
        let done = self.done.iter_mut().flat_map(Done::places_mut);
        stated.chain(done).for_each(|place| *place = word.note.of_note(*place));
    }

    /// Reads what an edit can reach: `seen` is the edit in the view, `edit` in the note.
    fn read_again(self, engine: &Engine, now: Layout, seen: Moved, edit: Moved) -> Self {
        let Self { analysis: before, basis: was, stated, lines, done } = self;
        let Analysis { scan, layout, mentions, cues, clinical, care, acts, details, levels, .. } = before;
        let analysis = Analysis::of(engine, scan, now);
        let basis = Basis::of(engine, &analysis);
        if basis != was {
            return Self { analysis, basis, stated: Vec::new(), lines: Vec::new(), done: None }
                .read_from(engine, 0, None);
        }
        let kept = Kept::between((&layout, &levels), (&analysis.layout, &analysis.levels), seen);
        let now = &analysis;
        let layers = [
            (&mentions, &now.mentions),
            (&cues, &now.cues),
            (&clinical, &now.clinical),
            (&care, &now.care),
            (&acts, &now.acts),
            (&details, &now.details),
        ];
        let is_beside = kept.has_all(&layout, &now.layout)
            && layers.iter().all(|(was, is)| are_moved(was, is, seen))
            && kept.tells_nothing(&now.layout, [&now.clinical, &now.care, &now.acts, &now.details]);
        let done = done.filter(|_| is_beside).map(|mut done| {
            done.places_mut().for_each(|place| *place = edit.of_note(*place));
            done
        });
        let first = lines.partition_point(|line| line.sentence < kept.before).saturating_sub(1);
        let first = if kept.has_levels { first } else { 0 };
        let live = Self { analysis, basis, stated, lines, done };
        live.read_from(engine, first, kept.has_levels.then_some((&kept, edit)))
    }

    /// The audit of the draft, which is `note`.
    pub fn audit(&mut self, engine: &Engine, note: &str, context: &Context) -> Audit {
        let note_type = type_of(&self.analysis, context);
        let kept = self.done.take().filter(|done| done.note_type == note_type);
        let done = kept.unwrap_or_else(|| Done::read(engine, &self.analysis, note_type));
        self.done = Some(done.clone());
        engine.judge(&mut self.analysis, done, note, context)
    }

    /// Reads the lines from one on, up to where those after the edit go on as they did.
    fn read_from(mut self, engine: &Engine, first: usize, kept: Option<(&Kept, Moved)>) -> Self {
        if !self.basis.speaks_of_spine {
            return self;
        }
        let mut after = self.lines.split_off(first.min(self.lines.len()));
        let start = after.first().filter(|line| line.sentence > 0).cloned();
        let mut told = Told::default();
        let (mut next, given) = match start {
            Some(Line { sentence, findings, places, structure }) => {
                (told.places, told.structure) = (places, structure);
                (sentence, findings)
            }
            None => (0, 0),
        };
        let mut lines = std::mem::take(&mut self.lines);
        let mut rejoined = None;
        if let Some((kept, edit)) = kept {
            let from = after.partition_point(|line| line.sentence <= kept.after);
            for (index, line) in after.iter().enumerate().skip(from) {
                let stop = line.sentence + kept.new_sentences - kept.old_sentences;
                self.read(engine, next..stop, given, &mut told, &mut lines);
                next = stop;
                if told.structure == line.structure && told.places.are(&line.places, |l| kept.level(l)) {
                    rejoined = Some((index, kept, edit));
                    break;
                }
            }
        }
        if let Some((index, kept, edit)) = rejoined {
            let rest = after.split_off(index);
            let end = rest.first().map_or(self.stated.len(), |line| line.findings);
            let shift = |findings: usize| findings - end + given + told.findings.len();
            lines.extend(rest.into_iter().map(|mut line| {
                line.sentence = line.sentence + kept.new_sentences - kept.old_sentences;
                line.findings = shift(line.findings);
                line.places.renumber(|level| kept.level(level).unwrap_or(level));
                line
            }));
            let places = self.stated[end..].iter_mut().flat_map(Finding::places_mut);
            places.for_each(|place| *place = edit.of_note(*place));
            self.stated.splice(given..end, told.findings);
        } else {
            let all = self.analysis.layout.sentences.len();
            self.read(engine, next..all, given, &mut told, &mut lines);
            self.stated.truncate(given);
            self.stated.extend(told.findings);
        }
        self.lines = lines;
        self.analysis.findings.clone_from(&self.stated);
        let is_operation = self.analysis.tells_operation();
        conclude(&mut self.analysis.findings, is_operation);
        self
    }

    /// Reads some sentences, before which `given` findings were stated, and marks where their lines begin.
    fn read(
        &self,
        engine: &Engine,
        sentences: std::ops::Range<usize>,
        given: usize,
        told: &mut Told,
        lines: &mut Vec<Line>,
    ) {
        let Basis { codes, is_about_spine, .. } = &self.basis;
        let mark = |begun: Begun<'_>| {
            lines.push(Line {
                sentence: begun.sentence,
                findings: given + begun.findings,
                places: begun.places.clone(),
                structure: begun.structure,
            });
        };
        self.analysis.tell(engine, codes, *is_about_spine, sentences, told, mark);
    }
}

impl Basis {
    fn of(engine: &Engine, analysis: &Analysis<'_>) -> Self {
        Self {
            speaks_of_spine: analysis.speaks_of_spine(),
            is_about_spine: analysis.is_about_spine(),
            codes: analysis.codes(engine),
        }
    }
}

/// What an edit has left alone.
struct Kept {
    /// How many sentences before it are as they were.
    before: usize,
    /// The first sentence after it that is as it was, of those there were.
    after: usize,
    old_sentences: usize,
    new_sentences: usize,
    levels_before: usize,
    levels_after: usize,
    old_levels: usize,
    new_levels: usize,
    /// Whether all levels of those sentences are as they were.
    has_levels: bool,
}

impl Kept {
    fn between(old: (&Layout, &[LevelMention]), new: (&Layout, &[LevelMention]), edit: Moved) -> Self {
        let ((old, old_levels), (new, new_levels)) = (old, new);
        let is_before = |(was, is): &(&Sentence, &Sentence)| {
            was == is && was.span.end + LOOK_AHEAD < edit.start && kind(old, was) == kind(new, is)
        };
        let before = old.sentences.iter().zip(&new.sentences).take_while(is_before).count();
        let last = old.sentences.last().zip(new.sentences.last());
        let is_after = |(was, is): &(&Sentence, &Sentence)| {
            last.is_some_and(|(old_last, new_last)| {
                moved(was, edit).is_some_and(|m| {
                    (m.span, m.starts_line, m.is_apart, m.cell)
                        == (is.span, is.starts_line, is.is_apart, is.cell)
                        && old_last.line - was.line == new_last.line - is.line
                        && old_last.section - was.section == new_last.section - is.section
                }) && kind(old, was) == kind(new, is)
            })
        };
        let most = old.sentences.len().min(new.sentences.len()) - before;
        let pairs = old.sentences.iter().rev().zip(new.sentences.iter().rev());
        let count = pairs.take(most).take_while(is_after).count();
        let after = old.sentences.len() - count;

        let levels_before = old_levels.iter().zip(new_levels).take_while(|(was, is)| was == is).count();
        let most = old_levels.len().min(new_levels.len()) - levels_before;
        let is_moved = |(was, is): &(&LevelMention, &LevelMention)| {
            edit.span(was.span) == Some(is.span) && was.levels == is.levels && was.single == is.single
        };
        let pairs = old_levels.iter().rev().zip(new_levels.iter().rev());
        let levels_after = pairs.take(most).take_while(is_moved).count();

        let start = |sentence: usize| old.sentences.get(sentence).map_or(u32::MAX, |s| s.span.start);
        let (first, second) = (start(before), start(after));
        let owed_before = old_levels.partition_point(|level| level.span.start < first);
        let owed_after = old_levels.len() - old_levels.partition_point(|level| level.span.start < second);
        Self {
            before,
            after,
            old_sentences: old.sentences.len(),
            new_sentences: new.sentences.len(),
            levels_before,
            levels_after,
            old_levels: old_levels.len(),
            new_levels: new_levels.len(),
            has_levels: levels_before >= owed_before.min(old_levels.len() - owed_after)
                && levels_after >= owed_after,
        }
    }

    /// Whether all sentences, sections and levels are as they were, but for the words that were edited.
    fn has_all(&self, old: &Layout, new: &Layout) -> bool {
        let is_same = |(was, is): (&Sentence, &Sentence)| {
            (was.section, was.line, was.starts_line, was.is_apart, was.cell)
                == (is.section, is.line, is.starts_line, is.is_apart, is.cell)
        };
        let edited = self.before..self.after;
        self.old_sentences == self.new_sentences
            && self.old_levels == self.new_levels
            && self.levels_before + self.levels_after == self.old_levels
            && old.sections.iter().map(|s| s.kind).eq(new.sections.iter().map(|s| s.kind))
            && old.sentences[edited.clone()].iter().zip(&new.sentences[edited]).all(is_same)
    }

    /// Whether none of these layers has a mention in the lines that were edited, or beside them.
    fn tells_nothing(&self, layout: &Layout, layers: [&Vec<Mention<Concept>>; 4]) -> bool {
        let (first, last) = (self.before.checked_sub(1), Some(self.after));
        let line = |sentence: Option<usize>| sentence.and_then(|i| layout.sentences.get(i)).map(|s| s.line);
        let (first, last) = (line(first), line(last));
        let start = layout.sentences.iter().find(|s| Some(s.line) == first).map_or(0, |s| s.span.start);
        let end = layout.sentences.iter().rfind(|s| Some(s.line) == last).map_or(u32::MAX, |s| s.span.end);
        layers.iter().all(|mentions| {
            let next = mentions.partition_point(|mention| mention.span.end <= start);
            mentions.get(next).is_none_or(|mention| mention.span.start >= end)
        })
    }

    /// The number that a level has now.
    fn level(&self, was: u32) -> Option<u32> {
        let was = was as usize;
        if was < self.levels_before {
            return Some(was as u32);
        }
        (was >= self.old_levels - self.levels_after).then(|| (was + self.new_levels - self.old_levels) as u32)
    }
}

/// Whether all sections and sentences are those that there were, moved by the edit of a word.
fn has_moved(was: &Layout, is: &Layout, edit: Moved) -> bool {
    let section = |was: &Section| Section {
        kind: was.kind,
        heading: edit.of_view(was.heading),
        body: edit.of_view(was.body),
    };
    let cell = |was: Cell| Cell { header: edit.of_view(was.header), row: edit.of_view(was.row) };
    let sentence =
        |was: &Sentence| Sentence { span: edit.of_view(was.span), cell: was.cell.map(cell), ..*was };
    was.sections.iter().map(section).eq(is.sections.iter().copied())
        && was.sentences.iter().map(sentence).eq(is.sentences.iter().copied())
}

/// Whether mentions are those that there were, moved by an edit.
fn are_moved(was: &[Mention<Concept>], is: &[Mention<Concept>], edit: Moved) -> bool {
    was.len() == is.len()
        && was
            .iter()
            .zip(is)
            .all(|(was, is)| was.concept == is.concept && edit.span(was.span) == Some(is.span))
}

fn kind(layout: &Layout, sentence: &Sentence) -> Option<SectionKind> {
    layout.sections.get(sentence.section as usize).map(|section| section.kind)
}

/// A sentence where it is now; `None` where the edit reaches it, or the cells that it is read with.
fn moved(sentence: &Sentence, edit: Moved) -> Option<Sentence> {
    let mut sentence = *sentence;
    sentence.span = edit.span(sentence.span)?;
    if let Some(cell) = &mut sentence.cell {
        cell.row = edit.span(cell.row)?;
        cell.header = if cell.header.is_empty() { cell.header } else { edit.span(cell.header)? };
    }
    Some(sentence)
}
