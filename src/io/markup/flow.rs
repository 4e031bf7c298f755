//! Words laid out in lines, as blocks, breaks, lists and tables say.
//!
//! A table row is one line with ` | ` between its cells, as people type tables into notes; where a cell has several
//! lines the table only arranges the page, and each cell is a block.
//!
//! ```text
//! words("a"), row, cell, words("b"), cell, words("c"), end row   ─▶   a⏎b | c
//! ```

use crate::io::document::push_readable;

/// Tables within tables, at most; those further in are read as blocks.
const DEEPEST_TABLE: usize = 16;

/// A text being laid out.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    page: Column,
    /// The tables that are open, the innermost last, each with the row that is open in it.
    tables: Vec<Option<Row>>,
    /// Open tables beyond the deepest.
    buried: usize,
    /// The lists that are open, the innermost last: the number of the last item, where items have numbers.
    lists: Vec<Option<u32>>,
}

#[derive(Debug, Default)]
struct Row {
    cells: Vec<String>,
    open: Option<Column>,
}

impl Flow {
    /// Adds words; any run of white space is one blank.
    pub(crate) fn words(&mut self, text: &str) {
        self.column().words(text);
    }

    /// Adds words with their blanks and line ends as they stand.
    pub(crate) fn kept(&mut self, text: &str) {
        self.column().kept(text);
    }

    /// What follows stands on another line.
    pub(crate) fn line(&mut self) {
        self.column().part(1);
    }

    /// An empty line stands before what follows.
    pub(crate) fn block(&mut self) {
        self.column().part(2);
    }

    /// Ends the line, even an empty one.
    pub(crate) fn line_break(&mut self) {
        let column = self.column();
        column.part((column.breaks + 1).min(2));
    }

    pub(crate) fn open_list(&mut self, numbered: bool) {
        self.line();
        self.lists.push(numbered.then_some(0));
    }

    pub(crate) fn close_list(&mut self) {
        self.lists.pop();
        self.line();
    }

    /// Starts an item of the innermost list.
    pub(crate) fn item(&mut self) {
        self.line();
        let number = self.lists.last_mut().and_then(Option::as_mut).map(|number| {
            *number = number.saturating_add(1);
            *number
        });
        self.column().mark(&number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. ")));
    }

    pub(crate) fn open_table(&mut self) {
        self.line();
        if self.tables.len() < DEEPEST_TABLE {
            self.tables.push(None);
        } else {
            self.buried += 1;
        }
    }

    pub(crate) fn close_table(&mut self) {
        if self.buried > 0 {
            self.buried -= 1;
        } else if !self.tables.is_empty() {
            self.close_row();
            self.tables.pop();
        }
        self.line();
    }

    /// Starts a row; one that is still open ends.
    pub(crate) fn open_row(&mut self) {
        self.close_row();
        match self.tables.last_mut() {
            Some(row) if self.buried == 0 => *row = Some(Row::default()),
            _ => self.line(),
        }
    }

    /// Ends the row that is open in the innermost table, if there is one.
    pub(crate) fn close_row(&mut self) {
        self.close_cell();
        if self.buried > 0 {
            return self.line();
        }
        if let Some(row) = self.tables.last_mut().and_then(Option::take) {
            row.write(self.column());
        }
    }

    /// Starts a cell; one that is still open ends.
    pub(crate) fn open_cell(&mut self) {
        self.close_cell();
        match self.row() {
            Some(row) => row.open = Some(Column::default()),
            None => self.words(" "),
        }
    }

    pub(crate) fn close_cell(&mut self) {
        if let Some(row) = self.row()
            && let Some(cell) = row.open.take()
        {
            row.cells.push(cell.finish());
        }
    }

    /// Whether a cell is open in the innermost table.
    pub(crate) fn in_cell(&mut self) -> bool {
        self.row().is_some_and(|row| row.open.is_some())
    }

    /// The text, with all that is still open ended.
    pub(crate) fn finish(mut self) -> String {
        self.buried = 0;
        while !self.tables.is_empty() {
            self.close_table();
        }
        self.page.finish()
    }

    fn row(&mut self) -> Option<&mut Row> {
        self.tables.last_mut().filter(|_| self.buried == 0)?.as_mut()
    }

    /// Where words go: the innermost open cell, or the page.
    fn column(&mut self) -> &mut Column {
        let mut rows = self.tables.iter_mut().rev().flatten();
        rows.find_map(|row| row.open.as_mut()).unwrap_or(&mut self.page)
    }
}

impl Row {
    fn write(self, column: &mut Column) {
        let cells: Vec<&str> = self.cells.iter().map(|cell| cell.trim()).collect();
        if cells.iter().any(|cell| cell.contains('\n')) {
            for cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
                column.part(2);
                column.kept(cell);
            }
            return column.part(2);
        }
        let last = cells.iter().rposition(|cell| !cell.is_empty());
        let Some(cells) = last.and_then(|last| cells.get(..=last)) else { return };
        column.part(1);
        match cells {
            // A label and its value are no table.
            [label, value] if label.ends_with(':') => column.kept(&format!("{label} {value}")),
            cells => column.kept(&cells.join(" | ")),
        }
        column.part(1);
    }
}

