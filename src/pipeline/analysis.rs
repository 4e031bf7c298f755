//! A note through the stages up to its facts, each stage's output kept so that a person can look.

use std::ops::Range;

use crate::codes::Reading;
use crate::context::{Assertion, Scopes, assess_in};
use crate::lexicon::{ChangeClass, Concept, Imaging, Layer, Structure};
use crate::matching::{LevelMention, Token, read_levels, resolve, resolve_layer, tokens_within};
use crate::model::{Finding, Level, Mention, Region, SectionKind};
use crate::relate::{
    Codes, Item, ItemReader, Items, Kind, LONGEST_LETTERS, Layers, Places, Statement, Topic, barriers,
    conclude, drop_conjunctions, free_roots, lend_to_objects, mark_roots, point_to_sides, read_heads,
    take_back, within,
};
use crate::segment::{Cell, Layout, Sentence, segment};
use crate::text::{FoldSpan, Folded, Moved, Span};

use super::Engine;
use super::scan::Scan;

/// The stages of one note.
#[derive(Clone, Debug)]
pub struct Analysis<'n> {
    /// The folded view and the words.
    pub(super) scan: Scan<'n>,
    /// Sections and sentences.
    pub layout: Layout,
    /// Mentions of anatomy, changes, grades, sides.
    pub mentions: Vec<Mention<Concept>>,
    /// Context cues.
    pub cues: Vec<Mention<Concept>>,
    /// Symptoms, imaging, links.
    pub clinical: Vec<Mention<Concept>>,
    /// Treatment.
    pub care: Vec<Mention<Concept>>,
    /// Procedures.
    pub acts: Vec<Mention<Concept>>,
    /// Drugs, guidance, scores, relief.
    pub details: Vec<Mention<Concept>>,
    /// What stands before codes and days of service, headings included.
    pub coding: Vec<Mention<Concept>>,
    /// Words typical of a type of note.
    pub note: Vec<Mention<Concept>>,
    /// Levels.
    pub levels: Vec<LevelMention>,
    /// The findings, one fact one record.
    pub findings: Vec<Finding>,
}

impl<'n> Analysis<'n> {
    /// Takes a note through the stages.
    pub fn new(engine: &Engine, note: &'n str) -> Self {
        let scan = Scan::new(engine, note);
        let layout = segment(&scan.folded, &scan.hits.headings());
        let mut analysis = Self::of(engine, scan, layout);
        analysis.relate(engine, |_| {});
        analysis
    }

    /// Takes what was seen of a note, and its sentences, through the stages up to the layers that findings are read from.
    pub(super) fn of(engine: &Engine, scan: Scan<'n>, layout: Layout) -> Self {
        let (folded, hits) = (&scan.folded, &scan.hits);
        let mut resolved = resolve(&hits.phrases, layout.sentences.iter().map(|s| s.span.start));
        let mut read = |layer| resolved.take(layer);
        let (mentions, cues) = (read(Layer::Finding), read(Layer::Cue));
        let (clinical, care, note) = (read(Layer::Clinical), read(Layer::Care), read(Layer::Note));
        let coding = resolve_layer(&hits.phrases, Layer::Coding, std::iter::once(0));
        let acts = read(Layer::Act);
        // A heading tells of the encounter too, the first as well, which no sentence precedes: "ALLERGIES: contrast".
        let parts = std::iter::once(0).chain(layout.sentences.iter().map(|s| s.span.start));
        let details = resolve_layer(&hits.phrases, Layer::Detail, parts);
        let mut levels = Vec::with_capacity(hits.vertebrae.len());
        let ends = layout.sentences.iter().map(|s| s.span.end);
        read_levels(folded.bytes(), &engine.words, &hits.vertebrae, ends, &mut levels);
        Self {
            scan,
            layout,
            mentions,
            cues,
            clinical,
            care,
            acts,
            details,
            coding,
            note,
            levels,
            findings: Vec::new(),
        }
    }

    /// Moves all that was read with the edit of a word of which nothing is read; the sentences are `layout` now.
    pub(super) fn follow(&mut self, layout: Layout, edit: Moved) {
        self.layout = layout;
        let Self { mentions, cues, clinical, care, acts, details, coding, note, levels, .. } = self;
        for mention in [mentions, cues, clinical, care, acts, details, coding, note].into_iter().flatten() {
            mention.span = edit.of_view(mention.span);
        }
        for level in levels {
            level.span = edit.of_view(level.span);
        }
    }

