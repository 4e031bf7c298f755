//! Levels and sides that a report lists apart from its title: in a form, or where its narrative names the place.
//!
//! ```text
//! RADIOFREQUENCY ABLATION RECORD
//! Side:   [x] Right  [ ] Left
//! Nerves: [ ] L1  [x] L2  [x] L3
//! ```

use std::cell::LazyCell;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::lexicon::{Act, Concept, SideForm};
use crate::matching::Token;
use crate::model::{Level, ProcedureFamily, ProcedureStatus, SectionKind, Side};
use crate::relate::item::Kind;
use crate::relate::layers::Layers;
use crate::text::FoldSpan;

use super::detail::{self, needs_level};
use super::narrative::is_landmark;
use super::outline::Part;
use super::place::{Site, Sites, may_name_place};
use super::record::{Draft, distinct, has_nerve, is_of_nerves, kin};
use super::sentence::{ProcedureSentence, side_of};
use super::status::Said;

/// How many sentences after a title are looked at.
const REACH: usize = 40;

/// Gives titles that name no level or side those that the note lists.
pub(super) fn complete(layers: &Layers<'_, '_>, of_spine: bool, drafts: &mut Vec<Draft>) {
    let done = |d: &Draft, part| d.part == part && d.status == ProcedureStatus::Performed && d.is_report;
    // A report without a title tells what was done in its account alone.
    let part = if drafts.iter().any(|d| done(d, Part::Title)) { Part::Title } else { Part::Narrative };
    let bare = |d: &Draft| {
        d.part == part
            && (part == Part::Title || has_places(d.family))
            && d.status == ProcedureStatus::Performed
            && d.is_report
            && (needs_level(d.family) && d.site.level.is_none()
                || d.site.side.is_none() && is_sided(d.family))
    };
    let is_done = |d: &&Draft| {
        d.part == Part::Title && d.status == ProcedureStatus::Performed && d.is_report && has_places(d.family)
    };
    let to_fill = drafts.iter().find(|d| bare(d));
    let Some(first) = to_fill.or_else(|| drafts.iter().find(is_done)).map(|d| d.sentence) else { return };
    let first = if part == Part::Title { first } else { 0 };
    // A title that another one spells out.
    let told: FxHashSet<(ProcedureStatus, ProcedureFamily)> = drafts
        .iter()
        .filter(|d| d.part == part && d.site.level.is_some())
        .map(|d| (d.status, d.family))
        .collect();
    let is_spelt_out = |bare: &Draft| {
        bare.site.level.is_none()
            && told.iter().any(|&(status, family)| status == bare.status && kin(family, bare.family))
    };
    // "INDICATIONS: …", and beneath it, with no other heading, the account
    let told_in =
        to_fill.filter(|d| d.part == Part::Narrative).and_then(|d| layers.layout.sentences.get(d.sentence));
    let account = told_in.map(|sentence| sentence.section);
    let is_of_account = |section: u32| account == Some(section);
    let sentences = layers.layout.sentences.iter().skip(first).take(REACH);
    // They are read once, and only if they are asked for.
    let statements = LazyCell::new(|| -> Vec<ProcedureSentence<'_, '_>> {
        sentences
            .filter(|s| {
                is_read(layers.section(s)) || is_of_form(layers.section(s)) || is_of_account(s.section)
            })
            .filter(|s| may_name_place(layers, s.span))
            .map(|s| ProcedureSentence::read(layers, s, of_spine))
            // "Dx: facet pain", and beneath it "Nerves treated: L3, L4"
            .filter(|s| !is_of_form(s.section) || s.opens_listing() || s.tells_of_doing() || s.has_needle())
            .filter(|s| (0..s.items.len()).any(|at| s.is_site(at)))
            .collect()
    });
    let listed_side = LazyCell::new(|| side(&statements));
    let (mut levels_of, mut side_told_of) = (FxHashMap::default(), FxHashMap::default());
    let mut listed: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        if !bare(&draft) || is_spelt_out(&draft) {
            listed.push(draft);
            continue;
        }
        let sites = if needs_level(draft.family) && draft.site.level.is_none() {
            levels_of.entry(draft.family).or_insert_with(|| levels(&statements, draft.family)).clone()
        } else {
            Sites::new()
        };
        let mut told =
            || *side_told_of.entry(draft.family).or_insert_with(|| told_side(&statements, draft.family));
        let side = draft.site.side.or_else(|| *listed_side).or_else(&mut told);
        if sites.is_empty() {
            listed.push(Draft { site: Site { side, ..draft.site }, ..draft });
        }
        for site in sites {
            listed
                .push(Draft { site: Site { side: draft.site.side.or(site.side).or(side), ..site }, ..draft });
        }
    }
    *drafts = listed;
    if drafts.iter().any(is_title_of_joint) {
        spell_out(&statements, drafts);
    }
    if let Some(side) = side_of_titles(drafts) {
        let may_tell = may_name_other(layers, side);
        debug_assert!(may_tell || other_sides(&statements, side, drafts).is_empty());
        if may_tell {
            drafts.extend(other_sides(&statements, side, drafts));
        }
    }
}

