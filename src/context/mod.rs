//! What the words around a mention say of it: denied, hedged, past, conditional, another person's.
//!
//! `ConText` (Harkema et al. 2009, after Chapman's `NegEx`, 2001) over our sentences: a cue reaches forward or back to the
//! end of its sentence, to a terminator, to a barrier that the caller knows of, or to the next statement.
//!
//! ```text
//! no bulge, protrusion or stenosis, but the root is touched
//! └┬┘└──────────── absent ────────┘ └┬┘
//!  cue                               terminator
//! ```
//!
//! Where several cues reach one target, the first of these holds ([`Scopes::assess`]):
//!
//! | status | because |
//! | --- | --- |
//! | family | whose it is comes before what is said of it |
//! | hypothetical | "return if there is no relief" denies nothing |
//! | absent | "no history of X", "no possible X", "no prior X" deny X |
//! | historical | "history of possible X" is past |
//! | possible | |
//! | what the section gives | consent is hypothetical, past history historical, family history the family's |

mod reach;

use std::ops::RangeInclusive;

use smallvec::SmallVec;

use crate::lexicon::{Concept, Word};
use crate::matching::Token;
use crate::model::{Mention, SectionKind, Status};
use crate::segment::Layout;
use crate::text::{FoldSpan, Folded};

/// The reach of one cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// What it says of its targets.
    pub status: Status,
    /// The cue's words.
    pub cue: FoldSpan,
    /// What it reaches.
    pub reach: FoldSpan,
}

/// What is said of a target, and the cue and its reach as the explanation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assertion {
    /// What is said.
    pub status: Status,
    /// Why; `None` for what is present for want of a cue, or given by its section.
    pub scope: Option<Scope>,
}

/// The scopes of one sentence.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    cued: SmallVec<[Scope; 6]>,
    default: Status,
    /// The year that the sentence opens with, and what it reaches.
    then: Option<Scope>,
}

impl Scopes {
    /// Reads the cues of a sentence.
    ///
    /// `tokens` are those of the note, or of the sentence alone; `mentions` are those of the sentence, in order, none of the
    /// cues inside another; only cues and terminators are read. `barriers` are offsets at which the reach of cues ends besides the terminators of
    /// the lexicon, in order.
    pub fn read(
        folded: &Folded<'_>,
        tokens: &[Token],
        sentence: FoldSpan,
        section: SectionKind,
        mentions: &[Mention<Concept>],
        barriers: &[u32],
    ) -> Self {
        Self {
            cued: reach::scopes(folded, tokens, sentence, mentions, barriers),
            default: section_default(section),
            then: None,
        }
    }

    /// "In 2019 there was only a small protrusion": a year that opens a sentence puts what it tells into the past. `tokens`
    /// are those of the sentence, `mentions` as for [`Self::read`].
    pub fn date(&mut self, folded: &Folded<'_>, tokens: &[Token], mentions: &[Mention<Concept>]) {
        // "L4-5: In 2019 …"
        let colon = tokens.iter().position(|token| folded.bytes().get(token.start as usize) == Some(&b':'));
        let tokens = tokens.get(colon.map_or(0, |colon| colon + 1)..).unwrap_or_default();
        let [opens, year, .., last] = tokens else { return };
        let digits = folded.slice(FoldSpan::new(year.start, year.end)).parse();
        if opens.class.word == Some(Word::Of) && digits.is_ok_and(|year: u16| YEARS.contains(&year)) {
            let cue = FoldSpan::new(opens.start, year.end);
            let ends = |m: &&Mention<Concept>| m.concept == Concept::Terminator && m.span.start > cue.end + 1;
            let end = mentions.iter().find(ends).map_or(last.end, |m| m.span.start);
            let reach = FoldSpan::new(cue.end, end);
            self.then = Some(Scope { status: Status::Historical, cue, reach });
        }
    }