    /// The folded view, spelling repaired.
    pub const fn folded(&self) -> &Folded<'n> {
        &self.scan.folded
    }

    /// Words, and what stands between them.
    pub fn tokens(&self) -> &[Token] {
        &self.scan.hits.tokens
    }

    /// The layers that the clinical readings are made from.
    pub(super) fn layers<'a>(&'a self, engine: &'a Engine) -> Layers<'a, 'n> {
        Layers {
            folded: self.folded(),
            layout: &self.layout,
            tokens: self.tokens(),
            words: &engine.words,
            mentions: &self.mentions,
            cues: &self.cues,
            clinical: &self.clinical,
            care: &self.care,
            acts: &self.acts,
            details: &self.details,
            levels: &self.levels,
        }
    }

    /// What codes and the day of service are read from.
    pub(super) fn coded<'a>(&'a self, engine: &'a Engine) -> Reading<'a> {
        Reading {
            folded: self.folded(),
            layout: &self.layout,
            tokens: self.tokens(),
            cues: &self.coding,
            words: &engine.words,
            tables: &engine.tables,
        }
    }

    /// What the context of a place of the note says of it, whatever stands there.
    pub fn assess(&self, target: Span) -> Assertion {
        assess_in(self.folded(), self.tokens(), &self.layout, &self.cues, self.folded().to_view(target))
    }

    /// Reads the findings; `left` is told of each line that is begun.
    pub(super) fn relate(&mut self, engine: &Engine, left: impl FnMut(Begun<'_>)) {
        if !self.speaks_of_spine() {
            return;
        }
        let codes = self.codes(engine);
        let mut told = Told::default();
        let all = 0..self.layout.sentences.len();
        self.tell(engine, &codes, self.is_about_spine(), all, &mut told, left);
        let mut findings = told.findings;
        conclude(&mut findings);
        self.findings = findings;
    }

    /// The codes that the note uses for grades.
    pub(super) fn codes(&self, engine: &Engine) -> Codes {
        let sentences = self.layout.sentences.iter().map(|s| s.span);
        Codes::read(self.folded(), engine.lexicon.scales(), &self.mentions, sentences)
    }

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
        let (items, said) = self.said(engine, codes, sentences.clone());
        let (mut heads, mut ends) = (Vec::with_capacity(items.len()), Vec::with_capacity(said.len()));
        for said in &said {
            read_heads(&items[said.items.clone()], &mut heads);
            ends.push(heads.len());
        }
        let mut said = said.iter().zip(ends).peekable();
        let mut first_head = 0;
        let Told { findings, places, structure } = told;
        let mut before = sentences.start.checked_sub(1).and_then(|i| self.layout.sentences.get(i));
        for (index, sentence) in
            self.layout.sentences.iter().enumerate().take(sentences.end).skip(sentences.start)
        {
            if before.is_none_or(|b| b.line != sentence.line) {
                left(Begun { sentence: index, findings: findings.len(), places, structure: *structure });
            }
            if before.is_none_or(|b| b.section != sentence.section) {
                places.enter_section();
                *structure = None;
            } else if before.is_some_and(|b| b.line != sentence.line) {
                places.enter_line();
                if before.is_some_and(|b| b.cell.is_some() || sentence.cell.is_some()) {
                    *structure = None;
                }
            }
            before = Some(sentence);
            let Some((said, end)) = said.next_if(|(said, _)| said.sentence == index) else { continue };
            let topic = Topic {
                structure: *structure,
                spine: is_about_spine,
                is_cell: sentence.cell.is_some(),
                has_level: places.has_topic(),
            };
            let items = &items[said.items.clone()];
            let statement = Statement {
                folded: self.folded(),
                tokens: self.tokens(),
                levels: &self.levels,
                items,
                scopes: &said.scopes,
                section: said.section,
            };
            let leaves = statement.read(&mut heads[first_head..end], places, topic, findings);
            first_head = end;
            *structure = leaves.structure;
            places.leave_sentence(items, &self.levels, sentence.starts_line);
        }
    }

    /// The items of some sentences, and which of them are those of each that may tell of the spine.
    fn said(&self, engine: &Engine, codes: &Codes, sentences: Range<usize>) -> (Vec<Item>, Vec<Said>) {
        let mut all = Vec::with_capacity(self.mentions.len().min(8 * sentences.len()) + 2 * sentences.len());
        let mut said = Vec::with_capacity(sentences.len());
        let start = self.layout.sentences.get(sentences.start).map_or(0, |s| s.span.start);
        let mut reached = self.reached(start);
        let mut items = Items::new();
        let mut quoted = None;
        for (index, sentence) in
            self.layout.sentences.iter().enumerate().take(sentences.end).skip(sentences.start)
        {
            let words = self.words_of(sentence.span, &mut reached);
            if words.mentions.is_empty() && words.levels.is_empty() && codes.is_empty() {
                continue;
            }
            self.items(engine, codes, sentence, &words, &mut items);
            if items.is_empty() {
                continue;
            }
            point_to_sides(&mut items);
            lend_to_objects(&mut items, self.tokens());
            let taken_back = take_back(&mut items, self.tokens());
            drop_conjunctions(&mut items, self.tokens(), &self.levels);
            let section = self.section_of(sentence, &mut quoted);
            if section == SectionKind::Key || Codes::is_key(self.folded(), words.mentions) {
                continue;
            }
            mark_roots(&mut items, &self.levels, |end| self.radicular_follows(end));
            let (folded, tokens, ends) = (self.folded(), self.tokens(), barriers(&items));
            let mut scopes = Scopes::read(folded, tokens, sentence.span, section, words.cues, &ends);
            scopes.drop_cues(&taken_back);
            // What a surgeon leaves free was not so before.
            if section != SectionKind::Procedure {
                scopes.deny(&free_roots(&mut items, tokens));
            }
            if !words.clinical.iter().any(is_study) {
                scopes.date(folded, tokens_within(tokens, sentence.span), words.cues);
            } else if section == SectionKind::Comparison && self.opens_section(index) {
                // "COMPARISON: MRI of last spring, which showed …"; a report can go on under this heading.
                scopes.suppose_past();
            }
            let first = all.len();
            all.extend_from_slice(&items);
            said.push(Said { sentence: index, items: first..all.len(), scopes, section });
        }
        (all, said)
    }

    /// Whether a sentence is the first of its section.
    fn opens_section(&self, sentence: usize) -> bool {
        let section = |at: usize| self.layout.sentences.get(at).map(|s| s.section);
        sentence.checked_sub(1).and_then(section) != section(sentence)
    }

    /// How far each layer is read where reading starts at a place.
    fn reached(&self, start: u32) -> Reached {
        let before = |mentions: &[Mention<Concept>]| mentions.partition_point(|m| m.span.start < start);
        Reached {
            mentions: before(&self.mentions),
            cues: before(&self.cues),
            clinical: before(&self.clinical),
            levels: self.levels.partition_point(|l| l.span.start < start),
        }
    }

    /// The section that a sentence belongs to. A history that quotes a study tells what is there now, to the end of
    /// its line (annotation guide, status); `quoted` is the line in which one was quoted last.
    fn section_of(&self, sentence: &Sentence, quoted: &mut Option<u32>) -> SectionKind {
        let kind = self.layout.sections[sentence.section as usize].kind;
        if kind != SectionKind::PastHistory {
            return kind;
        }
        if within(&self.clinical, sentence.span).iter().any(is_study) {
            *quoted = Some(sentence.line);
        }
        if *quoted == Some(sentence.line) { SectionKind::Imaging } else { kind }
    }

    /// What the layers see within `span`; calls come in the order of the note.
    fn words_of(&self, span: FoldSpan, reached: &mut Reached) -> Words<'_> {
        let levels = next_within(&self.levels, |l| l.span, span, &mut reached.levels);
        let mentions = next_within(&self.mentions, |m| m.span, span, &mut reached.mentions);
        let cues = next_within(&self.cues, |m| m.span, span, &mut reached.cues);
        let clinical = next_within(&self.clinical, |m| m.span, span, &mut reached.clinical);
        Words {
            mentions: &self.mentions[mentions],
            cues: &self.cues[cues],
            clinical: &self.clinical[clinical],
            first_level: levels.start,
            levels: &self.levels[levels],
        }
    }

    /// Reads the items of a sentence, whose words are `words`, into `items`, in place of what is there.
    fn items(
        &self,
        engine: &Engine,
        codes: &Codes,
        sentence: &Sentence,
        words: &Words<'_>,
        items: &mut Items,
    ) {
        items.clear();
        let reader = ItemReader { folded: self.folded(), tokens: self.tokens(), words: &engine.words, codes };
        let read = |span: FoldSpan, words: &Words<'_>, items: &mut Items| {
            let others = [words.cues, words.clinical];
            reader.read(span, words.mentions, others, words.levels, words.first_level, items);
        };
        let Some(Cell { header, row }) = sentence.cell else {
            read(sentence.span, words, items);
            return;
        };
        let mut own = Items::new();
        read(sentence.span, words, &mut own);
        if own.iter().all(|item| item.kind == Kind::End) {
            // An empty cell says nothing of its column.
            return;
        }
        if row != sentence.span {
            for span in [row, header] {
                let mut part = Items::new();
                read(span, &self.words_of(span, &mut self.reached(span.start)), &mut part);
                items.append(&mut part);
            }
        }
        items.append(&mut own);
    }

    /// Whether a symptom follows at once, so that a level before it names a root: "L5 radiculopathy".
    fn radicular_follows(&self, end: u32) -> bool {
        let at = self.clinical.partition_point(|m| m.span.start < end);
        self.clinical
            .get(at)
            .is_some_and(|m| matches!(m.concept, Concept::Symptom(_)) && m.span.start <= end + 1)
    }

    /// Whether the note is about the spine: it names an interspace, a foramen, facets, or the spine and a disc.
    pub(super) fn is_about_spine(&self) -> bool {
        let names = |structure| self.mentions.iter().any(|m| m.concept == Concept::Structure(structure));
        // S1 and S2, T1 and T2 are heart sounds and pulse sequences too.
        let is_vertebra = |level: &Level| match level.upper().region() {
            Region::Lumbar => true,
            Region::Thoracic => level.upper().number() > 2,
            Region::Cervical | Region::Sacral => false,
        };
        self.levels.iter().any(|mention| !mention.single || mention.levels.iter().all(is_vertebra))
            || names(Structure::Foramen)
            || names(Structure::Facet)
            || self
                .mentions
                .iter()
                .any(|m| m.concept == Concept::Structure(Structure::Sac) && m.span.len() > LONGEST_LETTERS)
            || names(Structure::Spine) && (names(Structure::Disc) || names(Structure::Canal))
    }

    /// Whether anything in the note is of the spine, so that what is narrowed can be the canal of the spine.
    pub(super) fn speaks_of_spine(&self) -> bool {
        let has_stenosis =
            self.mentions.iter().any(|m| matches!(m.concept, Concept::Change(ChangeClass::Stenosis, _)));
        let of_spine = |m: &Mention<Concept>| match m.concept {
            Concept::Structure(s) => match s {
                Structure::Disc
                | Structure::Facet
                | Structure::Foramen
                | Structure::Root
                | Structure::Sac
                | Structure::Spine => true,
                // "spinal canal" is of the spine, a bare "canal" need not be.
                Structure::Canal => self.folded().slice(m.span).contains(' '),
                Structure::Central => has_stenosis,
                _ => false,
            },
            Concept::Displacement(..) | Concept::Displaced => true,
            _ => false,
        };
        !self.levels.is_empty() || self.mentions.iter().any(of_spine)
    }
}

