//! The heads of a sentence: the items that something can be said of or with, each with its modifiers.
//!
//! A modifier (grade, side, level) before a head belongs to that head; one after it, up to the next head that
//! claims it, belongs to the head before: "moderate [stenosis] on the left, mild [stenosis] on the right".

use smallvec::SmallVec;

use crate::lexicon::{ChangeClass, Form, LevelWord, SideForm, Structure, Word};
use crate::model::{Side, Status, Subtype};

use super::gap::Gap;
use super::item::{Grade, Item, Kind};

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
#[derive(Clone, Debug)]
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

/// The heads of a sentence.
type Heads = SmallVec<[Head; 12]>;

/// Reads the heads of `items`, each with its modifiers, and appends them to `heads`.
pub fn read_heads(items: &[Item], heads: &mut Vec<Head>) {
    // A sentence is so short that its items can be counted in 16 bits.
    debug_assert!(u16::try_from(items.len()).is_ok());
    let mut reader =
        Reader { items, heads: Heads::new(), pending: Indices::new(), fresh: true, after_noun: false };
    for (i, item) in items.iter().enumerate() {
        reader.item(i as u16, *item);
    }
    reader.leave_behind();
    heads.extend(reader.heads);
}

struct Reader<'i> {
    items: &'i [Item],
    heads: Heads,
    /// Modifiers that no head has claimed yet.
    pending: Indices,
    /// Whether a new statement began: adverbs of side then look ahead.
    fresh: bool,
    /// Whether something of no kind of ours was named last: a side after it is its own.
    after_noun: bool,
}