/// Whether a title of a report says that it was done at a level.
fn is_title(draft: &Draft) -> bool {
    draft.part == Part::Title
        && draft.status == ProcedureStatus::Performed
        && draft.is_report
        && draft.site.level.is_some()
}

/// Whether a title names the joint of which the nerves are meant.
fn is_title_of_joint(draft: &Draft) -> bool {
    is_title(draft) && is_of_nerves(draft.family) && draft.site.level.is_some_and(Level::is_interspace)
}

/// The one side that the titles have of what has needles at each place.
fn side_of_titles(drafts: &[Draft]) -> Option<Side> {
    let titles = drafts.iter().filter(|d| is_title(d) && has_places(d.family));
    let mut sides = titles.map(|d| d.site.side.map(|s| s.0));
    let one = sides.next()??;
    (one != Side::Bilateral && sides.all(|side| side == Some(one))).then_some(one)
}

/// Whether the note names another side than one, by a word or by a letter, alone or joined to a level: "L5R".
fn may_name_other(layers: &Layers<'_, '_>, side: Side) -> bool {
    let text = layers.folded.bytes();
    let letter = if side == Side::Left { b'r' } else { b'l' };
    let is_letter = |at: u32| text.get(at as usize) == Some(&letter);
    let is_lone = |token: &Token| token.end == token.start + 1 && is_letter(token.start);
    layers.mentions.iter().any(|m| matches!(m.concept, Concept::Side(other, _) if other != side))
        || layers
            .levels
            .iter()
            .any(|level| level.span.start.checked_sub(1).is_some_and(is_letter) || is_letter(level.span.end))
        || layers.tokens.iter().any(is_lone)
}

/// "Left L4-5 TFESI", and the narrative leads the needle into the right one: both are told, and one is wrong.
fn other_sides(statements: &[ProcedureSentence<'_, '_>], side: Side, drafts: &[Draft]) -> Vec<Draft> {
    let titles = distinct(drafts.iter().filter(|d| is_title(d) && has_places(d.family)));
    let other = |title: &Draft| {
        let told: Vec<Site> = statements
            .iter()
            .filter(|s| leads(s, title.family) && !s.is_rule() && !s.is_told_before() && !s.opens_title())
            .flat_map(|s| sites(s, title.family))
            .filter(|site| site.side.is_some())
            .collect();
        let is_other = |site: &&Site| {
            site.level == title.site.level
                && site.side.is_some_and(|(other, _)| other != side && other != Side::Bilateral)
        };
        let agrees = |site: &Site| site.side.is_some_and(|(told, _)| told == side || told == Side::Bilateral);
        told.iter().find(is_other).copied().filter(|_| !told.iter().any(agrees))
    };
    let told = titles.iter().filter_map(|title| Some((title, other(title)?)));
    told.map(|(title, site)| Draft { site, part: Part::Narrative, said: Said::Nothing, ..*title }).collect()
}

/// Sections of one line, beneath which a form may go on with its lists.
const fn is_of_form(section: SectionKind) -> bool {
    matches!(section, SectionKind::Indication | SectionKind::Impression)
}

/// Sections in which a report lists or tells where it went.
const fn is_read(section: SectionKind) -> bool {
    matches!(
        section,
        SectionKind::Unknown
            | SectionKind::Procedure
            | SectionKind::Technique
            | SectionKind::Other
            | SectionKind::Exam
            | SectionKind::Findings
            | SectionKind::Consent
    )
}

