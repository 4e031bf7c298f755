//! A note through the stages up to its facts, each stage's output kept so that a person can look.

use crate::codes::Reading;
use crate::context::{Assertion, Scopes, assess_in};
use crate::lexicon::{ChangeClass, Concept, Layer, Structure};
use crate::matching::{Hits, LevelMention, read_levels, resolve};
use crate::model::{Finding, Mention, SectionKind};
use crate::relate::{
    Codes, ItemReader, Items, Kind, Layers, Places, Statement, Topic, barriers, correct, mark_roots, merge,
    within,
};
use crate::segment::{Cell, Layout, Sentence, segment};
use crate::text::{Folded, Span};

use super::Engine;

/// The stages of one note.
#[derive(Clone, Debug)]
pub struct Analysis<'n> {
    /// The folded view, spelling repaired.
    pub folded: Folded<'n>,
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
        let mut folded = Folded::new(note);
        let mut hits = Hits::default();
        if engine.automaton.find(&folded, &mut hits, is_of_spine) {
            folded = engine.repairer.repair(folded);
            hits = Hits::default();
            engine.automaton.find(&folded, &mut hits, |_| false);
        }
        let layout = segment(&folded, hits.headings());
        let starts: Vec<u32> = layout.sentences.iter().map(|s| s.span.start).collect();
        let read = |layer| resolve(hits.of(layer), &starts);
        let (mentions, cues) = (read(Layer::Finding), read(Layer::Cue));
        let (clinical, care, note) = (read(Layer::Clinical), read(Layer::Care), read(Layer::Note));
        let coding = resolve(hits.of(Layer::Coding), &[0]);
        let acts = read(Layer::Act);
        // A heading tells of the encounter too, the first as well, which no sentence precedes: "ALLERGIES: contrast".
        let parts: Vec<u32> = [0].into_iter().chain(starts.iter().copied()).collect();
        let details = resolve(hits.of(Layer::Detail), &parts);
        let mut levels = Vec::new();
        let ends = layout.sentences.iter().map(|s| s.span.end);
        read_levels(folded.bytes(), &engine.words, &hits.vertebrae, ends, &mut levels);
        let mut analysis = Self {
            folded,
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
        };
        analysis.relate(engine);
        analysis
    }

    /// The layers that the clinical readings are made from.
    pub(super) fn layers<'a>(&'a self, engine: &'a Engine) -> Layers<'a, 'n> {
        Layers {
            folded: &self.folded,
            layout: &self.layout,
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
            folded: &self.folded,
            layout: &self.layout,
            cues: &self.coding,
            words: &engine.words,
            tables: &engine.tables,
        }
    }

    /// What the context of a place of the note says of it, whatever stands there.
    pub fn assess(&self, target: Span) -> Assertion {
        assess_in(&self.folded, &self.layout, &self.cues, self.folded.to_view(target))
    }

    fn relate(&mut self, engine: &Engine) {
        let mut findings = Vec::new();
        let mut places = Places::default();
        if !self.speaks_of_spine() {
            return;
        }
        let sentences = self.layout.sentences.iter().map(|s| s.span);
        let codes = Codes::read(&self.folded, engine.lexicon.scales(), &self.mentions, sentences);
        let mut topic =
            Topic { structure: None, spine: self.is_about_spine(), is_cell: false, has_level: false };
        let mut before: Option<Sentence> = None;
        for sentence in &self.layout.sentences {
            if before.is_none_or(|b| b.section != sentence.section) {
                places.enter_section();
                topic.structure = None;
            } else if before.is_some_and(|b| b.line != sentence.line) {
                places.enter_line();
                if before.is_some_and(|b| b.cell.is_some() || sentence.cell.is_some()) {
                    topic.structure = None;
                }
            }
            before = Some(*sentence);
            topic.is_cell = sentence.cell.is_some();
            topic.has_level = !places.topic().levels.is_empty();
            let mut items = self.items(engine, &codes, sentence);
            if items.is_empty() {
                continue;
            }
            mark_roots(&mut items, &self.levels, |end| self.radicular_follows(end));
            let section = self.layout.sections[sentence.section as usize].kind;
            if section == SectionKind::Key
                || Codes::is_key(&self.folded, within(&self.mentions, sentence.span))
            {
                continue;
            }
            let scopes = Scopes::read(
                &self.folded,
                sentence.span,
                section,
                within(&self.cues, sentence.span),
                &barriers(&items),
            );
            let statement = Statement {
                folded: &self.folded,
                levels: &self.levels,
                items: &items,
                scopes: &scopes,
                section,
            };
            let leaves = statement.read(&places, topic, &mut findings);
            topic.structure = leaves.structure;
            places.leave_sentence(&items, &self.levels, sentence.starts_line);
        }
        correct(&mut findings);
        merge(&mut findings);
        self.findings = findings;
    }

    fn items(&self, engine: &Engine, codes: &Codes, sentence: &Sentence) -> Items {
        let reader = ItemReader { folded: &self.folded, words: &engine.words, codes };
        let mut items = Items::new();
        let parts = match sentence.cell {
            Some(Cell { header, row }) if row != sentence.span => {
                [Some(row), Some(header), Some(sentence.span)]
            }
            _ => [None, None, Some(sentence.span)],
        };
        for span in parts.into_iter().flatten() {
            let first_level = self.levels.partition_point(|l| l.span.start < span.start);
            let last_level = self.levels.partition_point(|l| l.span.end <= span.end);
            let levels = &self.levels[first_level..last_level.max(first_level)];
            let mut part = Items::new();
            let others = [within(&self.cues, span), within(&self.clinical, span)];
            reader.read(span, within(&self.mentions, span), others, levels, first_level, &mut part);
            if span == sentence.span && sentence.cell.is_some() && part.iter().all(|i| i.kind == Kind::End) {
                // An empty cell says nothing of its column.
                return Items::new();
            }
            items.append(&mut part);
        }
        items
    }

    /// Whether a symptom follows at once, so that a level before it names a root: "L5 radiculopathy".
    fn radicular_follows(&self, end: u32) -> bool {
        let at = self.clinical.partition_point(|m| m.span.start < end);
        self.clinical
            .get(at)
            .is_some_and(|m| matches!(m.concept, Concept::Symptom(_)) && m.span.start <= end + 1)
    }

    /// Whether the note is about the spine: it names an interspace, a foramen, facets, or the spine and a disc.
    fn is_about_spine(&self) -> bool {
        let names = |structure| self.mentions.iter().any(|m| m.concept == Concept::Structure(structure));
        self.levels.iter().any(|level| !level.single)
            || names(Structure::Foramen)
            || names(Structure::Facet)
            || names(Structure::Sac)
            || names(Structure::Spine) && (names(Structure::Disc) || names(Structure::Canal))
    }

    /// Whether anything in the note is of the spine, so that what is narrowed can be the canal of the spine.
    fn speaks_of_spine(&self) -> bool {
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
                Structure::Canal => self.folded.slice(m.span).contains(' '),
                Structure::Central => has_stenosis,
                _ => false,
            },
            Concept::Displacement(..) => true,
            _ => false,
        };
        !self.levels.is_empty() || self.mentions.iter().any(of_spine)
    }
}

/// Whether a word is one of the spine, so that the note is worth the repair of its spelling.
const fn is_of_spine(concept: Concept) -> bool {
    matches!(concept, Concept::Structure(_) | Concept::Change(..) | Concept::Narrowed(_))
}
