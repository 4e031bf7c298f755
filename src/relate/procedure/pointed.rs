//! Levels that a sentence before names, where a plan or a history only points to them.
//!
//! ```text
//! Spondylolisthesis at L4-5. I recommend a fusion at that level.       at L4-L5
//! C6-7 herniation. She may come to an ACDF there.                      at C6-C7
//! ```

use smallvec::SmallVec;

use crate::lexicon::{Concept, LevelWord, Sense};
use crate::model::{Level, Mention, ProcedureFamily, ProcedureStatus, Status};
use crate::relate::layers::{Layers, within};
use crate::segment::Sentence;
use crate::text::FoldSpan;

use super::detail::needs_level;
use super::place::Site;
use super::record::Draft;

/// How many sentences before are looked at for the level.
const REACH: usize = 6;
/// How many words may stand between the name of a procedure and what points to its level.
const BESIDE: usize = 6;

/// Levels, and where they are named.
type Levels = SmallVec<[(Level, FoldSpan); 4]>;
/// The levels named before a sentence, by its index.
type Known = (Option<usize>, Levels);

/// Gives drafts that only point to their level the one that was named last.
pub(super) fn complete(layers: &Layers<'_, '_>, drafts: &mut Vec<Draft>) {
    let is_bare =
        |d: &Draft| d.status != ProcedureStatus::Performed && d.site.level.is_none() && needs_level(d.family);
    if !drafts.iter().any(is_bare) {
        return;
    }
    let mut placed = Vec::with_capacity(drafts.len());
    let mut known = Known::default();
    for draft in drafts.drain(..) {
        let sites = if is_bare(&draft) { pointed(layers, &draft, &mut known) } else { Levels::new() };
        if sites.is_empty() {
            placed.push(draft);
        }
        placed.extend(sites.into_iter().map(|(level, span)| Draft {
            site: Site { level: Some(level), level_span: Some(span), ..draft.site },
            ..draft
        }));
    }
    *drafts = placed;
}

/// The levels that the words after a draft's name point to; `known` are those that the sentences before one name.
fn pointed(layers: &Layers<'_, '_>, draft: &Draft, known: &mut Known) -> Levels {
    let none = Levels::new();
    let Some(sentence) = layers.layout.sentences.get(draft.sentence) else { return none };
    let next = layers.tokens.partition_point(|token| token.start < draft.name.end);
    let last = layers.tokens.get(next + BESIDE).map_or(sentence.span.end, |token| token.end);
    let rest = FoldSpan::new(draft.name.end, last.min(sentence.span.end).max(draft.name.end));
    let Some((all, at)) = pointer(layers, rest) else { return none };
    let is_of_body = draft.family == ProcedureFamily::VertebralAugmentation;
    // "a left S1 block, or a discectomy at that level": the root is another's.
    let is_fit = |level: &Level| level.is_interspace() != is_of_body;
    let own = levels(layers, FoldSpan::new(sentence.span.start, at.max(sentence.span.start)));
    if own.iter().any(|(level, _)| is_fit(level)) {
        return none;
    }
    if known.0 != Some(draft.sentence) {
        let before = layers.layout.sentences.get(..draft.sentence).unwrap_or_default();
        let near = || before.iter().rev().take(REACH);
        let named = |s: &Sentence| Some(levels(layers, s.span)).filter(|named| !named.is_empty());
        let told = near().filter(|s| !denies(layers, s)).find_map(named);
        *known = (Some(draft.sentence), told.or_else(|| near().find_map(named)).unwrap_or_default());
    }
    let named: Levels = known.1.iter().filter(|(level, _)| is_fit(level)).copied().collect();
    // One level is pointed to where one is named.
    if all || named.len() == 1 { named } else { none }
}

/// Whether a sentence says of its levels only what is not there: "the L4-5 disc does not bulge".
fn denies(layers: &Layers<'_, '_>, sentence: &Sentence) -> bool {
    let is_change = |m: &&Mention<Concept>| {
        matches!(m.concept, Concept::Change(..) | Concept::Displacement(..) | Concept::Narrowed(_))
    };
    let mut changes = within(layers.mentions, sentence.span).iter().filter(is_change).peekable();
    let scopes = layers.scopes(sentence);
    changes.peek().is_some() && changes.all(|m| scopes.assess(m.span).status == Status::Absent)
}

/// The words in a stretch that point to a level named before, and whether to all of them.
fn pointer(layers: &Layers<'_, '_>, rest: FoldSpan) -> Option<(bool, u32)> {
    let points = within(layers.mentions, rest).iter().find_map(|m| match m.concept {
        // "here" is a clinic as well.
        Concept::Level(LevelWord::Same) if layers.steps(m.span.start, m.span.end) > 1 => {
            Some((false, m.span.start))
        }
        Concept::Level(LevelWord::SameAll) => Some((true, m.span.start)),
        _ => None,
    });
    // "ACDF there", and not "ACDF, there is"
    let mut words = layers.tokens_within(rest);
    let there = words.next().filter(|word| word.class.sense == Some(Sense::There)).map(|word| word.start);
    let goes_on = words.next().and_then(|word| word.class.sense).is_some_and(Sense::is_predicate);
    points.or(there.filter(|_| !goes_on).map(|at| (false, at)))
}

/// The levels that a stretch names, each once.
fn levels(layers: &Layers<'_, '_>, span: FoldSpan) -> Levels {
    let first = layers.levels.partition_point(|l| l.span.start < span.start);
    let mentions =
        layers.levels.get(first..).unwrap_or_default().iter().take_while(|l| l.span.end <= span.end);
    let mut named = Levels::new();
    for (level, at) in mentions.flat_map(|l| l.levels.iter().map(|&level| (level, l.span))) {
        if !named.iter().any(|(known, _)| *known == level) {
            named.push((level, at));
        }
    }
    named
}