/// The sites of the first list of levels, or of the first place that the narrative names.
fn levels(statements: &[ProcedureSentence<'_, '_>], family: ProcedureFamily) -> Sites {
    let has_level = |sites: &Sites| sites.iter().any(|s| s.level.is_some());
    let mut lists = statements.iter().filter(|s| s.opens_listing());
    let listed = lists.by_ref().map(|s| (s, sites(s, family))).find(|(_, sites)| has_level(sites));
    // "Levels treated:", and each on a line of its own
    let listed = listed.map(|(first, listed)| {
        let under = lists.filter(|s| s.sentence.section == first.sentence.section && s.is_under_listing());
        let others = under.flat_map(|s| sites(s, family)).filter(|site| site.level.is_some());
        let is_new = |site: &Site| !listed.iter().any(|known| known.level == site.level);
        let others: Sites = others.filter(is_new).collect();
        listed.iter().copied().chain(others).collect::<Sites>()
    });
    // "Joints: L4-5", and then "Nerves: L3 and L4"
    let listed = listed.map(|joints| match nerves(statements) {
        Some(nerves) if is_of_nerves(family) && !names_nerves(&joints) => nerves,
        _ => joints,
    });
    let told = || {
        let at = |s: &&ProcedureSentence<'_, '_>| {
            !s.is_rule()
                && (!s.is_general() || s.has_needle())
                && (0..s.items.len()).any(|i| is_place_of(s.act(i), family))
        };
        statements.iter().filter(at).map(|s| sites(s, family)).find(has_level)
    };
    listed
        .or_else(|| {
            told().map(|first| with_sides(with_others(first, statements, family), statements, family))
        })
        .or_else(|| has_places(family).then(|| reached(statements, family)))
        .unwrap_or_default()
}

/// The nerves that a form lists, beside the joints or alone: "Nerves: L3 and L4 medial branches, L5 dorsal ramus".
fn nerves(statements: &[ProcedureSentence<'_, '_>]) -> Option<Sites> {
    let lists = statements.iter().filter(|s| s.opens_listing() || s.opens_places());
    lists.map(|s| sites(s, ProcedureFamily::MedialBranchBlock)).find(names_nerves)
}

/// Whether sites are those of nerves: lone levels, and no interspace.
fn names_nerves(sites: &Sites) -> bool {
    let mut levels = sites.iter().filter_map(|site| site.level).peekable();
    levels.peek().is_some() && levels.all(|level| !level.is_interspace())
}

/// "Bilateral L4-5 and L5-S1 medial branch blocks", and beneath it the nerves of these joints: they are told more
/// closely (annotation guide: medial branches keep the nerve's level).
fn spell_out(statements: &[ProcedureSentence<'_, '_>], drafts: &mut Vec<Draft>) {
    let nerves = nerves(statements);
    for title in distinct(drafts.iter().filter(|d| is_title_of_joint(d))) {
        for site in nerves.iter().flatten() {
            let nerve = Draft { site: Site { side: site.side.or(title.site.side), ..*site }, ..title };
            if has_nerve(&nerve, &title) {
                drafts.push(nerve);
            }
        }
    }
}

/// Families of which each place has a needle of its own, so that where needles were led is where they were done.
const fn has_places(family: ProcedureFamily) -> bool {
    matches!(
        family,
        ProcedureFamily::TransforaminalEsi
            | ProcedureFamily::SelectiveNerveRootBlock
            | ProcedureFamily::FacetJointInjection
            | ProcedureFamily::MedialBranchBlock
            | ProcedureFamily::RadiofrequencyAblation
    )
}

/// Where the needles were led: "a needle was directed into the right L4-5 and then the right L5-S1 foramen".
fn reached(statements: &[ProcedureSentence<'_, '_>], family: ProcedureFamily) -> Sites {
    let mut all = Sites::new();
    for statement in statements.iter().filter(|s| {
        leads(s, family) && !s.is_rule() && (!s.is_general() || s.has_needle()) && !s.is_told_before()
    }) {
        for site in sites(statement, family).into_iter().filter(|site| site.level.is_some()) {
            if !all
                .iter()
                .any(|known| known.level == site.level && known.side.map(|s| s.0) == site.side.map(|s| s.0))
            {
                all.push(site);
            }
        }
    }
    all
}

/// Whether a statement tells of the place that a needle goes to.
fn leads(statement: &ProcedureSentence<'_, '_>, family: ProcedureFamily) -> bool {
    let by_joint =
        matches!(family, ProcedureFamily::MedialBranchBlock | ProcedureFamily::RadiofrequencyAblation);
    let is_place = |act: Option<Act>| {
        is_place_of(act, family)
            || act == Some(Act::Target(family))
            || by_joint && act == Some(Act::Target(ProcedureFamily::FacetJointInjection))
    };
    let by_foramen =
        matches!(family, ProcedureFamily::TransforaminalEsi | ProcedureFamily::SelectiveNerveRootBlock);
    (0..statement.items.len()).any(|at| is_place(statement.act(at)))
        || statement.has_needle()
        || by_foramen && statement.has_foramen()
}

