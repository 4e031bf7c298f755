//! How far a run is, on a terminal's standard error; nothing elsewhere.

use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use crate::batch::Part;

/// With the size of all inputs known.
const BAR: &str = "{bar:32} {percent:>3}% · {msg} · {bytes_per_sec} · {eta} left";

/// With no size known.
const SPINNER: &str = "{spinner} {msg} · {bytes} · {bytes_per_sec} · {elapsed}";

/// The progress of a run.
pub(super) struct Progress {
    bar: ProgressBar,
    notes: u64,
    gaps: u64,
    rejects: u64,
}

impl Progress {
    /// Begins; `size` is the bytes of all inputs, where it is known.
    pub(super) fn new(size: Option<u64>) -> Self {
        let bar = size.map_or_else(ProgressBar::no_length, ProgressBar::new);
        let template = if size.is_some() { BAR } else { SPINNER };
        // A test reads both templates.
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, notes: 0, gaps: 0, rejects: 0 }
    }

    /// Counts what was done.
    pub(super) fn add<R>(&mut self, part: &Part<R>) {
        self.notes += part.summary.notes;
        self.gaps += part.summary.gaps.values().map(|count| count.gaps).sum::<u64>();
        self.rejects += part.rejects.len() as u64;
        self.bar.inc(part.read);
        let [notes, gaps, rejects] = [self.notes, self.gaps, self.rejects].map(HumanCount);
        self.bar.set_message(format!("{notes} notes · {gaps} gaps · {rejects} rejects"));
    }

    /// Does `print`, which prints on standard error, without leaving half a bar behind.
    pub(super) fn aside(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_read() {
        for template in [BAR, SPINNER] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
