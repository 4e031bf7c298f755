//! Sections and sentences of a note that was edited: those of the sections that an edit can reach are cut again.
//!
//! A heading on the line after an empty one starts afresh, whatever stands above it, so that reading can begin there, and
//! can end where such a heading is met after the edit that was one before.

use super::lines;
use super::reader::Reader;
use super::{Layout, Section, Sentence};
use crate::lexicon::Concept;
use crate::model::{Mention, SectionKind};
use crate::text::{FoldSpan, Folded, Moved};

/// Finds sections and sentences of a note again: `layout` are those of its folded view before `edit`. `marks` are as for
/// [`super::segment`].
pub fn segment_again(
    folded: &Folded<'_>,
    marks: &[Mention<Concept>],
    layout: &Layout,
    edit: Moved,
) -> Layout {
    let is_read = |reader: &mut Reader<'_, '_>, line: usize| rejoined(reader, line, layout, edit);
    let Some(first) = Fresh::before(folded, layout, edit) else {
        return Reader::new(folded, marks).read_until(0, is_read);
    };
    let mut kept = Layout { sections: layout.sections[..first.section].to_vec(), sentences: Vec::new() };
    let sentences = layout.sentences.partition_point(|s| (s.section as usize) < first.section);
    kept.sentences.extend_from_slice(&layout.sentences[..sentences]);
    Reader::after(folded, marks, kept).read_until(first.line, is_read)
}

/// A heading that starts afresh.
struct Fresh {
    /// Its section.
    section: usize,
    /// Its line, by the number of the break before it, from 1.
    line: usize,
}

impl Fresh {
    /// The last that stands before an edit with a line between.
    fn before(folded: &Folded<'_>, layout: &Layout, edit: Moved) -> Option<Self> {
        let breaks = folded.breaks();
        let last = breaks.partition_point(|b| b.next < edit.start);
        // The line after it is to stand before the edit, too.
        (1..last).rev().find_map(|line| {
            let start = breaks.get(line - 1)?.next;
            let section = opened_at(layout, start)?;
            is_fresh(folded, line).then_some(Self { section, line })
        })
    }
}

/// The section whose heading's line starts at a place.
fn opened_at(layout: &Layout, start: u32) -> Option<usize> {
    let before = layout.sections.partition_point(|section| section.body.end < start);
    let found = layout.sections[before..].iter().take_while(|section| section.body.end == start).count();
    let section = before + found;
    let is_key = |section: &Section| section.kind == SectionKind::Key;
    let heads = |section: &Section| !section.heading.is_empty() && !is_key(section);
    // A key to grades gives way to what it has interrupted.
    let follows = found > 0 && !layout.sections[before..section].iter().any(is_key);
    (follows && layout.sections.get(section).is_some_and(heads)).then_some(section)
}

/// Whether what stands on a line does not depend on how the lines above it were read, when it opens a section.
fn is_fresh(folded: &Folded<'_>, line: usize) -> bool {
    let breaks = folded.breaks();
    let Some(end) = line.checked_sub(1).and_then(|i| breaks.get(i)).filter(|b| b.blank_line && !b.joined)
    else {
        return false;
    };
    let previous = line.checked_sub(2).and_then(|i| breaks.get(i)).map_or(0, |b| b.next as usize);
    let above = folded.bytes().get(previous..end.next as usize).unwrap_or_default();
    // An empty line ends the block above, so that its width is of no account.
    !above.contains(&b'|') && !lines::continues(folded, *end, previous, lines::Block::default())
}

/// Ends reading before a line where the sections that there were go on from there, and puts them in.
fn rejoined(reader: &mut Reader<'_, '_>, line: usize, old: &Layout, edit: Moved) -> bool {
    let folded = reader.folded();
    let Some(start) = line.checked_sub(1).and_then(|i| folded.breaks().get(i)).map(|b| b.next) else {
        return false;
    };
    // The line above is to stand after the edit, too.
    let above = line.checked_sub(2).and_then(|i| folded.breaks().get(i)).map_or(0, |b| b.next);
    if above <= edit.new_end || !is_fresh(folded, line) {
        return false;
    }
    let was = start - edit.new_end + edit.old_end;
    let Some(section) = opened_at(old, was) else { return false };
    if section == 0 || old.sections[section - 1].kind != reader.kind() {
        return false;
    }
    let sentences = old.sentences.partition_point(|s| (s.section as usize) < section);
    let moved = |span: FoldSpan| {
        if span.is_empty() && span.start == 0 {
            span
        } else {
            FoldSpan::new(edit.at(span.start), edit.at(span.end))
        }
    };
    let sections = old.sections[section..].iter().map(|s| Section {
        heading: moved(s.heading),
        body: moved(s.body),
        ..*s
    });
    reader.close(start as usize);
    let (layout, next_line) = reader.layout_mut();
    let (number, first_line) =
        (layout.sections.len() as u32, old.sentences.get(sentences).map_or(0, |s| s.line));
    layout.sections.extend(sections);
    layout.sentences.extend(old.sentences[sentences..].iter().map(|s| Sentence {
        span: moved(s.span),
        section: s.section - section as u32 + number,
        line: s.line - first_line + next_line,
        cell: s.cell.map(|cell| super::Cell { header: moved(cell.header), row: moved(cell.row) }),
        ..*s
    }));
    true
}
