//! The heads of a sentence: the items that something can be said of or with, each with its modifiers.
//!
//! A modifier (grade, side, level) before a head belongs to that head; one after it, up to the next head that
//! claims it, belongs to the head before: "moderate [stenosis] on the left, mild [stenosis] on the right".

mod left;

use smallvec::SmallVec;

use crate::lexicon::{ChangeClass, Form, LevelWord, SideForm, Structure, Word};
use crate::model::{Side, Status, Subtype};

use crate::relate::gap::Gap;
use crate::relate::item::{Grade, Item, Kind};

/// What a head is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadKind {
    /// Anatomy.
    Structure(Structure),
    /// A change, to be said of a structure.
    Change(ChangeClass, Form),
    /// A structure and its narrowing in one.
    Narrowed(Structure),
    /// A displaced disc.
    Disc(Option<Subtype>),
    /// As it should be, to be said of a structure.
    Normal,
}

/// Indices of items.
pub type Indices = SmallVec<[u16; 6]>;

/// A head and its modifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What it is.
    pub kind: HeadKind,
    /// Its item.
    pub item: u16,
    /// Modifiers before it, in order.
    pub pre: Indices,
    /// Modifiers after it, in order.
    pub post: Indices,
    /// Whether a statement was made of this structure already.
    pub used: bool,
}

impl Head {
    /// Whether it is anatomy, and which.
    pub(super) const fn structure(&self) -> Option<Structure> {
        match self.kind {
            HeadKind::Structure(s) => Some(s),
            _ => None,
        }
    }
}

/// Reads the heads of `items`, each with its modifiers, and appends them to `heads`.
pub fn read_heads(items: &[Item], heads: &mut Vec<Head>) {
    // A sentence is so short that its items can be counted in 16 bits.
    debug_assert!(u16::try_from(items.len()).is_ok());
    let first = heads.len();
    let mut reader =
        HeadReader { items, all: heads, first, pending: Indices::new(), fresh: true, after_noun: false };
    for (i, item) in items.iter().enumerate() {
        reader.item(i as u16, *item);
    }
    reader.leave_behind();
}

struct HeadReader<'i> {
    items: &'i [Item],
    /// The heads of all sentences so far.
    all: &'i mut Vec<Head>,
    /// The first of this one.
    first: usize,
    /// Modifiers that no head has claimed yet.
    pending: Indices,
    /// Whether a new statement began: adverbs of side then look ahead.
    fresh: bool,
    /// Whether something of no kind of ours was named last: a side after it is its own.
    after_noun: bool,
}