/// Text in one column.
#[derive(Debug, Default)]
struct Column {
    out: String,
    /// Line ends before the next word.
    breaks: u8,
    /// Whether a blank stands before the next word.
    spaced: bool,
    /// Whether a list mark stands before the next word, so that no line ends here.
    marked: bool,
}

impl Column {
    fn words(&mut self, text: &str) {
        let is_blank = |c: char| c.is_ascii_whitespace();
        for (index, word) in text.split(is_blank).enumerate() {
            self.spaced |= index > 0;
            if !word.is_empty() {
                self.push(word);
            }
        }
    }

    fn kept(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 && !self.out.is_empty() {
                self.start();
                self.out.push('\n');
            }
            let line = line.strip_suffix('\r').unwrap_or(line);
            if !line.is_empty() {
                self.push(line);
            }
        }
    }

    /// Adds text of one line, after the line ends and the blank that are due.
    fn push(&mut self, text: &str) {
        self.start();
        if std::mem::take(&mut self.spaced) && !self.out.is_empty() && !self.out.ends_with(['\n', ' ']) {
            self.out.push(' ');
        }
        push_readable(&mut self.out, text);
    }

    /// At least so many line ends stand before the next word.
    fn part(&mut self, breaks: u8) {
        if !self.marked {
            self.breaks = self.breaks.max(breaks);
        }
    }

    fn mark(&mut self, mark: &str) {
        self.start();
        self.out.push_str(mark);
        self.marked = true;
    }

    /// Writes the line ends that are due.
    fn start(&mut self) {
        self.marked = false;
        let breaks = std::mem::take(&mut self.breaks);
        if breaks == 0 || self.out.is_empty() {
            return;
        }
        self.spaced = false;
        self.out.truncate(self.out.trim_end_matches([' ', '\t']).len());
        let written = self.out.bytes().rev().take_while(|&byte| byte == b'\n').take(2).count();
        self.out.extend((written..usize::from(breaks)).map(|_| '\n'));
    }

    fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(write: impl FnOnce(&mut Flow)) -> String {
        let mut flow = Flow::default();
        write(&mut flow);
        flow.finish()
    }

    fn row(flow: &mut Flow, cells: &[&str]) {
        flow.open_row();
        for cell in cells {
            flow.open_cell();
            flow.words(cell);
        }
    }

    #[test]
    fn words_flow_and_blocks_part_them() {
        let text = laid_out(|flow| {
            flow.words("  a\n b");
            flow.words("c ");
            flow.words("\td");
            flow.block();
            flow.line();
            flow.words(" e");
            flow.line_break();
            flow.words("f");
            flow.line_break();
            flow.line_break();
            flow.line_break();
            flow.words("g\u{a0}\u{7}h ");
            flow.block();
        });
        assert_eq!(text, "a bc d\n\ne\nf\n\ng h");
    }

    #[test]
    fn kept_text_keeps_its_lines() {
        let text = laid_out(|flow| {
            flow.kept("\r\n  a\r\n\r\n\n b  ");
            flow.line();
            flow.words("c");
        });
        assert_eq!(text, "  a\n\n\n b\nc");
    }

    #[test]
    fn items_stand_on_lines_of_their_own() {
        let text = laid_out(|flow| {
            flow.words("a");
            flow.open_list(true);
            flow.item();
            flow.block();
            flow.words("b");
            flow.item();
            flow.words("c");
            flow.open_list(false);
            flow.item();
            flow.words("d");
            flow.close_list();
            flow.close_list();
            flow.words("e");
        });
        assert_eq!(text, "a\n1. b\n2. c\n- d\ne");
    }

    #[test]
    fn rows_are_lines_unless_a_cell_has_several() {
        let text = laid_out(|flow| {
            flow.open_table();
            row(flow, &["Level", "Left", "Right"]);
            row(flow, &["L4-5", "", "mild", ""]);
            row(flow, &["Level:", "L4-5"]);
            row(flow, &["", ""]);
            flow.close_table();
            flow.words("z");
        });
        assert_eq!(text, "Level | Left | Right\nL4-5 |  | mild\nLevel: L4-5\nz");
        let page = laid_out(|flow| {
            flow.open_table();
            flow.open_row();
            flow.open_cell();
            flow.words("a");
            flow.block();
            flow.words("b");
            flow.open_table();
            row(flow, &["c", "d"]);
            flow.close_table();
            flow.open_cell();
            flow.words("e");
        });
        assert_eq!(page, "a\n\nb\nc | d\n\ne");
    }

    #[test]
    fn what_is_left_open_or_out_of_place_is_text_still() {
        assert_eq!(laid_out(Flow::close_table), "");
        let text = laid_out(|flow| {
            flow.close_cell();
            flow.close_row();
            flow.close_list();
            flow.open_cell();
            flow.words("a");
            flow.open_cell();
            flow.words("b");
        });
        assert_eq!(text, "a b");
        let deep = laid_out(|flow| {
            for _ in 0..100_000 {
                flow.open_table();
                flow.open_row();
                flow.open_cell();
            }
            flow.words("a");
            flow.close_table();
            flow.words("b");
        });
        assert_eq!(deep, "a\nb");
    }
}
