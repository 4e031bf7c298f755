//! The pass over the modifiers of an anchor that makes groups of them: "severe right", "and moderate left".

use smallvec::SmallVec;

use crate::lexicon::{LevelWord, SideForm, Word};
use crate::model::{FindingKind, Side, Status};

use super::gap::Gap;
use super::item::{Grade, Item, Kind};

/// One side with its grade and levels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Group {
    /// The side.
    pub side: Option<Side>,
    /// The grade.
    pub grade: Option<Grade>,
    /// Whether the grade is of an earlier time.
    pub former: bool,
    /// The item that names its levels.
    pub levels: Option<u16>,
    /// The root that is named.
    pub root: Option<u32>,
    /// Whether it is what a denial leaves out: "patent except on the left".
    pub excepted: bool,
    /// All items that gave it something.
    pub items: SmallVec<[u16; 4]>,
}

impl Group {
    fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// The groups of one anchor.
pub(super) type Groups = SmallVec<[Group; 2]>;

/// Reads the modifiers of one anchor, one after the other.
pub(super) struct Grouper<'i> {
    items: &'i [Item],
    tokens: &'i [u16],
    kind: FindingKind,
    groups: Groups,
    current: Group,
    /// Levels that were named before what they are the levels of.
    leading: Option<u16>,
    /// The first group that no level has been given yet.
    open: usize,
    /// The first group that the last level was given to.
    closed: usize,
    /// Whether each level stands before what is said of it: "at L3-4 (moderate) and L4-5 (severe)".
    leads: bool,
    /// A side said before the first of such levels, which is of them all.
    carried: Option<Side>,
}

impl<'i> Grouper<'i> {
    pub(super) fn new(items: &'i [Item], tokens: &'i [u16], kind: FindingKind, leads: bool) -> Self {
        Self {
            items,
            tokens,
            kind,
            groups: Groups::new(),
            current: Group::default(),
            leading: None,
            open: 0,
            leads,
            closed: 0,
            carried: None,
        }
    }

    /// The groups of all that there is.
    pub(super) fn read(mut self) -> Groups {
        for at in 0..self.tokens.len() {
            self.token(at);
        }
        self.finish()
    }

    fn token(&mut self, at: usize) {
        let index = self.tokens[at];
        match self.items[index as usize].kind {
            Kind::Side(side, SideForm::Compared) => self.compared(side, index),
            Kind::Side(side, _) if self.closes(index) => {
                for group in &mut self.groups[self.closed..] {
                    group.side = Some(side);
                    group.items.push(index);
                }
                self.closed = self.groups.len();
            }
            Kind::Side(side, _) => self.side(side, index),
            Kind::Grade(Grade::Ungraded) => {}
            Kind::Grade(Grade::Coded(code)) if code.severity.is_none() => self.grade(Grade::Nil, at),
            Kind::Grade(grade) => self.grade(grade, at),
            Kind::Root(root) => {
                self.current.root = self.current.root.or(Some(root));
                self.current.items.push(index);
            }
            Kind::Levels(_) | Kind::Pointer(_) => self.level(index, at),
            _ => {}
        }
    }

    /// "severe at C4-C5 on the right": a side right after the levels of groups that have none.
    fn closes(&self, index: u16) -> bool {
        let gap = self.items[index as usize].gap;
        self.current.is_empty()
            && self.closed < self.open
            && self.groups[self.closed..].iter().all(|g| g.side.is_none())
            && !gap.has(Gap::COMMA | Gap::AND | Gap::SEMICOLON | Gap::SLASH)
    }

    fn side(&mut self, side: Side, index: u16) {
        match self.current.side {
            Some(there) if there == side => {}
            // "central and left paracentral", said of one disc
            Some(there) if self.kind == FindingKind::DiscDisplacement && self.current.grade.is_none() => {
                self.current.side = Some(there.and(side));
            }
            Some(_) => {
                self.next_group();
                self.current.side = Some(side);
            }
            None => self.current.side = Some(side),
        }
        self.current.items.push(index);
    }

    /// A pair worse on one side is a pair; a disc that bulges more to one side is of that side.
    fn compared(&mut self, side: Side, index: u16) {
        let one_sided = self.kind == FindingKind::DiscDisplacement;
        if self.current.side.is_none() && (one_sided || self.groups.is_empty()) {
            self.current.side = Some(if one_sided { side } else { Side::Bilateral });
            self.current.items.push(index);
        } else if !one_sided && self.current.is_empty() {
            // "mild at L3-4 and moderate at L4-5, R>L" is said of both, "right mild at L3-4, moderate at L4-5 R>L" is not.
            let is_of_all = self.items[index as usize].gap.has(Gap::COMMA)
                && self.groups.iter().all(|group| group.side.is_none());
            let first = if is_of_all { 0 } else { self.groups.len().saturating_sub(1) };
            for group in self.groups[first..].iter_mut().filter(|group| group.side.is_none()) {
                group.side = Some(Side::Bilateral);
                group.items.push(index);
            }
        }
    }

