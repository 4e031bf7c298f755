//! A note through the stages up to its facts, each stage's output kept so that a person can look.

use crate::codes::Reading;
use crate::context::{Assertion, assess_in};
use crate::lexicon::{ChangeClass, Concept, Layer, Structure};
use crate::matching::{BySentence, LevelMention, Token, part_lists, read_levels, resolve};
use crate::model::{Finding, Level, Mention, Region, SectionKind};
use crate::relate::{Codes, LONGEST_LETTERS, Layers, conclude, opens_after_list};
use crate::segment::{Layout, segment};
use crate::text::{FoldSpan, Folded, Moved, Span};

use super::Engine;
use super::scan::Scan;
use super::tell::{Begun, Told};

/// The stages of one note.
#[derive(Clone, Debug)]
pub struct Analysis<'n> {
    /// The folded view and the words.
    pub(super) scan: Scan<'n>,
    /// Sections and sentences.
    pub layout: Layout,
    /// Which mentions stand in which sentence.
    pub by_sentence: BySentence,
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
        let (mut resolved, by_sentence) =
            resolve(&hits.phrases, layout.sentences.iter().map(|s| s.span.start));
        let mut read = |layer| resolved.take(layer);
        let (mentions, cues) = (read(Layer::Finding), read(Layer::Cue));
        let (clinical, care, note) = (read(Layer::Clinical), read(Layer::Care), read(Layer::Note));
        let (coding, acts, details) = (read(Layer::Coding), read(Layer::Act), read(Layer::Detail));
        let mut levels = Vec::with_capacity(hits.vertebrae.len());
        let ends = layout.sentences.iter().map(|s| s.span.end);
        read_levels(folded.bytes(), &engine.words, &hits.vertebrae, ends, &mut levels);
        let opens = |list: &LevelMention| opens_after_list(folded, &hits.tokens, &mentions, &cues, list);
        part_lists(folded.bytes(), &engine.words, opens, &mut levels);
        Self {
            scan,
            layout,
            by_sentence,
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
            by_sentence: &self.by_sentence,
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
        self.assess_at(self.folded().to_view(target))
    }

    /// The same of a place of the folded view.
    pub(super) fn assess_at(&self, target: FoldSpan) -> Assertion {
        assess_in(self.folded(), self.tokens(), &self.layout, &self.cues, target)
    }

    /// Whether the note has a part that tells of a procedure.
    pub(super) fn tells_operation(&self) -> bool {
        self.layout.sections.iter().any(|section| section.kind == SectionKind::Procedure)
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
        conclude(&mut findings, self.tells_operation());
        self.findings = findings;
    }

    /// The codes that the note uses for grades.
    pub(super) fn codes(&self, engine: &Engine) -> Codes {
        let sentences = self.layout.sentences.iter().map(|s| s.span);
        Codes::read(self.folded(), engine.lexicon.scales(), &self.mentions, sentences)
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
