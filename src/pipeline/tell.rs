//! From the layers of a note to what its sentences tell, one after the other.

use std::ops::Range;

use smallvec::SmallVec;

use crate::context::Scopes;
use crate::lexicon::{Concept, Imaging, Layer, Structure};
use crate::matching::{LevelMention, tokens_within};
use crate::model::{Finding, Mention, SectionKind};
use crate::relate::{
    Codes, Draft, Item, ItemReader, Items, Kind, Kinds, Places, Statement, Stretch, Template, Topic, amend,
    barriers, free_roots, mark_roots, part_clauses, read_heads, within,
};
use crate::segment::{Cell, Sentence};
use crate::text::FoldSpan;

use super::Engine;
use super::analysis::Analysis;

/// What has been told up to a sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// The findings, each as it was stated.
    pub(super) findings: Vec<Finding>,
    /// What was said of levels.
    pub(super) places: Places,
    /// The passage that was spoken of last.
    pub(super) structure: Option<Structure>,
}

impl Told {
    /// What was told before the line that a sentence begins.
    const fn begun(&self, sentence: usize) -> Begun<'_> {
        Begun { sentence, findings: self.findings.len(), places: &self.places, structure: self.structure }
    }

    /// Goes on to a sentence, after the one `before`. What a new section or a new line of a table tells is of no passage
    /// spoken of before it.
    fn enter(&mut self, sentence: &Sentence, before: Option<&Sentence>) {
        let Some(before) = before.filter(|before| before.section == sentence.section) else {
            self.places.enter_section();
            self.structure = None;
            return;
        };
        if before.line != sentence.line {
            self.places.enter_line();
            if before.cell.is_some() || sentence.cell.is_some() {
                self.structure = None;
            }
        }
    }
}

/// A line that is begun, and what was told before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun<'a> {
    /// Its first sentence.
    pub(super) sentence: usize,
    /// How many findings were told.
    pub(super) findings: usize,
    pub(super) places: &'a Places,
    pub(super) structure: Option<Structure>,
}

/// A sentence as `relate` reads it.
struct Prepared {
    /// The index of the sentence.
    sentence: usize,
    /// Its items among those of the note.
    items: Range<usize>,
    /// Their kinds.
    kinds: Kinds,
    /// Its heads among those of the note.
    heads: Range<usize>,
    /// Its context, where it can state a finding.
    scopes: Option<Scopes>,
    section: SectionKind,
}