impl Reader<'_> {
    fn item(&mut self, index: u16, item: Item) {
        // "…, left (M48.07)"
        let is_code = item.gap.has(Gap::OPEN) && self.pending.last().is_some_and(|&last| last + 1 == index);
        if item.gap.content > 1 || item.gap.content > 0 && item.kind == Kind::End && !is_code {
            self.drop_last_adjective();
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
            && !self.heads.is_empty()
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
                self.drop_qualifiers();
                self.after_noun = true;
            }
            _ => {}
        }
    }

    /// ", though her report is not complete": whether the cue before a grade opens a statement of something unknown.
    fn is_of_unknown(&self, index: u16) -> bool {
        let before = (index as usize).checked_sub(1).and_then(|i| self.items.get(i));
        before.is_some_and(|cue| {
            cue.kind == Kind::Cue(Status::Absent)
                && cue.gap.content > 0
                && cue.gap.has(Gap::BUT | Gap::WHICH | Gap::SEMICOLON)
        })
    }

    fn head(&mut self, kind: HeadKind, index: u16, gap: Gap) {
        let split = self.split(kind, gap);
        self.leave(split);
        let pre = std::mem::take(&mut self.pending);
        self.heads.push(Head { kind, item: index, pre, post: Indices::new(), used: false });
        self.fresh = false;
    }

    /// How many of the pending modifiers belong to the head before.
    fn split(&self, kind: HeadKind, gap: Gap) -> usize {
        // A region has no values: "the lumbar spine shows a left paracentral herniation".
        let before = self.heads.last().and_then(Head::structure);
        if self.heads.is_empty() || before == Some(Structure::Spine) {
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
        let last = self.pending.last().copied().unwrap_or_default();
        let is_adverb = |&i: &u16| match self.items[i as usize].kind {
            // "…, and on the right no narrowing": it opens what is denied next.
            Kind::Side(_, SideForm::Adverb | SideForm::Compared) => {
                let own = self.items[i as usize].gap;
                let denied =
                    matches!(self.items.get(i as usize + 1).map(|n| n.kind), Some(Kind::Cue(Status::Absent)));
                // "…, and a left paracentral protrusion"
                let placed = matches!(kind, HeadKind::Disc(_)) && gap.is_tight() && i == last;
                !((denied || placed) && own.has(Gap::COMMA | Gap::AND))
            }
            // "stenosis (severe), …", "bulges (L4-S1) compressing …"
            Kind::Grade(_) | Kind::Levels(_) if self.items[i as usize].gap.has(Gap::OPEN) => {
                self.items.get(i as usize + 1).is_some_and(|next| next.gap.has(Gap::CLOSE))
            }
            // A level led by "at" stands after what it is the level of, one led by "and at" before what follows.
            Kind::Levels(_) | Kind::Pointer(_) => {
                let gap = self.items[i as usize].gap;
                // "narrowing of the L4-5 canal and of …"
                let names = gap.has(Gap::OF)
                    && gap.has(Gap::FILLER)
                    && matches!(kind, HeadKind::Structure(s) if s != Structure::Disc);
                gap.has(Gap::AT | Gap::OF) && !((gap.has(Gap::AND) || names) && i == last)
            }
            _ => false,
        };
        let adverb = self.pending.iter().rposition(is_adverb).map_or(0, |i| i + 1);
        // "occluded near-completely, and the left …": what follows its head at once, up to the next joint.
        let is_joined = |&i: &u16| self.items[i as usize].gap.has(Gap::COMMA | Gap::AND | Gap::SEMICOLON);
        let is_value = |&i: &u16| {
            matches!(self.items[i as usize].kind, Kind::Grade(_) | Kind::Side(..))
                && !self.items[i as usize].gap.has(Gap::HAS | Gap::OF | Gap::AT)
        };
        // "stenosis L4-5, moderate stenosis L3-4"
        let is_level = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Levels(_));
        let closes = direct
            && match &self.pending[..] {
                [first, second, ..] if is_level(first) => is_joined(second),
                [first, ..] => is_value(first),
                [] => false,
            };
        let joint = self.pending.iter().position(is_joined).filter(|_| closes).unwrap_or(0);
        // A code stands after its structure, unless its scale or "grade" announces it.
        let is_code = |&i: &u16| {
            let announced =
                i > 0 && matches!(self.items[i as usize - 1].kind, Kind::Scale(_) | Kind::Word(Word::Grade));
            matches!(self.items[i as usize].kind, Kind::Grade(Grade::Coded(_))) && !announced
        };
        let code = self.pending.iter().rposition(is_code).map_or(0, |i| i + 1);
        adverb.max(joint).max(code)
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

    /// Gives the first `count` pending modifiers to the head before.
    fn leave(&mut self, count: usize) {
        let is_region = |head: &Head| head.structure() == Some(Structure::Spine);
        let last = self.heads.iter().rposition(|head| !is_region(head));
        let last = self.returns_to(count).or(last).or(self.heads.len().checked_sub(1));
        if let Some(head) = last.and_then(|at| self.heads.get_mut(at)) {
            head.post.extend(self.pending.drain(..count));
        }
    }

    /// "severe on the right with flattening of the root; mild on the left": the head, graded for one side, that a grade and
    /// a side after a semicolon go back to over a structure which takes no grade.
    fn returns_to(&self, count: usize) -> Option<usize> {
        let kind = |i: u16| self.items[i as usize].kind;
        let of_pending = |test: fn(Kind) -> bool| self.pending.iter().take(count).any(|&i| test(kind(i)));
        let is_grade = |kind: Kind| matches!(kind, Kind::Grade(Grade::Named(_) | Grade::Size(_)));
        let is_side = |kind: Kind| matches!(kind, Kind::Side(Side::Left | Side::Right, _));
        let opens = self.pending.first().is_some_and(|&i| self.items[i as usize].gap.has(Gap::SEMICOLON));
        let is_past = matches!(
            self.heads.last().and_then(Head::structure),
            Some(Structure::Root | Structure::Sac | Structure::Cord | Structure::Other)
        );
        if !(opens && is_past && of_pending(is_grade) && of_pending(is_side)) {
            return None;
        }
        self.heads.iter().rposition(|head| {
            let mut own = head.pre.iter().chain(&head.post).map(|&i| kind(i));
            let narrows = match head.kind {
                HeadKind::Change(ChangeClass::Narrow | ChangeClass::Stenosis, _) => true,
                HeadKind::Narrowed(s) | HeadKind::Structure(s) => {
                    matches!(s, Structure::Foramen | Structure::Recess)
                }
                _ => false,
            };
            narrows && own.clone().any(is_grade) && own.any(is_side)
        })
    }

    fn leave_behind(&mut self) {
        self.leave(if self.heads.is_empty() { 0 } else { self.pending.len() });
    }

    /// "left kidney lesion": a side before unknown words is theirs.
    fn drop_last_adjective(&mut self) {
        let is_adjective =
            |&i: &u16| matches!(self.items[i as usize].kind, Kind::Side(_, SideForm::Adjective));
        let predicate = |&i: &u16| self.items[i as usize].gap.has(Gap::IS);
        // "with mild cephalic migration": a grade that opens a phrase of unknown words is theirs.
        let opens = |&i: &u16| {
            let item = self.items[i as usize];
            matches!(item.kind, Kind::Grade(_)) && item.gap.has(Gap::WITH | Gap::COMMA | Gap::AND | Gap::HAS)
        };
        if self.pending.last().is_some_and(opens) {
            self.pending.pop();
            return;
        }
        let is_single = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Levels(_));
        // ", left L5 laminectomy"
        if let [.., side, level] = self.pending[..]
            && is_adjective(&side)
            && is_single(&level)
            && self.items[side as usize].gap.has(Gap::COMMA)
        {
            self.pending.truncate(self.pending.len() - 2);
        } else if self.pending.last().is_some_and(|i| is_adjective(i) && !predicate(i)) {
            self.pending.pop();
        }
    }

    /// "mild bilateral spurring and left herniation": whether "and" leads from something unknown, which has values right
    /// before it, to a side or grade of the next.
    fn parts_from_unknown(&self, index: u16) -> bool {
        let is_value = |item: &Item| {
            matches!(
                item.kind,
                Kind::Side(_, SideForm::Adjective) | Kind::Grade(Grade::Named(_) | Grade::Size(_))
            )
        };
        let item = |i: u16| self.items.get(i as usize);
        let opens = item(index).is_some_and(|next| {
            let is_side = matches!(next.kind, Kind::Side(..));
            (is_side || is_value(next)) && next.gap.content == 1 && next.gap.has(Gap::AND)
        });
        let last = self.pending.last().filter(|&&last| last + 1 == index);
        // "stenosis mild …" is of the head before.
        let is_led = |&first: &u16| item(first).is_some_and(|i| i.gap.has(Gap::HAS));
        let is_of_head =
            !self.heads.is_empty() && self.is_direct() && !self.pending.first().is_some_and(is_led);
        opens && !is_of_head && last.is_some_and(|&last| item(last).is_some_and(is_value))
    }

    /// Drops the grades and sides that are pending; levels stay.
    fn drop_values(&mut self) {
        let items = self.items;
        self.pending.retain(|i| !matches!(items[*i as usize].kind, Kind::Grade(_) | Kind::Side(..)));
    }

    /// "left leg pain": what qualifies a symptom qualifies nothing else; levels stay.
    fn drop_qualifiers(&mut self) {
        let items = self.items;
        self.pending.retain(|i| matches!(items[*i as usize].kind, Kind::Levels(_) | Kind::Pointer(_)));
    }

    /// A statement ends: what is pending belongs to the head before, if there is one, unless it heads what
    /// follows: "Right: mild."
    fn settle(&mut self, gap: Gap) {
        let is_grade = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Grade(_));
        // "…, C7-T1 with …": a level after a comma opens the statement that follows.
        if gap.has(Gap::WITH | Gap::COLON) && self.pending.len() == 1 {
            let item = self.items[self.pending[0] as usize];
            if matches!(item.kind, Kind::Levels(_))
                && item.gap.has(Gap::COMMA | Gap::SEMICOLON)
                && !item.gap.has(Gap::AT)
            {
                self.fresh = true;
                return;
            }
        }
        if !(gap.has(Gap::COLON) || self.fresh && !gap.has(Gap::HARD)) || self.pending.iter().any(is_grade) {
            self.leave_behind();
        }
        self.fresh |= gap.has(Gap::HARD);
    }

    /// "moderate, no …": grades do not reach over a denial, sides and levels do.
    fn leave_grades(&mut self) {
        if self.fresh || self.heads.is_empty() {
            return;
        }
        let is_grade = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Grade(_));
        if let Some(last) = self.pending.iter().rposition(is_grade) {
            self.leave(last + 1);
        }
    }
}
