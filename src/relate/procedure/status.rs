//! Whether and when a procedure is done: the words around it first, then the context cues, then its section.
//!
//! `underwent [L4-5 laminectomy] in 2019` · `[fusion] was discussed` · `if no better, [ESI]` · `no prior [ESI]`,
//! which is none

use crate::context::Scopes;
use crate::lexicon::{Act, Direction, Sense, Word};
use crate::matching::Token;
use crate::model::{ProcedureFamily, ProcedureStatus, SectionKind, Status};
use crate::relate::gap::Gap;
use crate::relate::item::Kind;
use crate::text::FoldSpan;

use super::acts::Kinds;
use super::sentence::ProcedureSentence;

/// What the words of a sentence say of a procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Its status, and the words that say so.
    Status(ProcedureStatus, Option<FoldSpan>),
    /// That it is only explained: its risks, the consent to it.
    Talk(FoldSpan),
    /// That there was or is none.
    Denied,
    /// Nothing.
    Nothing,
}

impl Said {
    /// Whether it says so.
    pub(super) fn is(self, status: ProcedureStatus) -> bool {
        matches!(self, Self::Status(said, _) if said == status)
    }
}

/// How many words nearer a word after a name must be than one before it.
const AHEAD: u32 = 3;
/// How many words after a name may hold its date.
const DATE_REACH: usize = 5;

/// How many words from a name its time may be told.
const TIME_REACH: usize = 14;

/// Whether a word is a year, or a day and a month: "2013", "5/30".
fn is_date(word: &str) -> bool {
    let is_number = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if word.contains('/') {
        return word.split('/').all(is_number);
    }
    word.len() == 4 && is_number(word) && (word.starts_with("19") || word.starts_with("20"))
}

/// Whether a denial is part of the word that says when: "did not have relief from", "your decision to deny".
fn is_of_word(denial: Option<FoldSpan>, word: Option<(Act, FoldSpan)>) -> bool {
    let word = word.filter(|(act, _)| matches!(act, Act::Status(..))).map(|(_, span)| span);
    let is_within = |one: FoldSpan, other: FoldSpan| other.start <= one.start && one.end <= other.end;
    // "has never had" denies what the word "had" tells.
    denial.zip(word).is_some_and(|(denial, word)| denial.overlaps(word) && !is_within(word, denial))
}

impl ProcedureSentence<'_, '_> {
    /// What the sentence says of the head at an item.
    pub(super) fn said(&self, item: usize, scopes: &Scopes) -> Said {
        let span = self.items[item].span;
        if self.is_unticked(span) {
            return Said::Denied;
        }
        if matches!(self.act(item), Some(Act::Trace(_))) {
            let absent = scopes.assess(span).status == Status::Absent || self.talk(item).is_some();
            return if absent { Said::Denied } else { Said::Status(ProcedureStatus::Historical, Some(span)) };
        }
        if self.is_none(item) {
            return Said::Denied;
        }
        let cue = scopes.assess(span);
        let cue_span = cue.scope.map(|scope| scope.cue);
        let word = self.word(item).filter(|&word| self.is_sent(item, word));
        let word = word.map(|word| self.turned(item, self.doubted(word, scopes)));
        let judged = self.judged(item, scopes);
        let is_weighed = matches!(word, Some((Act::Status(ProcedureStatus::Considered, _), _)));
        let talk = self.talk(item).filter(|_| !is_weighed || matches!(word, Some((Act::Talk, _))));
        // "follow up after an ESI two weeks ago"
        if let Some(span) = talk {
            let ago = self.after(item).filter(|(act, ..)| act.is_past()).map(|(.., at)| at);
            return ago.map_or(Said::Talk(span), |at| Said::Status(ProcedureStatus::Historical, Some(at)));
        }
        let considered =
            |(act, _): &(Act, FoldSpan)| matches!(act, Act::Status(ProcedureStatus::Considered, _) | Act::If);
        match cue.status {
            Status::Family => return Said::Denied,
            // "no fusion is recommended"
            Status::Absent
                if judged.is_some()
                    || self.is_planned_behind(word, span)
                    || (self.section == SectionKind::Plan
                        || self.section == SectionKind::Impression && self.is_by_needle(item))
                        && word.is_none()
                        && self.is_refused(cue_span, span) =>
            {
                return Said::Status(ProcedureStatus::Considered, cue_span);
            }
            Status::Absent
                if !word.as_ref().is_some_and(considered)
                    && !self.begins_anew(cue_span, word)
                    && !is_of_word(cue_span, word) =>
            {
                return Said::Denied;
            }
            _ => {}
        }
        match word {
            None | Some((Act::After | Act::Status(ProcedureStatus::Planned, _), _)) if judged.is_some() => {
                Said::Status(ProcedureStatus::Considered, judged)
            }
            Some((Act::Status(status, _), span)) => Said::Status(status, Some(span)),
            Some((Act::After | Act::FollowUp | Act::Undergone, span)) => {
                Said::Status(ProcedureStatus::Historical, Some(span))
            }
            Some((Act::If, span)) => Said::Status(ProcedureStatus::Considered, Some(span)),
            _ => match cue.status {
                Status::Historical => Said::Status(ProcedureStatus::Historical, cue_span),
                Status::Possible | Status::Hypothetical => {
                    Said::Status(ProcedureStatus::Considered, cue_span)
                }
                _ => Said::Nothing,
            },
        }
    }

