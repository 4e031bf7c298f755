//! What is chosen of the courses that a visit weighs: the name alone is enough, for its place was told with them; and
//! "the former" or "the latter" need no name.
//!
//! ```text
//! We discussed an L4-5 laminectomy, or an L4-5 fusion. She has chosen the laminectomy.     planned at L4-L5
//! We discussed an L4-5 laminectomy versus an L4-5 fusion and she chose the latter.         the fusion is planned
//! ```

use crate::lexicon::{Act, Concept, Direction, Sense, Word};
use crate::matching::Token;
use crate::model::{Mention, ProcedureStatus};
use crate::relate::layers::Layers;
use crate::text::FoldSpan;

use super::acts::{Acts, Kinds};
use super::place::Site;
use super::record::Draft;
use super::status::Said;
use super::within_acts;

/// Plans what a visit comes to, at the place that was weighed for it.
pub(super) fn complete(layers: &Layers<'_, '_>, acts: &Acts, drafts: &mut Vec<Draft>) {
    pick(layers, acts, drafts);
    place(drafts);
}

/// "A versus B, and she chose the latter": plans the last or the first of the courses that were weighed.
fn pick(layers: &Layers<'_, '_>, acts: &Acts, drafts: &mut [Draft]) {
    if !drafts.iter().any(|d| d.status == ProcedureStatus::Considered) {
        return;
    }
    for index in acts.with(Kinds::PLANNED) {
        let Some(sentence) = layers.layout.sentences.get(index) else { continue };
        let choice = within_acts(layers, sentence.span).find_map(|m| match m.concept {
            Concept::Act(Act::Status(ProcedureStatus::Planned, Direction::Forward | Direction::Both)) => {
                picked(layers, m.span, sentence.span.end)
            }
            _ => None,
        });
        let Some((choice, is_last)) = choice else { continue };
        let is_weighed = |d: &&Draft| {
            d.status == ProcedureStatus::Considered
                && d.name.end <= choice.start
                && d.sentence <= index
                && index - d.sentence <= 1
        };
        let last = drafts.iter().filter(is_weighed).map(|d| d.sentence).max();
        let weighed = drafts.iter().filter(is_weighed).filter(|d| Some(d.sentence) == last);
        let mut names: Vec<FoldSpan> = weighed.map(|d| d.name).collect();
        names.sort_by_key(|name| name.start);
        names.dedup();
        let courses: Vec<&[FoldSpan]> =
            names.chunk_by(|one, next| !parts(layers, one.end, next.start)).collect();
        let chosen = if is_last { courses.last() } else { courses.first() };
        let Some(chosen) = chosen.filter(|_| courses.len() > 1) else { continue };
        for draft in drafts.iter_mut().filter(|d| chosen.contains(&d.name)) {
            draft.status = ProcedureStatus::Planned;
            draft.said = Said::Status(ProcedureStatus::Planned, Some(choice));
        }
    }
}

/// "the latter", right behind a word that chooses, and whether it is the last that is chosen.
fn picked(layers: &Layers<'_, '_>, choosing: FoldSpan, end: u32) -> Option<(FoldSpan, bool)> {
    let rest = FoldSpan::new(choosing.end, end.max(choosing.end));
    let is_filler = |word: &&Token| word.class.word == Some(Word::Filler);
    let mut words = layers.tokens_within(rest).skip_while(is_filler);
    let word = words.next()?;
    let is_last = match word.class.sense? {
        Sense::Latter => true,
        Sense::Former => false,
        _ => return None,
    };
    // "the last injection" has a name of its own.
    let stands_alone =
        words.next().is_none_or(|next| next.start != word.end + 1 || next.class.word.is_some());
    stands_alone.then_some((FoldSpan::new(word.start, word.end), is_last))
}

/// Whether two names are those of different courses: "versus" or "or" stands between them.
fn parts(layers: &Layers<'_, '_>, from: u32, to: u32) -> bool {
    let between = FoldSpan::new(from, to.max(from));
    let is_weighed =
        |m: &Mention<Concept>| matches!(m.concept, Concept::Act(Act::Status(ProcedureStatus::Considered, _)));
    within_acts(layers, between).any(is_weighed)
        || layers.tokens_within(between).any(|word| word.class.word == Some(Word::Or))
}

/// Gives what is planned by its name alone the places that were weighed for it last.
fn place(drafts: &mut Vec<Draft>) {
    let is_bare = |d: &Draft| {
        matches!(d.said, Said::Status(ProcedureStatus::Planned, Some(_)))
            && d.status == ProcedureStatus::Planned
            && !d.is_report
            && d.site.level.is_none()
    };
    if !drafts.iter().any(is_bare) {
        return;
    }
    let weighed: Vec<Draft> = drafts
        .iter()
        .filter(|d| d.status == ProcedureStatus::Considered && d.site.level.is_some())
        .copied()
        .collect();
    let mut placed = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        let of = |d: &&Draft| d.family == draft.family && d.name.start < draft.name.start;
        let last = weighed.iter().filter(of).map(|d| d.sentence).max();
        match last.filter(|_| is_bare(&draft)) {
            Some(last) => {
                let own = draft.site.side;
                let there = weighed.iter().filter(of).filter(|d| d.sentence == last);
                placed.extend(
                    there.map(|d| Draft { site: Site { side: own.or(d.site.side), ..d.site }, ..draft }),
                );
            }
            None => placed.push(draft),
        }
    }
    *drafts = placed;
}