impl Analysis<'_> {
    /// Reads what some sentences tell, which are whole lines, after what was told before them; `left` is told of each
    /// line that is begun.
    pub(super) fn tell(
        &self,
        engine: &Engine,
        codes: &Codes,
        is_about_spine: bool,
        sentences: Range<usize>,
        told: &mut Told,
        mut left: impl FnMut(Begun<'_>),
    ) {
        // Every sentence goes through one step before the first goes through the next: the code of one step stays in
        // the nearest cache, that of all does not.
        let (items, mut said) = self.prepared(engine, codes, sentences.clone());
        let mut heads = Vec::with_capacity(items.len());
        for said in &mut said {
            said.heads.start = heads.len();
            if said.scopes.is_some() {
                read_heads(&items[said.items.clone()], &mut heads);
            }
            said.heads.end = heads.len();
        }
        told.findings.reserve(heads.len());
        let mut said = said.iter().peekable();
        let no_scopes = Scopes::default();
        // How many findings were told before the line.
        let mut line = told.findings.len();
        let mut before = sentences.start.checked_sub(1).and_then(|i| self.layout.sentences.get(i));
        for (index, sentence) in
            self.layout.sentences.iter().enumerate().take(sentences.end).skip(sentences.start)
        {
            if before.is_none_or(|b| b.line != sentence.line) {
                left(told.begun(index));
                line = told.findings.len();
            }
            told.enter(sentence, before);
            before = Some(sentence);
            let Some(said) = said.next_if(|said| said.sentence == index) else { continue };
            let topic = Topic {
                structure: told.structure,
                spine: is_about_spine,
                is_cell: sentence.cell.is_some(),
                has_level: told.places.has_topic(),
                told: line,
            };
            let items = &items[said.items.clone()];
            let statement = Statement {
                folded: self.folded(),
                tokens: self.tokens(),
                levels: &self.levels,
                items,
                kinds: said.kinds,
                scopes: said.scopes.as_ref().unwrap_or(&no_scopes),
                section: said.section,
            };
            let heads = &mut heads[said.heads.clone()];
            let leaves = statement.read(heads, &told.places, topic, &mut told.findings);
            told.structure = leaves.structure;
            if statement.kinds.has(Places::NAMED) {
                told.places.leave_sentence(items, &self.levels, sentence.starts_line);
            }
            if said.section == SectionKind::Addendum {
                told.places.stay();
            }
        }
    }

    /// The items of some sentences, and which of them are those of each that may tell of the spine.
    fn prepared(
        &self,
        engine: &Engine,
        codes: &Codes,
        sentences: Range<usize>,
    ) -> (Vec<Item>, Vec<Prepared>) {
        let mut all = Vec::with_capacity(self.mentions.len().min(8 * sentences.len()) + 2 * sentences.len());
        let mut said = Vec::with_capacity(sentences.len());
        let start = self.layout.sentences.get(sentences.start).map_or(0, |s| s.span.start);
        // How far the levels have been read.
        let mut reached = self.levels.partition_point(|level| level.span.start < start);
        let template = Template::of(self.folded().bytes());
        let mut items = Items::new();
        let mut quoted = None;
        // The only side named so far, and on which line.
        let mut side = (0, None);
        for (index, sentence) in
            self.layout.sentences.iter().enumerate().take(sentences.end).skip(sentences.start)
        {
            let seen = self.seen_in(index, &mut reached);
            // Nothing is named that findings are made of.
            if codes.is_empty() && seen.findings.is_empty() && seen.levels.is_empty() {
                continue;
            }
            let mut draft = self.items(engine, codes, sentence.cell, &seen, template, &mut items);
            if draft.items.is_empty() {
                continue;
            }
            let named = side.1.filter(|_| side.0 == sentence.line);
            let levels = &self.levels;
            (draft.levels, draft.named) = (levels, named);
            draft.join();
            amend(&mut draft);
            side = (sentence.line, draft.named);
            let (mut kinds, taken_back) = (draft.kinds(), draft.taken_back);
            let section = self.section_of(sentence, &mut quoted);
            // What an addendum says of nothing still keeps to the level named last.
            let is_idle = !kinds.has(Kinds::STRUCTURE.or(Places::NAMED).or(Statement::TELLING));
            if is_idle && section != SectionKind::Addendum {
                continue;
            }
            if section == SectionKind::Key || Codes::is_key(self.folded(), seen.findings) {
                continue;
            }
            mark_roots(&mut items, &mut kinds, levels, |end| self.radicular_follows(end));
            let scopes = kinds
                .has(Statement::TELLING)
                .then(|| self.scopes(index, section, &seen, (&mut items, &mut kinds), &taken_back));
            debug_assert_eq!(kinds, Kinds::of(&items), "the kinds are not those of the items");
            let first = all.len();
            all.extend_from_slice(&items);
            let items = first..all.len();
            said.push(Prepared { sentence: index, items, kinds, heads: 0..0, scopes, section });
        }
        (all, said)
    }

    /// The context of a sentence, which parts its items where it ends, and frees roots of which it says that they are; the
    /// kinds of the items come with them.
    fn scopes(
        &self,
        sentence: usize,
        section: SectionKind,
        seen: &Stretch<'_>,
        (items, kinds): (&mut Items, &mut Kinds),
        taken_back: &[FoldSpan],
    ) -> Scopes {
        let (folded, span) = (self.folded(), seen.span);
        let own = tokens_within(self.tokens(), span);
        part_clauses(items, *kinds);
        // Barriers end the reach of cues.
        let barriers = if seen.cues.is_empty() { SmallVec::new() } else { barriers(items) };
        let mut scopes = Scopes::read(folded, own, span, section, seen.cues, &barriers);
        scopes.drop_cues(taken_back);
        // What a surgeon leaves free was not so before.
        if section != SectionKind::Procedure {
            scopes.deny(&free_roots(items, kinds, self.tokens()));
        }
        if !seen.others.iter().any(is_study) {
            scopes.date(folded, own, seen.cues);
        } else if section == SectionKind::Comparison && self.opens_section(sentence) {
            // "COMPARISON: MRI of last spring, which showed …"; a report can go on under this heading.
            scopes.suppose_past();
        }
        scopes
    }

    /// Whether a sentence is the first of its section.
    fn opens_section(&self, sentence: usize) -> bool {
        let section = |at: usize| self.layout.sentences.get(at).map(|s| s.section);
        sentence.checked_sub(1).and_then(section) != section(sentence)
    }

    /// The section that a sentence belongs to. A history that quotes a study tells what is there now, to the end of
    /// its line (annotation guide, status), and what stands apart from an indication is none; `quoted` is the line in which one was quoted last.
    fn section_of(&self, sentence: &Sentence, quoted: &mut Option<u32>) -> SectionKind {
        if sentence.is_apart {
            return SectionKind::Unknown;
        }
        let kind = self.layout.sections[sentence.section as usize].kind;
        if kind != SectionKind::PastHistory {
            return kind;
        }
        if within(&self.clinical, sentence.span).iter().any(is_study) {
            *quoted = Some(sentence.line);
        }
        if *quoted == Some(sentence.line) { SectionKind::Imaging } else { kind }
    }

    /// What was seen in the sentence of an index; calls come in the order of the note, and move `reached` to its first
    /// level.
    fn seen_in(&self, sentence: usize, reached: &mut usize) -> Stretch<'_> {
        let span = self.layout.sentences[sentence].span;
        let of = |layer, all| self.by_sentence.of(layer, all, sentence, span.end);
        let (first_level, levels) = self.levels_within(span, reached);
        let seen = Stretch {
            span,
            findings: of(Layer::Finding, &self.mentions),
            cues: of(Layer::Cue, &self.cues),
            others: of(Layer::Clinical, &self.clinical),
            levels,
            first_level,
        };
        debug_assert_eq!(seen, self.seen_within(span));
        seen
    }

    /// What was seen within any stretch.
    fn seen_within(&self, span: FoldSpan) -> Stretch<'_> {
        let mut reached = self.levels.partition_point(|level| level.span.start < span.start);
        let (first_level, levels) = self.levels_within(span, &mut reached);
        Stretch {
            span,
            findings: within(&self.mentions, span),
            cues: within(&self.cues, span),
            others: within(&self.clinical, span),
            levels,
            first_level,
        }
    }

    /// The levels within a stretch, after the number of the first; `reached` is moved to it.
    fn levels_within(&self, span: FoldSpan, reached: &mut usize) -> (usize, &[LevelMention]) {
        while self.levels.get(*reached).is_some_and(|level| level.span.start < span.start) {
            *reached += 1;
        }
        let rest = self.levels.get(*reached..).unwrap_or_default();
        let count = rest.iter().take_while(|level| level.span.end <= span.end).count();
        (*reached, &rest[..count])
    }

    /// Reads the items of a sentence, in which `seen` was seen, into `items`, in place of what is there.
    fn items<'a>(
        &'a self,
        engine: &Engine,
        codes: &Codes,
        cell: Option<Cell>,
        seen: &Stretch<'_>,
        template: Template,
        items: &'a mut Items,
    ) -> Draft<'a> {
        items.clear();
        let reader = ItemReader { folded: self.folded(), tokens: self.tokens(), words: &engine.words, codes };
        let text = self.folded().bytes();
        let Some(Cell { header, row }) = cell else {
            reader.read_part(seen, items);
            let mut draft = Draft::new(items, text, self.tokens());
            draft.fill_in(template, seen.span.start);
            return draft;
        };
        let read_ticked = |seen: &Stretch<'_>| {
            let mut part = Items::new();
            reader.read_part(seen, &mut part);
            template.tick(&mut part, text, seen.span.start);
            part
        };
        let mut own = read_ticked(seen);
        // An empty cell says nothing of its column.
        if own.iter().any(|item| item.kind != Kind::End) {
            if row != seen.span {
                for span in [row, header] {
                    items.append(&mut read_ticked(&self.seen_within(span)));
                }
            }
            items.append(&mut own);
        }
        Draft::new(items, text, self.tokens())
    }

    /// Whether a symptom follows at once, so that a level before it names a root: "L5 radiculopathy".
    fn radicular_follows(&self, end: u32) -> bool {
        let at = self.clinical.partition_point(|m| m.span.start < end);
        self.clinical
            .get(at)
            .is_some_and(|m| matches!(m.concept, Concept::Symptom(_)) && m.span.start <= end + 1)
    }
}

/// Whether a mention names a study.
fn is_study(mention: &Mention<Concept>) -> bool {
    mention.concept == Concept::Imaging(Imaging::Study)
}