impl HeadReader<'_> {
    /// The heads of the sentence so far.
    fn heads(&self) -> &[Head] {
        &self.all[self.first..]
    }

    fn item(&mut self, index: u16, item: Item) {
        // "…, left (M48.07)"
        let is_code = item.gap.has(Gap::OPEN) && self.pending.last().is_some_and(|&last| last + 1 == index);
        if item.gap.content > 1 || item.gap.content > 0 && matches!(item.kind, Kind::End) && !is_code {
            self.drop_last_adjective(item.gap);
        }
        if self.parts_from_unknown(index) {
            self.drop_values();
        }
        if item.gap.has(Gap::HARD) || item.gap.content > 1 {
            self.settle(item.gap);
        }
        let is_adverb = matches!(item.kind, Kind::Side(_, SideForm::Adverb));
        if self.after_noun
            && is_adverb
            && !item.gap.has(Gap::COMMA | Gap::HARD | Gap::AND)
            && !self.heads().is_empty()
        {
            return;
        }
        self.after_noun &=
            !matches!(item.kind, Kind::Structure(_) | Kind::Change(..) | Kind::Disc(..) | Kind::Narrowed(_));
        match item.kind {
            // ", though her report is not complete": the grade of something unknown; "is collapsed, with mild …" is not.
            Kind::Grade(_)
                if item.gap.content > 0
                    && item.gap.has(Gap::IS)
                    && item.gap.has(Gap::HARD | Gap::COMMA)
                    && !item.gap.has(Gap::WITH)
                    || self.is_of_unknown(index) => {}
            // "tight on the left, where it is severe"
            Kind::Grade(_)
                if item.gap.has(Gap::WHICH)
                    && item.gap.has(Gap::IS)
                    && item.gap.content == 0
                    && !self.heads().is_empty()
                    && self.items.get(index as usize + 1).is_some_and(|next| {
                        matches!(next.kind, Kind::End) || next.gap.has(Gap::COMMA | Gap::HARD | Gap::CLOSE)
                    }) =>
            {
                self.pending.push(index);
                self.leave_behind();
                self.fresh = false;
            }
            Kind::Grade(_) | Kind::Side(..) | Kind::Levels(_) | Kind::Root(_) => self.pending.push(index),
            Kind::Pointer(word) if word != LevelWord::Noun => self.pending.push(index),
            Kind::Structure(s) => self.head(HeadKind::Structure(s), index, item.gap),
            Kind::Change(class, form) => self.head(HeadKind::Change(class, form), index, item.gap),
            Kind::Narrowed(s) => self.head(HeadKind::Narrowed(s), index, item.gap),
            Kind::Disc(subtype, _) => self.head(HeadKind::Disc(subtype), index, item.gap),
            Kind::Normal => self.head(HeadKind::Normal, index, item.gap),
            // "arthropathy, both sides, no stenosis", "bulge, eccentric to the left, without stenosis"
            Kind::Cue(Status::Absent)
                if item.gap.has(Gap::COMMA | Gap::SEMICOLON) && (self.is_direct() || self.is_compared()) =>
            {
                self.leave_behind();
            }
            // "bulge, moderate right and no left stenosis"
            Kind::Cue(Status::Absent) if self.is_of_one_side(index) => {}
            Kind::Cue(Status::Absent) => self.leave_grades(),
            Kind::Noun | Kind::Lesion => {
                self.drop_qualifiers(item.gap);
                self.after_noun = true;
            }
            _ => {}
        }
    }

    /// ", though her report is not complete": whether the cue before a grade opens a statement of something unknown.
    fn is_of_unknown(&self, index: u16) -> bool {
        let before = (index as usize).checked_sub(1).and_then(|i| self.items.get(i));
        before.is_some_and(|cue| {
            matches!(cue.kind, Kind::Cue(Status::Absent))
                && cue.gap.content > 0
                && cue.gap.has(Gap::BUT | Gap::WHICH | Gap::SEMICOLON)
        })
    }

    fn head(&mut self, kind: HeadKind, index: u16, gap: Gap) {
        let split = self.split(kind, gap);
        self.leave(split);
        let pre = std::mem::take(&mut self.pending);
        self.all.push(Head { kind, item: index, pre, post: Indices::new(), used: false });
        self.fresh = false;
    }

    /// How many of the pending modifiers belong to the head before.
    fn split(&self, kind: HeadKind, gap: Gap) -> usize {
        // A region has no values: "the lumbar spine shows a left paracentral herniation".
        let before = self.heads().last().and_then(Head::structure);
        if self.heads().is_empty() || before == Some(Structure::Spine) {
            return 0;
        }
        // "canal: L3-4 mild, L4-5 severe, L5-S1 normal": grades are of what they are listed under.
        let is_grade = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Grade(_));
        if kind == HeadKind::Normal
            && before.is_some()
            && let Some(last) = self.pending.iter().rposition(is_grade)
            && last + 1 < self.pending.len()
            && self.is_listed(last + 1)
        {
            return last + 1;
        }
        // "stenosis moderate, foraminal …": a modifier that follows its head at once and is cut off by a comma.
        let direct = self.is_direct();
        if direct
            && gap.has(Gap::COMMA | Gap::AND | Gap::OR | Gap::CLOSE | Gap::SEMICOLON | Gap::HAS)
            && !self.fresh
        {
            return self.pending.len();
        }
        if self.fresh {
            return 0;
        }
        if matches!(self.pending[..], [grade, side, ..] if self.is_closed(grade, side)) {
            return 1;
        }
        // "narrowing, now severe, impinging on the root"
        if matches!(self.pending[..], [only] if self.is_apposed(only)) {
            return 1;
        }
        // "…, sev L, mod R, C6 root impinged": grades before a named root are not the root's.
        let root = self.pending.iter().position(|&i| matches!(self.items[i as usize].kind, Kind::Root(_)));
        if let Some(root) = root
            && self.items[self.pending[root] as usize].gap.has(Gap::COMMA)
        {
            return root;
        }
        let adverb = self.pending.iter().rposition(|&i| self.stands_after(i, kind, gap)).map_or(0, |i| i + 1);
        let joint = if direct { self.joint() } else { 0 };
        let code = self.pending.iter().rposition(|&i| self.is_code(i)).map_or(0, |i| i + 1);
        adverb.max(joint).max(code).max(self.bracketed())
    }

    /// Whether a pending modifier is of the head before, by its form: an adverb, a grade in brackets, a level led by "at". The
    /// head that follows is of `kind`, with `gap` before it.
    fn stands_after(&self, i: u16, kind: HeadKind, gap: Gap) -> bool {
        let item = &self.items[i as usize];
        let next = self.items.get(i as usize + 1);
        let is_last = self.pending.last() == Some(&i);
        match item.kind {
            // "…, and on the right no narrowing": it opens what is denied next.
            Kind::Side(_, SideForm::Adverb | SideForm::Compared) => {
                let denied = next.is_some_and(|next| matches!(next.kind, Kind::Cue(Status::Absent)));
                // "…, and a left paracentral protrusion", "from an asymmetric left bulge", "bulge, R>L foraminal stenosis",
                // "changes result in R>L foraminal stenosis"
                let opens = item.gap.has(Gap::COMMA | Gap::AND | Gap::AT | Gap::HAS | Gap::OF);
                let is_pair = matches!(item.kind, Kind::Side(Side::Bilateral, SideForm::Compared))
                    && matches!(kind, HeadKind::Structure(_) | HeadKind::Narrowed(_));
                let placed = (matches!(kind, HeadKind::Disc(_)) || is_pair) && gap.is_tight() && is_last;
                !(denied && item.gap.has(Gap::COMMA | Gap::AND) || placed && opens)
            }
            // "stenosis (severe), …", "bulges (L4-S1) compressing …"
            Kind::Grade(_) | Kind::Levels(_) if item.gap.has(Gap::OPEN) => {
                next.is_some_and(|next| next.gap.has(Gap::CLOSE))
            }
            // A level led by "at" stands after what it is the level of, one led by "and at" before what follows.
            Kind::Levels(_) | Kind::Pointer(_) => {
                // "narrowing of the L4-5 canal and of …"
                let names = item.gap.has(Gap::OF)
                    && item.gap.has(Gap::FILLER)
                    && matches!(kind, HeadKind::Structure(s) if s != Structure::Disc);
                item.gap.has(Gap::AT | Gap::OF) && !((item.gap.has(Gap::AND) || names) && is_last)
            }
            _ => false,
        }
    }

    /// "occluded near-completely, and the left …": how many of the pending modifiers, which follow their head at once, stand
    /// before the next joint.
    fn joint(&self) -> usize {
        let is_joined = |&i: &u16| {
            let item = &self.items[i as usize];
            item.gap.has(Gap::COMMA | Gap::AND | Gap::SEMICOLON)
                || item.gap.has(Gap::DASH) && matches!(item.kind, Kind::Root(_) | Kind::Levels(_))
        };
        let is_value = |&i: &u16| {
            matches!(self.items[i as usize].kind, Kind::Grade(_) | Kind::Side(..))
                && !self.items[i as usize].gap.has(Gap::HAS | Gap::OF | Gap::AT)
        };
        // "stenosis L4-5, moderate stenosis L3-4"
        let is_level = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Levels(_));
        let closes = match &self.pending[..] {
            [first, second, ..] if is_level(first) => is_joined(second),
            [first, ..] => is_value(first),
            [] => false,
        };
        self.pending.iter().position(is_joined).filter(|_| closes).unwrap_or(0)
    }

    /// "narrowing (mild, bilateral), L5-S1 …": how many of the pending modifiers stand in brackets behind their head, or
    /// before these.
    fn bracketed(&self) -> usize {
        let item = |&i: &u16| &self.items[i as usize];
        let closes = |&i: &u16| self.items.get(i as usize + 1).is_some_and(|next| next.gap.has(Gap::CLOSE));
        let Some(opens) = self.pending.iter().position(|i| item(i).gap.has(Gap::OPEN)) else { return 0 };
        let inside = self.pending.iter().skip(opens).position(closes).map_or(0, |at| at + 1);
        if inside > 1 && opens == 0 && item(&self.pending[0]).gap.content == 0 { inside } else { 0 }
    }

    /// Whether a modifier is a code, which stands after its structure, unless its scale or "grade" announces it.
    fn is_code(&self, i: u16) -> bool {
        let before = (i as usize).checked_sub(1).map(|before| self.items[before].kind);
        matches!(self.items[i as usize].kind, Kind::Grade(Grade::Coded(_)))
            && !matches!(before, Some(Kind::Scale(_) | Kind::Word(Word::Grade)))
    }

    /// "left foraminal stenosis, moderate, and right foraminal stenosis": whether a side after a grade in commas opens the next
    /// statement, and the head before has no other grade.
    fn is_closed(&self, grade: u16, side: u16) -> bool {
        let (grade, side) = (self.items[grade as usize], self.items[side as usize]);
        let is_grade = |kind: Kind| matches!(kind, Kind::Grade(Grade::Named(_) | Grade::Size(_)));
        let graded = |&i: &u16| is_grade(self.items[i as usize].kind);
        let Some(before) = self.heads().last() else { return false };
        let is_stenosis = matches!(
            before.kind,
            HeadKind::Narrowed(_) | HeadKind::Change(ChangeClass::Narrow | ChangeClass::Stenosis, Form::Noun)
        );
        is_grade(grade.kind)
            && matches!(side.kind, Kind::Side(..))
            && [grade, side].iter().all(|item| {
                item.gap.has(Gap::COMMA) && item.gap.content == 0 && !item.gap.has(Gap::WITH | Gap::IS)
            })
            && !grade.gap.has(Gap::AND)
            && (side.gap.has(Gap::AND) || is_stenosis)
            && !before.pre.iter().chain(&before.post).any(graded)
    }

    /// Whether a grade stands between two commas, so that it is of what stands before it.
    fn is_apposed(&self, grade: u16) -> bool {
        let item = &self.items[grade as usize];
        let next = self.items.get(grade as usize + 1).map(|next| next.gap).unwrap_or_default();
        matches!(item.kind, Kind::Grade(Grade::Named(_) | Grade::Size(_)))
            && item.gap.has(Gap::COMMA)
            && !item.gap.has(Gap::AND | Gap::WITH)
            && item.gap.content == 0
            && next.has(Gap::COMMA)
            && !next.has(Gap::AND | Gap::WITH)
    }

    /// Whether what is pending from `at` on opens a further member of a list.
    fn is_listed(&self, at: usize) -> bool {
        let first = self.pending.get(at).map(|&i| self.items[i as usize]);
        first.is_some_and(|item| {
            matches!(item.kind, Kind::Levels(_) | Kind::Side(..))
                && item.gap.has(Gap::COMMA | Gap::SEMICOLON)
                && item.gap.content == 0
        })
    }

    /// Whether what is pending follows its head at once.
    fn is_direct(&self) -> bool {
        self.pending.first().is_some_and(|&first| {
            let before = self.items[first as usize].gap;
            !before.has(Gap::LIST | Gap::HARD | Gap::OPEN) && before.content == 0
        })
    }

    /// Whether a denial is of one side alone, after a grade and side that are of the same head.
    fn is_of_one_side(&self, cue: u16) -> bool {
        let item = |i: u16| self.items.get(i as usize);
        let is_side = |i: u16| item(i).is_some_and(|s| matches!(s.kind, Kind::Side(_, SideForm::Adjective)));
        let [.., grade, side] = self.pending[..] else { return false };
        let opens = item(grade).is_some_and(|g| {
            matches!(g.kind, Kind::Grade(_)) && g.gap.has(Gap::COMMA | Gap::AND | Gap::WITH)
        });
        opens
            && side + 1 == cue
            && is_side(side)
            && item(side).is_some_and(|s| s.gap.is_tight())
            && is_side(cue + 1)
            && item(cue + 1).is_some_and(|s| s.gap.is_tight())
    }

    /// Whether what is pending is one side, said by a comparison.
    fn is_compared(&self) -> bool {
        matches!(self.pending[..], [only] if matches!(self.items[only as usize].kind, Kind::Side(_, SideForm::Compared)))
    }
}
