//! What a report says of doing the same once more: the same nerves, a second block, the other side later.
//!
//! ```text
//! PROCEDURE: Right L3, L4, L5 medial branch blocks.
//! PLAN: Radiofrequency ablation of the same nerves.     at L3, L4 and L5, on the right
//! Left side: same nerves, in two weeks.                 blocks of L3, L4 and L5, on the left
//! If she does well, a second block.                     a block, nowhere yet
//! The right side will be done in two weeks.             on the right
//! The first injection, at L5-S1, gave 40%.              one at L5-S1, before
//! ```

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lexicon::{Act, Concept, Sense, Word};
use crate::matching::Token;
use crate::model::{Mention, ProcedureFamily, ProcedureStatus, SectionKind, Side};
use crate::relate::item::Kind;
use crate::relate::layers::{Layers, within};
use crate::segment::Sentence;
use crate::text::FoldSpan;

use super::acts::{Acts, Kinds};
use super::detail::needs_level;
use super::label::with_label;
use super::outline::Part;
use super::place::{Site, may_name_place};
use super::record::{Draft, distinct, kin};
use super::sentence::{ProcedureSentence, side_of};
use super::status::Said;

/// Words that say that something is done once more.
const ECHOES: Kinds = Kinds::SAME.or(Kinds::AGAIN).or(Kinds::CONSIDERED).or(Kinds::IF);

/// Gives a procedure "of the same levels" those of what was done, and adds what is to be done again.
pub(super) fn complete(layers: &Layers<'_, '_>, acts: &Acts, of_spine: bool, drafts: &mut Vec<Draft>) {
    let is_done = |d: &&Draft| d.status == ProcedureStatus::Performed && d.is_report;
    let mut done = distinct(drafts.iter().filter(is_done));
    // An addendum replaces what it corrects.
    if done.iter().any(|d| d.section == SectionKind::Addendum && d.site.level.is_some()) {
        done.retain(|d| d.section == SectionKind::Addendum);
    }
    // What the account repeats of a title says less.
    if done.iter().any(|d| d.part == Part::Title) {
        done.retain(|d| d.part != Part::Narrative);
    }
    let is_titled = |d: &&Draft| d.part == Part::Title && d.is_report;
    let title = drafts.iter().find(is_titled).copied();
    let Some(first) = done.first().copied().or(title) else {
        return same_as_before(layers, acts, drafts);
    };
    let alike = done.iter().all(|d| kin(d.family, first.family));
    let of = if done.is_empty() { std::slice::from_ref(&first) } else { &done[..] };
    // The sentences that name a procedure, and whether one of the kind that was done.
    let mut named: FxHashMap<usize, bool> = FxHashMap::default();
    for draft in drafts.iter() {
        *named.entry(draft.sentence).or_default() |= kin(draft.family, first.family);
    }
    let mut echoed = Vec::new();
    let mut pointing = FxHashSet::default();
    for (index, sentence) in layers.layout.sentences.iter().enumerate() {
        let kinds = acts.at(index);
        let echo = if kinds.has(ECHOES) { echo(layers, sentence) } else { None };
        let is_named = named.get(&index).copied();
        if alike && is_named.is_none() {
            let read = || {
                let sentence = with_label(layers, index, sentence);
                let statement = ProcedureSentence::read(layers, &sentence, of_spine);
                let told = other_side(&statement, index, echo, &done);
                if told.is_empty() { earlier(&statement, index, of) } else { told }
            };
            let may_tell = may_tell(layers, kinds, index, of);
            debug_assert!(may_tell || read().is_empty());
            let told = if may_tell { read() } else { Vec::new() };
            if !told.is_empty() {
                echoed.extend(told);
                continue;
            }
        }
        let Some(echo) = echo else { continue };
        if alike && is_named != Some(true) && (echo != Act::Same || is_named.is_none()) {
            let sentence = with_label(layers, index, sentence);
            let statement = ProcedureSentence::read(layers, &sentence, of_spine);
            echoed.extend(again(&statement, index, echo, &done));
        }
        // "a second block at the same levels, then an ablation of the same nerves"
        if is_named.is_some() && points(layers, sentence) {
            pointing.insert(index);
        }
    }
    if !pointing.is_empty() {
        same_place(drafts, |draft| pointing.contains(&draft.sentence), &done);
    }
    drafts.extend(echoed);
}