/// Whether a mention names a study.
fn is_study(mention: &Mention<Concept>) -> bool {
    mention.concept == Concept::Imaging(Imaging::Study)
}

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
struct Said {
    /// The index of the sentence.
    sentence: usize,
    /// Its items among those of the note.
    items: Range<usize>,
    scopes: Scopes,
    section: SectionKind,
}

/// What the layers see within one stretch of the note.
struct Words<'a> {
    mentions: &'a [Mention<Concept>],
    cues: &'a [Mention<Concept>],
    clinical: &'a [Mention<Concept>],
    levels: &'a [LevelMention],
    /// The number of the first of these levels in the note.
    first_level: usize,
}

/// How far each layer has been read.
struct Reached {
    mentions: usize,
    cues: usize,
    clinical: usize,
    levels: usize,
}

/// The elements within `span`, from the one at `reached` on, which is moved to the first of them.
fn next_within<T>(
    elements: &[T],
    place: impl Fn(&T) -> FoldSpan,
    span: FoldSpan,
    reached: &mut usize,
) -> Range<usize> {
    while elements.get(*reached).is_some_and(|element| place(element).start < span.start) {
        *reached += 1;
    }
    let within = elements[*reached..].iter().take_while(|element| place(element).end <= span.end);
    *reached..*reached + within.count()
}