    fn grade(&mut self, grade: Grade, at: usize) {
        let index = self.tokens[at];
        // "foraminal stenosis at L4-5, none at L5-S1": what was said of the level before is said.
        if grade == Grade::Nil && self.current.is_empty() && self.groups.is_empty() && self.denies_next(at) {
            let levels = self.leading.take();
            self.groups.push(Group { levels, ..Group::default() });
            (self.closed, self.open) = (1, 1);
        }
        let former = self.is_former(index);
        let adverb_follows = self.tokens.get(at + 1).is_some_and(|&next| {
            matches!(self.items[next as usize].kind, Kind::Side(_, SideForm::Adverb))
                && !self.items[next as usize].gap.has(Gap::COMMA | Gap::SEMICOLON)
                && !(self.current.side.is_some() && self.opens_pair(at + 1))
        });
        // "no right and mild left": a grade that a new side follows is of that side.
        let next_side = self.tokens.get(at + 1).map(|&next| &self.items[next as usize]);
        let joint = Gap::AND | Gap::BUT | Gap::COMMA | Gap::OPEN | Gap::COLON | Gap::DASH | Gap::SEMICOLON;
        let opens = self.items[index as usize].gap.has(joint)
            && next_side
                .is_some_and(|n| matches!(n.kind, Kind::Side(_, SideForm::Adjective)) && n.gap.is_tight());
        if self.current.grade.is_some() || self.current.side.is_some() && (adverb_follows || opens) {
            let side = self.current.side;
            let was_former = self.current.former;
            self.next_group();
            // "previously mild on the right, now moderate" is of one side.
            if (was_former || former) && !adverb_follows {
                self.current.side = side;
            }
        }
        // "severe on the left at L5-S1, is now mild": what is so now is where it was then.
        if self.current.is_empty()
            && at + 1 == self.tokens.len()
            && let Some(then) = self.groups.last().filter(|then| then.former && then.grade.is_some())
        {
            (self.current.side, self.current.levels) = (then.side, then.levels);
        }
        self.current.grade = Some(grade);
        self.current.former = former;
        self.current.items.push(index);
    }

    /// Whether the grade "none" at a token opens what is said of the level behind it, after a level that was named.
    fn denies_next(&self, at: usize) -> bool {
        let gap = |at: usize| self.tokens.get(at).map(|&i| self.items[i as usize].gap);
        let next = self.tokens.get(at + 1).map(|&i| self.items[i as usize]);
        self.leading.is_some()
            && gap(at).is_some_and(|gap| gap.has(Gap::COMMA | Gap::AND | Gap::BUT))
            && next.is_some_and(|next| matches!(next.kind, Kind::Levels(_)) && next.gap.has(Gap::AT))
    }

    /// "on the right moderate and on the left mild": whether a side after "and" is followed by its grade.
    fn opens_pair(&self, side: usize) -> bool {
        let item = |at: usize| self.tokens.get(at).map(|&i| &self.items[i as usize]);
        item(side).is_some_and(|side| side.gap.has(Gap::AND))
            && item(side + 1).is_some_and(|next| matches!(next.kind, Kind::Grade(_)))
    }

    fn is_former(&self, index: u16) -> bool {
        let formerly =
            |i: usize| self.items.get(i).is_some_and(|item| matches!(item.kind, Kind::Word(Word::Formerly)));
        // "severe before surgery": a cue right behind it, at the end of its clause.
        let dated = |i: usize| {
            let is_end = |item: &Item| {
                matches!(item.kind, Kind::End)
                    || item.gap.has(Gap::COMMA | Gap::AND | Gap::SEMICOLON | Gap::BUT | Gap::CLOSE)
            };
            self.items
                .get(i)
                .is_some_and(|item| matches!(item.kind, Kind::Cue(Status::Historical)) && item.gap.is_tight())
                && self.items.get(i + 1).is_some_and(is_end)
        };
        let index = index as usize;
        dated(index + 1)
            || index > 0 && formerly(index - 1) && self.items[index].gap.content == 0
            || formerly(index + 1)
                && self.items[index + 1].gap.content == 0
                && !self.items[index + 1].gap.has(Gap::COMMA | Gap::SEMICOLON)
    }