/// The word of a sentence that says that something is done once more.
fn echo(layers: &Layers<'_, '_>, sentence: &Sentence) -> Option<Act> {
    super::within_acts(layers, sentence.span).find_map(|m| match m.concept {
        Concept::Act(act @ (Act::Same | Act::Again)) => Some(act),
        // "may repeat in 4 weeks", "Repeat as needed", "Repeat if the pain returns"
        Concept::Act(act @ (Act::Status(ProcedureStatus::Considered, _) | Act::If))
            if is_of_repeat(layers, sentence, m.span) =>
        {
            Some(act)
        }
        _ => None,
    })
}

/// Whether a phrase leads to the word for what is done again, "may repeat", or follows it where it opens a sentence: "Repeat as
/// needed".
fn is_of_repeat(layers: &Layers<'_, '_>, sentence: &Sentence, phrase: FoldSpan) -> bool {
    let is_repeat = |word: &Token| word.class.sense == Some(Sense::Repeat);
    let first = layers.tokens_within(sentence.span).next().filter(|word| is_repeat(word));
    layers.tokens_within(phrase).skip(1).last().is_some_and(is_repeat)
        || first.is_some_and(|first| first.end + 1 == phrase.start)
}

/// Whether a word that points to what was named before belongs to a draft: after its name, in the same clause.
fn is_of_same(layers: &Layers<'_, '_>, draft: &Draft) -> bool {
    let Some(sentence) = layers.layout.sentences.get(draft.sentence) else { return false };
    let is_own = |m: &Mention<Concept>| {
        let (one, other) =
            if m.span.start < draft.name.start { (m.span, draft.name) } else { (draft.name, m.span) };
        let between = FoldSpan::new(one.end.min(other.start), other.start);
        m.concept == Concept::Act(Act::Same) && !layers.folded.slice(between).contains(';')
    };
    within(layers.acts, sentence.span).iter().any(is_own)
}

/// "RFA of the same nerves", in a sentence that points to what was done.
fn same_place(drafts: &mut Vec<Draft>, is_pointing: impl Fn(&Draft) -> bool, done: &[Draft]) {
    let is_bare = |d: &Draft| {
        is_pointing(d)
            && d.status != ProcedureStatus::Performed
            && d.site.level.is_none()
            && needs_level(d.family)
    };
    // Each place once: "the same" may be said again of what is the same already.
    let mut met = FxHashSet::default();
    let is_new = |site: &Site| met.insert((site.level, site.side.map(|s| s.0)));
    let sites: Vec<Site> =
        done.iter().map(|d| d.site).filter(|site| site.level.is_some()).filter(is_new).collect();
    let mut placed = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        if !is_bare(&draft) || sites.is_empty() {
            placed.push(draft);
            continue;
        }
        let own = draft.site.side;
        let at = |site: &Site| Draft { site: Site { side: own.or(site.side), ..*site }, ..draft };
        placed.extend(sites.iter().map(at));
    }
    *drafts = placed;
}