    /// Whether the head at an item is an injection or an ablation.
    fn is_by_needle(&self, item: usize) -> bool {
        let by_needle = |family: &ProcedureFamily| {
            family.is_injection() || *family == ProcedureFamily::RadiofrequencyAblation
        };
        self.heads.iter().any(|head| head.item == item && head.families.iter().any(by_needle))
    }

    /// Whether a word that plans stands behind the name that it is said of, in the same phrase.
    fn is_planned_behind(&self, word: Option<(Act, FoldSpan)>, name: FoldSpan) -> bool {
        let Some((Act::Status(ProcedureStatus::Planned, _), at)) = word else { return false };
        at.start >= name.end && !self.layers.folded.slice(FoldSpan::new(name.end, at.start)).contains(',')
    }

    /// Whether a denial opens the sentence, right before a name: "No caudal", in a plan.
    fn is_refused(&self, denial: Option<FoldSpan>, name: FoldSpan) -> bool {
        denial.is_some_and(|cue| {
            let between = FoldSpan::new(cue.end, name.start.max(cue.end));
            cue.start == self.sentence.span.start
                && self.layers.folded.slice(between).split_whitespace().count() <= 2
        })
    }

    /// Whether a word of the past opens another statement after what is denied: "no stenosis, prior fusion".
    fn begins_anew(&self, denial: Option<FoldSpan>, word: Option<(Act, FoldSpan)>) -> bool {
        let (Some(denial), Some((_, past))) = (denial, word.filter(|(act, _)| act.is_past())) else {
            return false;
        };
        let between = FoldSpan::new(denial.end, past.start.max(denial.end));
        self.has_finding(between) || self.layers.folded.slice(between).contains(". ")
    }

    /// Whether a date follows the head at an item: "fusion 2013", "ESI 5/30".
    pub(super) fn is_dated(&self, item: usize) -> bool {
        let Some(from) = self.items.get(item).map(|i| i.span.end) else { return false };
        let next = self.heads.iter().find(|head| head.item > item).and_then(|head| self.items.get(head.item));
        let end = next.map_or(self.sentence.span.end, |next| next.span.start).max(from);
        let words = self.layers.folded.slice(FoldSpan::new(from, end));
        let near = words.split([';', ':']).next().unwrap_or_default();
        near.split([' ', ',', '(', ')', '.']).filter(|word| !word.is_empty()).take(DATE_REACH).any(is_date)
            || self
                .layers
                .tokens_within(FoldSpan::new(from, end))
                .take(DATE_REACH)
                .any(|word| self.is_month(word))
    }