    fn level(&mut self, index: u16, at: usize) {
        if matches!(
            self.items[index as usize].kind,
            Kind::Pointer(LevelWord::Multiple | LevelWord::Elsewhere)
        ) {
            return;
        }
        if self.leads && self.leading.is_none() {
            self.carried = self.current.side;
            self.leading = Some(index);
            return;
        }
        // "L3-4 and L4-5 severe, moderate at L2-3": the last level stands after what is said of it.
        if self.leads
            && self.current.grade.is_some()
            && at + 1 == self.tokens.len()
            && self.items[index as usize].gap.has(Gap::AT)
        {
            self.current.levels = Some(index);
            self.next_group();
            return;
        }
        // "left L5-S1 severe; right L5-S1 moderate": the side is of the level that follows it.
        if self.leads && self.current.grade.is_none() && self.current.side.is_some() {
            self.leading = Some(index);
            return;
        }
        if at == 0 || self.leading.is_some() && self.open == self.groups.len() && self.current.is_empty() {
            self.leading = Some(index);
            return;
        }
        if self.leading.is_some() {
            self.next_group();
            self.current.side = self.carried;
            self.leading = Some(index);
            return;
        }
        self.next_group();
        if self.open == self.groups.len() {
            // "stenosis L3-L4 greater than L2-L3": the same said of further levels.
            let mut again = self.groups.last().cloned().unwrap_or_default();
            // "severe at L2-3 on the left and at L4-5 on the right": but the side, where each has its own.
            if self.has_side_next(at) {
                again.side = None;
                again.items.retain(|i| !matches!(self.items[*i as usize].kind, Kind::Side(..)));
            }
            self.groups.push(again);
        }
        // "…; at C7-T1 it is mild": a level that opens a statement stands before what is said of it.
        let gap = self.items[index as usize].gap;
        if self.open == self.groups.len()
            && gap.has(Gap::AT)
            && gap.has(Gap::COMMA | Gap::SEMICOLON | Gap::AND)
        {
            self.leading = Some(index);
            return;
        }
        for group in &mut self.groups[self.open..] {
            group.levels = Some(index);
        }
        self.closed = self.open;
        self.open = self.groups.len();
    }

    /// Whether a side follows the level at a token at once: "at L4-5 on the right".
    fn has_side_next(&self, at: usize) -> bool {
        let next = self.tokens.get(at + 1).map(|&next| &self.items[next as usize]);
        next.is_some_and(|next| {
            matches!(next.kind, Kind::Side(_, SideForm::Adverb))
                && next.gap.content == 0
                && !next.gap.has(Gap::LIST | Gap::HARD)
        })
    }

    fn next_group(&mut self) {
        if !self.current.is_empty() {
            let mut group = std::mem::take(&mut self.current);
            group.levels = group.levels.or(self.leading);
            self.groups.push(group);
        }
    }

    fn finish(mut self) -> Groups {
        self.next_group();
        if self.groups.is_empty() {
            self.groups.push(Group { levels: self.leading, ..Group::default() });
        }
        self.spread_grade();
        self.spread_side();
        self.drop_covered();
        self.groups
    }

    /// "moderate right and left": a grade given once, before two sides, is of both.
    fn spread_grade(&mut self) {
        if let [first, second] = &mut self.groups[..]
            && first.grade.is_some()
            && first.side.is_some()
            && second.grade.is_none()
            && second.side.is_some()
            && second.items.first().is_some_and(|&i| self.items[i as usize].gap.has(Gap::AND | Gap::SLASH))
        {
            second.grade = first.grade;
        }
    }

    /// "right arthropathy, marked at L3-4 and moderate at L4-5": the only side, said first, is of all.
    fn spread_side(&mut self) {
        let mut sides =
            self.tokens.iter().filter(|&&i| matches!(self.items[i as usize].kind, Kind::Side(..)));
        let only = sides.next().filter(|_| sides.next().is_none());
        if only.is_some() && only == self.tokens.first() {
            let side = self.groups[0].side;
            self.groups.iter_mut().for_each(|g| g.side = g.side.or(side));
        }
    }

    /// "bilateral narrowing, moderate on the left and mild on the right": the pair says all.
    fn drop_covered(&mut self) {
        let has = |groups: &Groups, side| groups.iter().any(|g| g.side == Some(side) && g.grade.is_some());
        let covered = has(&self.groups, Side::Left) && has(&self.groups, Side::Right);
        if covered && self.groups.iter().all(|g| g.levels == self.groups[0].levels) {
            self.groups.retain(|g| g.grade.is_some() || !matches!(g.side, None | Some(Side::Bilateral)));
        }
    }
}