/// "Left side: same nerves, booked in two weeks"; "if positive, a second block"
pub(super) fn again(
    statement: &ProcedureSentence<'_, '_>,
    index: usize,
    echo: Act,
    done: &[Draft],
) -> Vec<Draft> {
    let Some((item, name)) = (0..statement.items.len())
        .find(|&at| statement.act(at) == Some(echo))
        .and_then(|at| Some((at, statement.items.get(at)?.span)))
    else {
        return Vec::new();
    };
    let scopes = statement.layers.scopes(&statement.sentence);
    let said = statement.said(item, &scopes);
    let told_before = matches!(
        statement.section,
        SectionKind::Indication | SectionKind::History | SectionKind::PastHistory
    );
    let blocks = blocks(statement, done);
    let done = if blocks.is_empty() { done } else { &blocks[..] };
    let status = match said {
        // "Blocks of these nerves were positive twice"
        Said::Status(ProcedureStatus::Historical, _) if !blocks.is_empty() => ProcedureStatus::Historical,
        _ if matches!(echo, Act::Status(..) | Act::If) => ProcedureStatus::Considered,
        // "Last round was 6 months ago", in the report of another
        Said::Status(ProcedureStatus::Historical, _)
            if echo == Act::Again && done.iter().all(|d| d.is_report) && statement.tells_ago_of(item) =>
        {
            ProcedureStatus::Historical
        }
        // "Repeat both today", in the note of a visit
        Said::Nothing | Said::Status(ProcedureStatus::Performed, _)
            if echo == Act::Again && statement.tells_today() && done.iter().all(|d| !d.is_report) =>
        {
            ProcedureStatus::Performed
        }
        // "Set 1 of the same blocks on 07/01"
        Said::Status(ProcedureStatus::Historical, _) | Said::Nothing
            if echo == Act::Same
                && (told_before && statement.is_dated(item)
                    || statement.opens_past()
                    || statement.tells_ago()) =>
        {
            ProcedureStatus::Historical
        }
        Said::Status(status @ (ProcedureStatus::Planned | ProcedureStatus::Considered), _) => status,
        Said::Nothing if statement.section == SectionKind::Plan => ProcedureStatus::Planned,
        _ => return Vec::new(),
    };
    // "block #2, then RFA on the right": the side is that of the next name.
    let next = statement.heads.iter().map(|head| head.item).find(|&head| head > item);
    let mut before = statement.items.iter().take(next.unwrap_or(usize::MAX));
    let own = before.find_map(|item| Some((side_of(item)?.0, item.span)));
    let draft = |site: Site, of: &Draft| echoed(statement, index, of, site, (status, said, name));
    // "a second set at the same levels"
    let points = (item + 1..statement.items.len())
        .find(|&at| statement.act(at).is_some())
        .is_some_and(|at| statement.act(at) == Some(Act::Same));
    let named = levels_named(statement, done);
    if status == ProcedureStatus::Historical && echo == Act::Again && !named.is_empty() {
        let of = done.first();
        let side = |site: &Site| Site { side: site.side.or(own), ..*site };
        return named.iter().filter_map(|site| Some(draft(side(site), of?))).collect();
    }
    if echo == Act::Same
        || points
        || status != ProcedureStatus::Considered && done.iter().all(|d| !d.is_report)
    {
        done.iter().map(|of| draft(Site { side: own.or(of.site.side), ..of.site }, of)).collect()
    } else {
        done.first().map(|of| draft(Site { side: own, ..Site::default() }, of)).into_iter().collect()
    }
}

/// "Blocks at those same branches", of what was ablated: blocks of its nerves.
fn blocks(statement: &ProcedureSentence<'_, '_>, done: &[Draft]) -> Vec<Draft> {
    let is_heat = done.iter().all(|d| d.family == ProcedureFamily::RadiofrequencyAblation);
    let has_block = (0..statement.items.len()).any(|at| statement.act(at) == Some(Act::Injection));
    if !is_heat || !has_block {
        return Vec::new();
    }
    done.iter().map(|of| Draft { family: ProcedureFamily::MedialBranchBlock, ..*of }).collect()
}

/// Whether a sentence points to the place of what was done.
fn points(layers: &Layers<'_, '_>, sentence: &Sentence) -> bool {
    super::within_acts(layers, sentence.span).any(|m| m.concept == Concept::Act(Act::Same))
}

/// "of the same", in a list of plans: at the levels of the entry before it.
fn same_as_before(layers: &Layers<'_, '_>, acts: &Acts, drafts: &mut Vec<Draft>) {
    // In the order of their sentences; those of one sentence stay as they are.
    drafts.sort_by_key(|d| d.sentence);
    if !acts.has(Kinds::SAME) {
        return;
    }
    let rest = std::mem::take(drafts);
    // What the last sentence with levels names.
    let mut last: Vec<Draft> = Vec::new();
    for of_sentence in rest.chunk_by(|one, other| one.sentence == other.sentence) {
        let Some(index) = of_sentence.first().map(|d| d.sentence) else { continue };
        let mut here = of_sentence.to_vec();
        if layers.layout.sentences.get(index).is_some_and(|sentence| points(layers, sentence)) {
            // "L2-3 and L3-4 blocks in May, RFA of the same in July"
            let bare = here.iter().find(|d| d.site.level.is_none()).map(|d| d.name.start);
            let is_before =
                |d: &&Draft| d.site.level.is_some() && bare.is_some_and(|bare| d.name.end <= bare);
            let nearest = here.iter().filter(is_before).map(|d| d.name.start).max();
            let own: Vec<Draft> =
                here.iter().filter(is_before).filter(|d| Some(d.name.start) == nearest).copied().collect();
            let before = if own.is_empty() { &last } else { &own };
            if !before.is_empty() {
                same_place(&mut here, |draft| is_of_same(layers, draft), before);
            }
        }
        let placed: Vec<Draft> = here.iter().filter(|d| d.site.level.is_some()).copied().collect();
        if !placed.is_empty() {
            last = placed;
        }
        drafts.extend(here);
    }
}