    /// Whether a month, a year or a day stands near an item, and not today: "was done in May 2023", "on 3/4".
    pub(super) fn tells_time(&self, item: usize) -> bool {
        let Some(at) = self.items.get(item).map(|i| i.span.start) else { return false };
        let next = self.layers.tokens.partition_point(|token| token.start < at);
        let near = self.layers.tokens.iter().skip(next.saturating_sub(TIME_REACH)).take(2 * TIME_REACH);
        let is_own =
            |token: &&Token| self.sentence.span.start <= token.start && token.end <= self.sentence.span.end;
        let words = || near.clone().filter(is_own);
        let is_year =
            |token: &Token| is_date(self.layers.folded.slice(FoldSpan::new(token.start, token.end)));
        let mut before = None;
        let is_day = words().any(|token| {
            let leads = before.replace(token.class.word) == Some(Some(Word::Of));
            let rest = self.layers.folded.slice(FoldSpan::new(token.start, self.sentence.span.end));
            leads && rest.split([' ', ',', '.', ';', ')']).next().is_some_and(is_date)
        });
        (is_day || words().any(|token| self.is_month(token) || is_year(token)))
            && !words().any(|token| token.class.sense == Some(Sense::Today))
    }

    /// Whether a word names a month: "October", "May"; "may" is a verb where it is no name.
    fn is_month(&self, token: &Token) -> bool {
        let printed = self.layers.folded.note_text(FoldSpan::new(token.start, token.end));
        token.class.sense.is_some_and(Sense::is_month)
            && (token.class.word.is_none() || printed.starts_with(char::is_uppercase))
    }

    /// The words before an item that make it only explained: "risks of", wherever they stand in the sentence. A plan
    /// speaks so of the visit after it.
    fn talk(&self, item: usize) -> Option<FoldSpan> {
        if !self.kinds.has(Kinds::TALK) {
            return None;
        }
        let before = (0..item).rev().take_while(|&at| !self.items[at + 1].gap.has(Gap::SEMICOLON));
        let is_talk =
            |act: Act| act == Act::Talk || act == Act::FollowUp && self.section == SectionKind::Plan;
        before.filter(|&at| self.act(at).is_some_and(is_talk)).map(|at| self.items[at].span).next()
    }

    /// The word that governs the head at an item.
    fn word(&self, item: usize) -> Option<(Act, FoldSpan)> {
        if !self.kinds.has(Kinds::GOVERNS) {
            debug_assert!(self.governing(item).is_none());
            return None;
        }
        self.governing(item)
    }

    /// The nearest word before an item that reaches forward, or the nearest after it that reaches back. A condition before it
    /// overrules all but the past.
    fn governing(&self, item: usize) -> Option<(Act, FoldSpan)> {
        let before = self.before(item);
        let after = self.after(item);
        // "the requested fusion was declined"
        let is_dropped = |b: Act, a: Act| {
            matches!(b, Act::Status(ProcedureStatus::Planned, Direction::Both))
                && matches!(a, Act::Status(ProcedureStatus::Considered, Direction::Backward))
        };
        let nearest = match (before, after) {
            (Some(b), Some(a)) if is_dropped(b.0, a.0) => Some(a),
            (Some(b), Some(a)) if b.1 <= a.1.saturating_add(AHEAD) => Some(b),
            (_, Some(a)) => Some(a),
            (b, None) => b,
        };
        // "care first, with surgery (L4-5 discectomy) if he gets weaker"
        let is_past = |act: Act| act.is_past() || act == Act::After && !self.has_if_after(item);
        let nearest = nearest.map(|(act, _, span)| (act, span));
        if !nearest.is_some_and(|(act, _)| is_past(act)) && self.has_if(item) {
            return Some((Act::If, nearest.map_or(self.items[item].span, |(_, span)| span)));
        }
        nearest
    }

    /// The nearest status word before an item, and how many words away.
    fn before(&self, item: usize) -> Option<(Act, u32, FoldSpan)> {
        let (mut words, mut is_parted, mut has_verb) = (0, false, false);
        for at in (0..item).rev() {
            let gap = self.items[at + 1].gap;
            if self.opens_item(at + 1) {
                return None;
            }
            is_parted |= gap.has(Gap::SEMICOLON);
            has_verb |= gap.has(Gap::IS);
            words += u32::from(gap.content) + u32::from(gap.has(Gap::BUT | Gap::COMMA));
            let act = match self.items[at].kind {
                // "the thing that has a good chance is a laminectomy"
                Kind::Act(Act::After) if has_verb || is_parted => continue,
                Kind::Act(
                    act @ (Act::Status(_, Direction::Forward | Direction::Both)
                    | Act::Talk
                    | Act::FollowUp
                    | Act::After
                    | Act::Undergone),
                ) => act,
                Kind::Act(act @ Act::Status(ProcedureStatus::Considered, _)) if self.leads_on(at, item) => {
                    act
                }
                _ => continue,
            };
            // "we discussed three courses: to wait; a nerve root block; and a discectomy"
            let leads_list = gap.has(Gap::COLON) && matches!(act, Act::Status(..));
            return (!is_parted || leads_list).then_some((act, words, self.items[at].span));
        }
        None
    }