/// The side that the statements name which tell of the place, of both sides where they name both.
fn told_side(statements: &[ProcedureSentence<'_, '_>], family: ProcedureFamily) -> Option<(Side, FoldSpan)> {
    if !is_sided(family) || detail::has_sides_alone(family) {
        return None;
    }
    let telling = statements.iter().filter(|s| leads(s, family) && !s.is_told_before());
    let sides = telling.flat_map(|s| {
        s.items.iter().filter_map(|item| match side_of(item) {
            Some((side, form)) if form != SideForm::Compared => Some((side, item.span)),
            _ => None,
        })
    });
    sides.reduce(|one, other| if one.0 == other.0 { one } else { (Side::Bilateral, one.1) })
}

/// "The left L3 medial branch …", "then the L4 medial branch …": where each nerve has its own sentence, all of them.
fn with_others(first: Sites, statements: &[ProcedureSentence<'_, '_>], family: ProcedureFamily) -> Sites {
    let is_one = first.iter().filter(|site| site.level.is_some()).count() == 1;
    if !is_one {
        return first;
    }
    let mut all = first;
    for statement in statements {
        for at in 1..statement.items.len() {
            let leads = matches!(statement.items[at - 1].kind, Kind::Levels(_))
                && statement.items[at].gap.content == 0
                && is_place_of(statement.act(at), family);
            if !leads {
                continue;
            }
            let named = statement.own_sites(&[family], &[at - 1]);
            all.extend(
                named
                    .into_iter()
                    .filter(|site| !all.iter().any(|known| known.level == site.level))
                    .collect::<Sites>(),
            );
        }
    }
    all
}

/// "… the right L4-5 joint. Then the left L4-5 joint …": the same levels on the other side.
fn with_sides(first: Sites, statements: &[ProcedureSentence<'_, '_>], family: ProcedureFamily) -> Sites {
    let mut all = first;
    let telling = statements.iter().filter(|s| leads(s, family) && !s.is_general() && !s.is_told_before());
    for site in telling.flat_map(|s| sites(s, family)) {
        let side = |site: &Site| site.side.map(|s| s.0);
        let is_known = |known: &Site| known.level == site.level && side(known).is_some();
        let is_other = |known: &Site| side(known) != side(&site) && side(known) != Some(Side::Bilateral);
        let known: SmallVec<[Site; 4]> = all.iter().filter(|known| is_known(known)).copied().collect();
        if side(&site).is_some() && !known.is_empty() && known.iter().all(is_other) {
            all.push(site);
        }
    }
    all
}

/// Whether a word names the place that procedures of a family go to.
fn is_place_of(act: Option<Act>, family: ProcedureFamily) -> bool {
    match act {
        Some(Act::Target(ProcedureFamily::MedialBranchBlock)) => {
            matches!(family, ProcedureFamily::MedialBranchBlock | ProcedureFamily::RadiofrequencyAblation)
        }
        Some(Act::Target(
            place @ (ProcedureFamily::FacetJointInjection | ProcedureFamily::RadiofrequencyAblation),
        )) => family == place,
        _ => false,
    }
}

/// The side of the first list of sides.
fn side(statements: &[ProcedureSentence<'_, '_>]) -> Option<(Side, FoldSpan)> {
    let listed = statements.iter().filter(|s| s.opens_listing());
    listed.flat_map(|s| sites(s, ProcedureFamily::TriggerPointInjection)).find_map(|site| site.side)
}

/// All sites of a sentence, without those of boxes that are not ticked.
fn sites(statement: &ProcedureSentence<'_, '_>, family: ProcedureFamily) -> Sites {
    let ticked: SmallVec<[usize; 8]> = (0..statement.items.len())
        .filter(|&at| statement.is_site(at) && !statement.is_unticked(statement.items[at].span))
        .collect();
    let sites = statement.own_sites(&[family], &ticked);
    let is_landmark = |site: &Site| site.level_span.is_some_and(|level| is_landmark(statement.layers, level));
    sites.into_iter().filter(|site| !is_landmark(site)).collect()
}

/// Families that are done on a side.
const fn is_sided(family: ProcedureFamily) -> bool {
    has_places(family)
        || matches!(
            family,
            ProcedureFamily::SiJointInjection
                | ProcedureFamily::TriggerPointInjection
                | ProcedureFamily::VertebralAugmentation
        )
}