fn has_symptom(layers: &Layers<'_, '_>, sentence: &Sentence) -> bool {
    within(layers.clinical, sentence.span).iter().any(|m| matches!(m.concept, Concept::Symptom(_)))
}

/// The one side that was done.
fn side_done(done: &[Draft]) -> Option<Side> {
    let one = done.first()?.site.side?.0;
    let is_one = one != Side::Bilateral && done.iter().all(|d| d.site.side.map(|s| s.0) == Some(one));
    is_one.then_some(one)
}

/// Whether a sentence has what [`other_side`] or [`earlier`] begins with, so that it has to be read with its label for what
/// was `done`; `kinds` are those of its words.
pub(super) fn may_tell(layers: &Layers<'_, '_>, kinds: Kinds, index: usize, done: &[Draft]) -> bool {
    let is_injection = done.first().is_some_and(|of| of.family.is_injection());
    if is_injection && kinds.has(Kinds::INJECTION) {
        return true;
    }
    if side_done(done).is_none() {
        return false;
    }
    let Some(sentence) = layers.layout.sentences.get(index) else { return false };
    let stretch = with_label(layers, index, sentence).span;
    // "was injected" tells of a side by itself; else a word before it or after it makes it one that is spoken of.
    let names_side = || {
        let first = layers.tokens.partition_point(|token| token.start < stretch.start).saturating_sub(1);
        let words = layers.tokens.get(first..).unwrap_or_default();
        kinds.has(Kinds::INJECTION.or(Kinds::STATUS))
            || words
                .iter()
                .take_while(|token| token.start < stretch.end)
                .any(|token| matches!(token.class.sense, Some(Sense::Same | Sense::Aspect)))
    };
    kinds.has(Kinds::OTHER_SIDE) || names_side() && may_name_place(layers, stretch)
}

/// "The right side will be done in two weeks", after the left: on that side, at the same levels where it says so.
pub(super) fn other_side(
    statement: &ProcedureSentence<'_, '_>,
    index: usize,
    echo: Option<Act>,
    done: &[Draft],
) -> Vec<Draft> {
    let Some(one) = side_done(done) else { return Vec::new() };
    let named = levels_named(statement, done);
    let is_among = |site: &Site| done.iter().any(|d| d.site.level == site.level);
    if !named.iter().all(is_among) {
        return Vec::new();
    }
    let is_other = |at: usize| statement.act(at) == Some(Act::OtherSide);
    let mut sides = (0..statement.items.len()).filter_map(|at| {
        let named = side_of(&statement.items[at]).map(|(side, _)| side);
        Some((at, named.or_else(|| is_other(at).then(|| one.opposite()))?))
    });
    let (Some((item, side)), None) = (sides.next(), sides.next()) else { return Vec::new() };
    let span = statement.items[item].span;
    // "The left was injected in April"
    let is_told = statement.items.get(item + 1).is_some_and(|next| {
        let is_verb = |word: &Token| word.class.word == Some(Word::Is);
        next.gap.is_tight()
            && matches!(next.kind, Kind::Act(Act::Injection | Act::Status(..)))
            && statement.layers.tokens_within(next.span).next().is_some_and(is_verb)
    });
    // "Same on the right in two weeks"
    let before = statement.layers.tokens.partition_point(|token| token.start < span.start).checked_sub(1);
    let before = before.and_then(|at| statement.layers.tokens.get(at));
    let is_alike = before.is_some_and(|word| word.class.sense == Some(Sense::Same));
    let names_side = is_other(item) || is_told || is_alike || statement.names_side(span);
    if side == one
        || side == Side::Bilateral
        || !names_side
        || has_symptom(statement.layers, &statement.sentence)
    {
        return Vec::new();
    }
    let scopes = statement.layers.scopes(&statement.sentence);
    let said = statement.said(item, &scopes);
    let is_visit = done.iter().all(|d| !d.is_report);
    let status = match said {
        // "His right side was done three weeks ago"
        Said::Status(ProcedureStatus::Performed, _)
            if matches!(statement.section, SectionKind::Indication | SectionKind::History) || is_visit =>
        {
            ProcedureStatus::Historical
        }
        Said::Status(ProcedureStatus::Performed, _) | Said::Denied | Said::Talk(_) => return Vec::new(),
        Said::Status(status, _) => status,
        Said::Nothing if statement.section == SectionKind::Plan => ProcedureStatus::Planned,
        Said::Nothing if is_told && statement.tells_time(item) => ProcedureStatus::Historical,
        // "The right side followed in July"
        Said::Nothing if is_visit && (is_told || is_alike || statement.tells_time(item)) => {
            done.first().map_or(ProcedureStatus::Historical, |d| d.status)
        }
        Said::Nothing => return Vec::new(),
    };
    // "the other side", "the right side (L3, L4)"
    let is_same = echo == Some(Act::Same) || is_alike || is_other(item) || is_visit || !named.is_empty();
    let is_meant = |of: &&Draft| named.is_empty() || named.iter().any(|site| site.level == of.site.level);
    let places = done.iter().filter(is_meant).take(if is_same { done.len() } else { 1 });
    let there =
        |of: &Draft| Site { side: Some((side, span)), ..if is_same { of.site } else { Site::default() } };
    places.map(|of| echoed(statement, index, of, there(of), (status, said, span))).collect()
}