    /// Whether a verdict goes on to what it is said of: "he is not keen on a fusion".
    fn leads_on(&self, at: usize, item: usize) -> bool {
        let mut named = self.heads.iter().map(|head| head.item).filter(|head| (at..item).contains(head));
        let (first, last) =
            named.next().map_or((item, item), |first| (first, named.next_back().unwrap_or(first)));
        let (gap, rest) = (self.gap(at, first), self.gap(last, item));
        let is_list = first == item || rest.content == 0 && rest.has(Gap::COMMA | Gap::AND | Gap::OR);
        !self.heads.iter().any(|head| head.item < at)
            && gap.content == 0
            && gap.has(Gap::OF)
            && !gap.has(Gap::COMMA | Gap::COLON | Gap::AND | Gap::OR | Gap::IS)
            && is_list
    }

    /// The nearest status word after an item, and how many words away.
    fn after(&self, item: usize) -> Option<(Act, u32, FoldSpan)> {
        let (mut words, mut is_inside) = (0, false);
        for at in item + 1..self.items.len() {
            let gap = self.items[at].gap;
            // "two blocks (L3 and L4; 3/3 and 3/17) gave relief"
            let is_parted = gap.has(Gap::SEMICOLON) && !is_inside;
            is_inside = (is_inside || gap.has(Gap::OPEN)) && !gap.has(Gap::CLOSE);
            // "TFESI L4-5, with L5-S1 as a backup": what follows is said of that place.
            let is_of_other = self.is_site(at) && gap.has(Gap::COMMA) && gap.has(Gap::WITH);
            if is_parted || gap.has(Gap::BUT) || self.opens_item(at) || is_of_other {
                return None;
            }
            words += u32::from(gap.content) + u32::from(gap.has(Gap::COMMA));
            match self.items[at].kind {
                // "ACDF, declined L4-5 fusion"
                Kind::Act(Act::Status(_, Direction::Both))
                    if words > 0 && self.names_follow(at) && gap.has(Gap::COMMA | Gap::AND) =>
                {
                    return None;
                }
                // "put down for a block, and should it fail she may have a discectomy"
                Kind::Act(Act::Status(ProcedureStatus::Considered, Direction::Backward))
                    if gap.has(Gap::AND) && self.names_follow(at) =>
                {
                    return None;
                }
                Kind::Act(act @ Act::Status(status, Direction::Backward | Direction::Both)) => {
                    // "requested at L4-5, not done"
                    let dropped = match status {
                        ProcedureStatus::Planned => self.dropped(at),
                        ProcedureStatus::Performed => self.dated_after(at),
                        ProcedureStatus::Historical | ProcedureStatus::Considered => None,
                    };
                    let (act, at) = dropped.or_else(|| self.settled(at)).unwrap_or((act, at));
                    return Some((act, words, self.items[at].span));
                }
                // "laminectomy, tied into the rods, is booked for June"
                Kind::Act(act @ Act::Status(ProcedureStatus::Planned, Direction::Forward))
                    if !self.names_follow(at) && self.sets_date(at) =>
                {
                    return Some((act, words, self.items[at].span));
                }
                // "repeat it since the last one helped": what comes after is why.
                Kind::Act(Act::After) if self.section == SectionKind::Plan => return None,
                // "repeat it if the relief wanes": what comes after belongs to the condition.
                Kind::Act(Act::If) => return None,
                // "ESI in May, then he was offered fusion": what governs the next name is not this one's.
                Kind::Act(Act::Status(_, Direction::Forward) | Act::Talk) if self.names_follow(at) => {
                    return None;
                }
                _ => {}
            }
        }
        None
    }

