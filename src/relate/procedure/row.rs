//! Levels and sides that stand in other cells of a procedure's row.
//!
//! ```text
//! Date  | Procedure | Side | Level
//! 04/12 | RFA       | L    | L3, L4, L5      left, at L3, L4 and L5
//! ```

use rustc_hash::FxHashMap;

use crate::lexicon::Sense;
use crate::model::Side;
use crate::relate::layers::Layers;
use crate::segment::Sentence;
use crate::text::FoldSpan;

use super::detail::needs_level;
use super::place::{Site, Sites};
use super::record::Draft;
use super::sentence::ProcedureSentence;

/// A row has no more cells than these; what follows is read as any other sentence.
const MOST: usize = 24;

/// Gives drafts that a cell names the levels and the side of their row.
pub(super) fn complete(layers: &Layers<'_, '_>, of_spine: bool, drafts: &mut Vec<Draft>) {
    let lacks = |d: &Draft| d.site.side.is_none() || d.site.level.is_none() && needs_level(d.family);
    if !drafts.iter().any(|d| lacks(d) && cell_of(layers, d).is_some()) {
        return;
    }
    let mut rows: FxHashMap<u32, Row> = FxHashMap::default();
    let mut placed = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        let Some((index, cell)) = cell_of(layers, &draft).filter(|_| lacks(&draft)) else {
            placed.push(draft);
            continue;
        };
        let row = rows.entry(cell.line).or_insert_with(|| Row::read(layers, of_spine, index, &draft));
        let side = draft.site.side.or(row.side);
        if draft.site.level.is_some() || !needs_level(draft.family) || row.levels.is_empty() {
            placed.push(Draft { site: Site { side, ..draft.site }, ..draft });
            continue;
        }
        placed.extend(
            row.levels.iter().map(|site| Draft { site: Site { side: side.or(site.side), ..*site }, ..draft }),
        );
    }
    *drafts = placed;
}

/// The cell that names a draft's level, or else its procedure.
fn cell_of<'a>(layers: &Layers<'a, '_>, draft: &Draft) -> Option<(usize, &'a Sentence)> {
    let at = draft.site.level_span.unwrap_or(draft.name);
    layers.layout.sentence_at(at.start).filter(|(_, sentence)| sentence.cell.is_some())
}

/// What the other cells of a row name.
struct Row {
    levels: Sites,
    side: Option<(Side, FoldSpan)>,
}

impl Row {
    /// Reads the cells of the row in which a sentence stands.
    fn read(layers: &Layers<'_, '_>, of_spine: bool, index: usize, draft: &Draft) -> Self {
        let sentences = &layers.layout.sentences;
        let line = sentences.get(index).map(|s| s.line);
        let is_of_row = |s: &&Sentence| Some(s.line) == line && s.cell.is_some();
        let before = sentences.get(..index).unwrap_or_default().iter().rev().take(MOST).take_while(is_of_row);
        let after = sentences.get(index + 1..).unwrap_or_default().iter().take(MOST).take_while(is_of_row);
        let mut row = Self { levels: Sites::new(), side: None };
        for cell in before.chain(after) {
            let statement = ProcedureSentence::read(layers, cell, of_spine);
            let is_place =
                statement.items.iter().all(|item| item.gap.content == 0) && statement.heads.is_empty();
            let own: Vec<usize> = (0..statement.items.len()).filter(|&at| statement.is_site(at)).collect();
            let sites = statement.own_sites(&[draft.family], &own);
            if is_place && row.levels.is_empty() {
                row.levels.extend(sites.iter().filter(|site| site.level.is_some()).copied());
            }
            let told = sites.iter().find_map(|site| site.side).filter(|_| is_place);
            row.side = row.side.or(told).or_else(|| lone_side(layers, cell));
        }
        row
    }
}

/// The side that a cell of one word names: "L", "B".
fn lone_side(layers: &Layers<'_, '_>, cell: &Sentence) -> Option<(Side, FoldSpan)> {
    let mut words = layers.tokens_within(cell.span);
    let (word, None) = (words.next()?, words.next()) else { return None };
    let side = match word.class.sense? {
        Sense::Left => Side::Left,
        Sense::Right => Side::Right,
        Sense::Both => Side::Bilateral,
        _ => return None,
    };
    Some((side, cell.span))
}
