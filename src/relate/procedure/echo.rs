//! What a report says of doing the same once more: the same nerves, a second block, the other side later.
//!
//! ```text
//! PROCEDURE: Right L3, L4, L5 medial branch blocks.
//! PLAN: Radiofrequency ablation of the same nerves.     at L3, L4 and L5, on the right
//! Left side: same nerves, in two weeks.                 blocks of L3, L4 and L5, on the left
//! If she does well, a second block.                     a block, nowhere yet
//! ```

use crate::lexicon::{Act, Concept};
use crate::model::{ProcedureStatus, SectionKind};
use crate::relate::layers::Layers;

use super::detail::needs_level;
use super::label::with_label;
use super::outline::Part;
use super::place::Site;
use super::record::{Draft, kin};
use super::sentence::{Statement, side_of};
use super::status::Said;

/// Gives a procedure "of the same levels" those of what was done, and adds what is to be done again.
pub(super) fn complete(layers: &Layers<'_, '_>, of_spine: bool, drafts: &mut Vec<Draft>) {
    let is_done = |d: &&Draft| d.status == ProcedureStatus::Performed && d.is_report;
    let mut done: Vec<Draft> = drafts.iter().filter(is_done).copied().collect();
    // An addendum replaces what it corrects.
    if done.iter().any(|d| d.section == SectionKind::Addendum && d.site.level.is_some()) {
        done.retain(|d| d.section == SectionKind::Addendum);
    }
    let Some(first) = done.first().copied() else { return };
    let mut echoed = Vec::new();
    for (index, sentence) in layers.layout.sentences.iter().enumerate() {
        let echo = super::within_acts(layers, sentence.span).find_map(|m| match m.concept {
            Concept::Act(act @ (Act::Same | Act::Again)) => Some(act),
            _ => None,
        });
        let Some(echo) = echo else { continue };
        let mut named = drafts.iter().filter(|d| d.sentence == index);
        if echo == Act::Same && named.next().is_some() {
            same_place(drafts, index, &done);
        } else if done.iter().all(|d| kin(d.family, first.family))
            && !named.any(|d| kin(d.family, first.family))
        {
            let sentence = with_label(layers, index, sentence);
            let statement = Statement::read(layers, &sentence, of_spine);
            echoed.extend(again(&statement, index, echo, &done));
        }
    }
    drafts.extend(echoed);
}

/// "RFA of the same nerves"
fn same_place(drafts: &mut Vec<Draft>, index: usize, done: &[Draft]) {
    let is_bare = |d: &Draft| {
        d.sentence == index
            && d.status != ProcedureStatus::Performed
            && d.site.level.is_none()
            && needs_level(d.family)
    };
    let mut placed = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        if !is_bare(&draft) {
            placed.push(draft);
            continue;
        }
        let sites = done.iter().filter(|d| d.site.level.is_some()).map(|d| d.site);
        let own = draft.site.side;
        let before = placed.len();
        placed.extend(sites.map(|site| Draft { site: Site { side: own.or(site.side), ..site }, ..draft }));
        if placed.len() == before {
            placed.push(draft);
        }
    }
    *drafts = placed;
}

/// "Left side: same nerves, booked in two weeks"; "if positive, a second block"
fn again(statement: &Statement<'_, '_>, index: usize, echo: Act, done: &[Draft]) -> Vec<Draft> {
    let Some((item, name)) = (0..statement.items.len())
        .find(|&at| statement.act(at) == Some(echo))
        .and_then(|at| Some((at, statement.items.get(at)?.span)))
    else {
        return Vec::new();
    };
    let scopes = statement.layers.scopes(&statement.sentence);
    let said = statement.said(item, &scopes);
    let status = match said {
        Said::Status(status @ (ProcedureStatus::Planned | ProcedureStatus::Considered), _) => status,
        Said::Nothing if statement.section == SectionKind::Plan => ProcedureStatus::Planned,
        _ => return Vec::new(),
    };
    // "block #2, then RFA on the right": the side is that of the next name.
    let next = statement.heads.iter().map(|head| head.item).find(|&head| head > item);
    let before = statement.items.iter().take(next.unwrap_or(usize::MAX));
    let own = before.filter_map(|item| Some((side_of(item)?.0, item.span))).next();
    let draft = |site: Site, of: &Draft| Draft {
        site,
        status,
        said,
        part: Part::Other,
        act: echo,
        name,
        section: statement.section,
        sentence: index,
        ..*of
    };
    if echo == Act::Same {
        done.iter().map(|of| draft(Site { side: own.or(of.site.side), ..of.site }, of)).collect()
    } else {
        done.first().map(|of| draft(Site { side: own, ..Site::default() }, of)).into_iter().collect()
    }
}