    /// What dates what was done to before: "was done last month".
    fn dated_after(&self, at: usize) -> Option<(Act, usize)> {
        let past = self.act(at + 1).filter(|act| act.is_past())?;
        let gap = self.items.get(at + 1)?.gap;
        (gap.content <= 1 && !gap.has(Gap::SEMICOLON | Gap::BUT | Gap::AND)).then_some((past, at + 1))
    }

    /// Whether a phrase says of what stands before it that it has a date: "is booked for".
    fn sets_date(&self, at: usize) -> bool {
        let mut words = self.layers.tokens_within(self.items[at].span);
        words.next().is_some_and(|word| word.class.word == Some(Word::Is))
            && words.last().is_some_and(|word| word.class.sense == Some(Sense::Purpose))
    }

    /// What takes a plan back that is told at an item, in the same clause.
    fn dropped(&self, at: usize) -> Option<(Act, usize)> {
        let rest = (at + 1..self.items.len()).take_while(|&next| {
            !self.gap(at, next).has(Gap::SEMICOLON | Gap::BUT | Gap::AND) && !self.opens_item(next)
        });
        let mut acts = rest.filter_map(|next| Some((self.act(next)?, next)));
        acts.next()
            .filter(|(act, _)| matches!(act, Act::Status(ProcedureStatus::Considered, Direction::Backward)))
    }

    /// Whether the word that dates the head at an item is one that an operation uses of its own steps: "after".
    pub(super) fn is_after(&self, item: usize) -> bool {
        matches!(self.word(item), Some((Act::After, _)))
    }

    /// What a chain of words comes to that begins at an item: "offered, accepted, booked".
    fn settled(&self, at: usize) -> Option<(Act, usize)> {
        let is_open = |at: usize| match self.act(at) {
            Some(Act::Status(status, direction @ (Direction::Backward | Direction::Both))) => {
                matches!(status, ProcedureStatus::Planned | ProcedureStatus::Considered)
                    && (direction == Direction::Backward || !self.names_follow(at))
            }
            _ => false,
        };
        let follows = |&next: &usize| {
            let gap = self.items[next].gap;
            is_open(next) && gap.content == 0 && gap.has(Gap::COMMA | Gap::AND | Gap::BUT)
        };
        let last = (at + 1..self.items.len()).take_while(follows).last()?;
        Some((self.act(last)?, last))
    }

    fn names_follow(&self, at: usize) -> bool {
        self.heads.iter().any(|head| head.item > at && !head.families.is_empty())
    }

    /// Whether a condition stands before the item, or right after it.
    pub(super) fn has_if(&self, item: usize) -> bool {
        if !self.kinds.has(Kinds::CONDITION) {
            return false;
        }
        let before = (0..item)
            .rev()
            .take_while(|&at| !self.items[at + 1].gap.has(Gap::SEMICOLON) && !self.opens_item(at + 1))
            .any(|at| self.act(at) == Some(Act::If) || self.leads_condition(at));
        before || self.has_if_after(item)
    }

    /// Whether an item is a condition that opens its clause: "if helpful, RFA would be the next step".
    fn leads_condition(&self, at: usize) -> bool {
        let Some(item) = self.items.get(at) else { return false };
        let first = self.layers.tokens_within(item.span).next();
        let is_condition =
            matches!(item.kind, Kind::Act(Act::Status(ProcedureStatus::Considered, Direction::Backward)))
                && first.is_some_and(|word| word.class.sense == Some(Sense::If));
        is_condition && (at == 0 || item.gap.has(Gap::SEMICOLON | Gap::AND | Gap::COMMA))
    }

    /// Whether a condition stands right after the item; in a plan, that something else stops working is one.
    fn has_if_after(&self, item: usize) -> bool {
        (item + 1..self.items.len())
            .take_while(|&at| !self.gap(item, at).has(Gap::SEMICOLON | Gap::BUT | Gap::COMMA | Gap::AND))
            .any(|at| match self.act(at) {
                Some(Act::If) => true,
                // "repeat RFA when the last one wears off"
                Some(Act::Fails) => self.has_sense(self.between(item, at), Sense::When),
                _ => false,
            })
    }
}