    /// Drops what some cues say, which take back words and deny nothing.
    pub fn drop_cues(&mut self, cues: &[FoldSpan]) {
        self.cued.retain(|scope| !cues.contains(&scope.cue));
    }

    /// What the sentence tells is past, where no cue says otherwise.
    pub fn suppose_past(&mut self) {
        self.default = Status::Historical;
    }

    /// Words that deny what they are read as: roots that "are free" are not compressed.
    pub fn deny(&mut self, words: &[FoldSpan]) {
        self.cued.extend(words.iter().map(|&cue| Scope { status: Status::Absent, cue, reach: cue }));
    }

    /// Whether a target is denied of an earlier time alone, which says nothing of now.
    pub fn is_denied_of_then(&self, target: FoldSpan) -> bool {
        self.then.is_some_and(|then| then.reach.overlaps(target))
            && self.assess(target).status == Status::Absent
    }

    /// Whether any words deny: without them nothing is said to be absent.
    pub fn has_denial(&self) -> bool {
        self.cued.iter().any(|scope| scope.status == Status::Absent)
    }

    /// What is said of a target of this sentence.
    pub fn assess(&self, target: FoldSpan) -> Assertion {
        let given = Assertion { status: self.default, scope: None };
        if self.cued.is_empty() && self.then.is_none() {
            return given;
        }
        let then = self.then.filter(|then| then.reach.overlaps(target));
        let cued = self
            .reaching(target)
            .chain(then.as_ref())
            .map(|&scope| Assertion { status: scope.status, scope: Some(scope) });
        // The first of equals holds, so that the words are preferred to the section as the explanation.
        cued.chain([given]).min_by_key(|a| precedence(a.status)).unwrap_or_default()
    }

    /// The scopes that reach a target, in the order of their cues. A cue inside a target bears on it only where
    /// the target starts with the cue.
    pub fn reaching(&self, target: FoldSpan) -> impl Iterator<Item = &Scope> {
        let starts = move |scope: &Scope| scope.cue.start.min(scope.reach.start) <= target.start;
        self.cued.iter().filter(move |scope| starts(scope) && scope.reach.overlaps(target))
    }

    /// All scopes, for explanation.
    pub fn all(&self) -> &[Scope] {
        &self.cued
    }
}

/// What the cues of a note say of any place in it. `cues` are the mentions of [`crate::lexicon::Layer::Cue`] in the whole note, in
/// order, none inside another.
pub fn assess_in(
    folded: &Folded<'_>,
    tokens: &[Token],
    layout: &Layout,
    cues: &[Mention<Concept>],
    target: FoldSpan,
) -> Assertion {
    let Some((_, sentence)) = layout.sentence_at(target.start) else { return Assertion::default() };
    let section = layout.sections.get(sentence.section as usize).map_or(SectionKind::Unknown, |s| s.kind);
    if !sentence.span.overlaps(target) {
        return Assertion { status: section_default(section), scope: None };
    }
    let first = cues.partition_point(|m| m.span.start < sentence.span.start);
    let last = cues.partition_point(|m| m.span.start < sentence.span.end);
    let cues = cues.get(first..last).unwrap_or_default();
    Scopes::read(folded, tokens, sentence.span, section, cues, &[]).assess(target)
}

/// The years that a note can tell of.
const YEARS: RangeInclusive<u16> = 1950..=2099;

const fn precedence(status: Status) -> u8 {
    match status {
        Status::Family => 0,
        Status::Hypothetical => 1,
        Status::Absent => 2,
        Status::Historical => 3,
        Status::Possible => 4,
        Status::Present => 5,
    }
}

/// What is said of all that stands in a section, for want of a cue.
const fn section_default(section: SectionKind) -> Status {
    match section {
        SectionKind::FamilyHistory => Status::Family,
        SectionKind::PastHistory => Status::Historical,
        // What a key to grades spells out is found in nobody.
        SectionKind::Consent | SectionKind::Key => Status::Hypothetical,
        _ => Status::Present,
    }
}