/// The levels that a statement names, for what was done.
fn levels_named(statement: &ProcedureSentence<'_, '_>, done: &[Draft]) -> Vec<Site> {
    let own: Vec<usize> = (0..statement.items.len()).filter(|&at| statement.is_site(at)).collect();
    let families: Vec<_> = done.iter().take(1).map(|d| d.family).collect();
    statement.own_sites(&families, &own).into_iter().filter(|site| site.level.is_some()).collect()
}

/// "The first injection, at L5-S1, gave 40%", "a further block at C7 could be booked", in the report of one: of its family.
pub(super) fn earlier(statement: &ProcedureSentence<'_, '_>, index: usize, done: &[Draft]) -> Vec<Draft> {
    let Some(of) = done.first() else { return Vec::new() };
    let is_injection = |at: &usize| {
        statement.act(*at) == Some(Act::Injection) && !statement.heads.iter().any(|head| head.item == *at)
    };
    let mut injections = (0..statement.items.len()).filter(is_injection);
    let (Some(item), None) = (injections.next(), injections.next()) else { return Vec::new() };
    if !of.family.is_injection() {
        return Vec::new();
    }
    let scopes = statement.layers.scopes(&statement.sentence);
    let said = statement.said(item, &scopes);
    // "15 minutes after the L5 block" is after this one.
    let status = match said {
        Said::Status(ProcedureStatus::Historical, _) if statement.is_after(item) => return Vec::new(),
        Said::Status(ProcedureStatus::Performed, _) => return Vec::new(),
        Said::Status(status, _) => status,
        _ => return Vec::new(),
    };
    let own: Vec<usize> = (0..statement.items.len()).filter(|&at| statement.is_site(at)).collect();
    let span = statement.items[item].span;
    let sites = statement.own_sites(&[of.family], &own);
    let named = sites.into_iter().filter(|site| site.level.is_some());
    let side = |site: &Site| {
        let known = done.iter().find(|d| d.site.level == site.level && status != ProcedureStatus::Historical);
        site.side.or_else(|| known?.site.side)
    };
    named
        .map(|site| echoed(statement, index, of, Site { side: side(&site), ..site }, (status, said, span)))
        .collect()
}

/// A draft of the family of what was done, at another place or time.
fn echoed(
    statement: &ProcedureSentence<'_, '_>,
    index: usize,
    of: &Draft,
    site: Site,
    (status, said, name): (ProcedureStatus, Said, FoldSpan),
) -> Draft {
    Draft {
        site,
        status,
        said,
        part: Part::Other,
        act: Act::Again,
        name,
        section: statement.section,
        sentence: index,
        ..*of
    }
}
