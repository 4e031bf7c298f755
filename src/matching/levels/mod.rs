//! The grammar of levels: interspaces, ranges and lists of them, lone vertebrae and roots.
//!
//! It starts where a vertebra may be named, and reads on: `L4-5`, `L4/L5`, `l five s one`, `C3-C7`,
//! `L2-3 through L5-S1`, `T10 to the pelvis`, `L3-L4, L4-L5 and L5-S1`. Ranges are enumerated, one level each, as the annotation
//! guide asks. `T1` and `T2` beside the words of a pulse sequence are no vertebrae.

mod grammar;

use smallvec::SmallVec;

use crate::model::Level;
use crate::text::FoldSpan;

use super::vocabulary::WordKey;
use super::words::{FunctionWords, is_word_byte};
use grammar::Reader;

/// The levels named at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelMention {
    /// Where they are named.
    pub span: FoldSpan,
    /// The levels, in the order named; ranges enumerated.
    pub levels: SmallVec<[Level; 4]>,
    /// Whether every one is a lone vertebra or root.
    pub single: bool,
}

/// Whether the name of a vertebra may start with a word that ends at `end` of a text: `l4`, `l 4`, `l four`; dorsal `d11`
/// for thoracic. The grammar decides.
pub(super) fn may_name_vertebra(text: &[u8], end: usize, word: WordKey) -> bool {
    // The rarer test first: a third of all words start with one of these letters, and no branch foretells which.
    let is_short = word.second().is_ascii_digit()
        || word.len() == 1 && matches!(text.get(end..), Some([b' ', next, ..]) if is_word_byte(*next));
    is_short && matches!(word.first(), b'c' | b'd' | b't' | b'l' | b's')
}

/// Reads the levels that start at the places `starts`, in order, into `found`.
/// No mention runs across one of the offsets `ends`, at which sentences end, in order.
pub fn read_levels(
    text: &[u8],
    words: &FunctionWords,
    starts: &[u32],
    ends: impl Iterator<Item = u32> + Clone,
    found: &mut Vec<LevelMention>,
) {
    let (first, sentences) = (found.len(), ends.clone());
    let mut ends = ends.map(|end| end as usize).peekable();
    let mut done = 0;
    for &start in starts {
        if start < done {
            continue;
        }
        while ends.next_if(|&end| end <= start as usize).is_some() {}
        let end = ends.peek().copied().unwrap_or(text.len()).min(text.len());
        let reader = Reader { text: &text[..end], words };
        let Some(mention) = reader.mention(start as usize) else { continue };
        done = mention.span.end;
        // "R 2, L 1": a lone digit after a blank is no vertebra, "L 4-5" is a slip of the keyboard.
        let (start, digit) = (mention.span.start as usize, mention.span.start as usize + 2);
        if mention.single && text[start + 1] == b' ' && text.get(digit).is_some_and(u8::is_ascii_digit) {
            continue;
        }
        if !reader.is_sequence(&mention) {
            found.push(mention);
        }
    }
    join_pairs(text, &sentences, first, found);
}

/// "no stenosis at L3-4, L4-5 has …": parts the last level from a list that nothing but a comma joins it to, where it opens
/// a statement; whether it does `opens` tells of the list.
pub fn part_lists(
    text: &[u8],
    words: &FunctionWords,
    opens: impl Fn(&LevelMention) -> bool,
    levels: &mut Vec<LevelMention>,
) {
    for at in (0..levels.len()).rev() {
        let listed = &levels[at];
        if listed.single || listed.levels.len() < 2 {
            continue;
        }
        let (start, end) = (listed.span.start as usize, listed.span.end as usize);
        let named = text.get(start..end).unwrap_or_default();
        let Some(comma) = named.iter().rposition(|&byte| byte == b',') else { continue };
        let blanks = named[comma + 1..].iter().take_while(|&&byte| byte == b' ').count();
        let reader = Reader { text: text.get(..end).unwrap_or_default(), words };
        let Some(last) = reader.mention(start + comma + 1 + blanks) else { continue };
        let is_last = last.span.end as usize == end && !last.single && last.levels.len() == 1;
        if is_last && listed.levels.last() == last.levels.last() && opens(listed) {
            levels[at].span = FoldSpan::new(start as u32, (start + comma) as u32);
            levels[at].levels.pop();
            levels.insert(at + 1, last);
        }
    }
}

/// "L three L four disc bulge": two vertebrae said one right after the other name the interspace between them; three are a
/// list. `first` is the first mention that was read, `ends` are the offsets at which sentences end.
fn join_pairs(
    text: &[u8],
    ends: &(impl Iterator<Item = u32> + Clone),
    first: usize,
    found: &mut Vec<LevelMention>,
) {
    let is_said = |mention: &LevelMention| {
        mention.single
            && mention.levels.len() == 1
            && !text[mention.span.range()].iter().any(u8::is_ascii_digit)
    };
    let follows = |a: &LevelMention, b: &LevelMention| {
        is_said(a)
            && is_said(b)
            && a.span.end + 1 == b.span.start
            && !ends.clone().any(|end| a.span.start < end && end <= b.span.start)
    };
    let mut at = first;
    while at + 1 < found.len() {
        let mut last = at;
        while found.get(last + 1).is_some_and(|next| follows(&found[last], next)) {
            last += 1;
        }
        if last == at + 1 {
            let (upper, lower) = (found[at].levels[0].upper(), found[last].levels[0].upper());
            if let Some(level) = Level::interspace(upper, lower).filter(|_| upper.below() == Some(lower)) {
                found[at].span = found[at].span.union(found[last].span);
                found[at].levels[0] = level;
                found[at].single = false;
                found.remove(last);
                last = at;
            }
        }
        at = last + 1;
    }
}
