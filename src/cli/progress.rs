//! How far a run is: a bar on a terminal's standard error, a line every half minute in a log.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use anstyle::AnsiColor;
use indicatif::{DecimalBytes, HumanCount, HumanDuration, ProgressBar, ProgressStyle};

use crate::batch::Step;
use crate::io::Meter;

use super::complain;

/// With the size of all inputs known.
const BAR: &str = "{bar:24} {percent:>3}% · {msg}";

/// With no size known.
const SPINNER: &str = "{spinner} {msg}";

/// How often a log gets a line.
const LINE_EVERY: Duration = Duration::from_secs(30);

/// How often the words beside the bar change.
const WORDS_EVERY: Duration = Duration::from_millis(200);

/// The progress of a run.
pub(super) struct Progress {
    /// Hidden where there is no terminal.
    bar: ProgressBar,
    /// Whether lines are printed.
    has_lines: bool,
    told: Instant,
    meter: Meter,
    counts: Counts,
}

impl Progress {
    /// Begins; `size` is the bytes of all inputs as they stand on the disk, where it is known, and `meter` counts
    /// those that were read.
    pub(super) fn new(size: Option<u64>, meter: Meter, is_quiet: bool) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = match size {
            _ if is_quiet || !is_terminal => ProgressBar::hidden(),
            Some(size) => ProgressBar::new(size),
            None => ProgressBar::no_length(),
        };
        let template = if size.is_some() { BAR } else { SPINNER };
        // A test reads both templates.
        bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        bar.enable_steady_tick(WORDS_EVERY);
        let has_lines = !is_quiet && !is_terminal;
        Self { bar, has_lines, told: Instant::now(), meter, counts: Counts::new(size) }
    }

    /// Counts what was done.
    pub(super) fn add(&mut self, step: &Step<'_>) {
        self.counts.add(step, self.meter.bytes());
        self.bar.set_position(self.counts.read);
        let every = if self.has_lines { LINE_EVERY } else { WORDS_EVERY };
        if self.told.elapsed() < every {
            return;
        }
        self.told = Instant::now();
        if self.has_lines {
            complain("progress", AnsiColor::Cyan, &self.counts.words(self.counts.began.elapsed()));
        } else if !self.bar.is_hidden() {
            self.bar.set_message(self.counts.words(self.counts.began.elapsed()));
        }
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

/// What was done so far.
struct Counts {
    /// Bytes of all inputs, and of what was read of them, as they stand on the disk.
    size: Option<u64>,
    read: u64,
    /// When the first record was audited, and what was read then: the parts that were done before.
    began: Instant,
    before: u64,
    /// Bytes that were audited, unpacked.
    audited: u64,
    notes: u64,
    gaps: u64,
    rejects: u64,
}

impl Counts {
    fn new(size: Option<u64>) -> Self {
        let began = Instant::now();
        Self { size, read: 0, began, before: 0, audited: 0, notes: 0, gaps: 0, rejects: 0 }
    }

    fn add(&mut self, step: &Step<'_>, read: u64) {
        self.read = read;
        match step {
            Step::Again => (self.began, self.before) = (Instant::now(), read),
            Step::Audited(audited) => {
                self.audited += audited.read;
                self.notes += audited.summary.notes;
                self.gaps += audited.summary.gaps.values().map(|count| count.gaps).sum::<u64>();
                self.rejects += audited.rejects.len() as u64;
            }
        }
    }

    /// All of it in words, `time` after the first record.
    fn words(&self, time: Duration) -> String {
        if self.notes + self.rejects == 0 {
            return format!("reading {} again that was audited before", DecimalBytes(self.read));
        }
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
        let a_second = |count: u64| count.saturating_mul(1000) / millis;
        let mut words = format!(
            "{} notes · {} read · {} notes/s · {}/s · {} gaps · {} rejects",
            HumanCount(self.notes),
            DecimalBytes(self.read),
            HumanCount(a_second(self.notes)),
            DecimalBytes(a_second(self.audited)),
            HumanCount(self.gaps),
            HumanCount(self.rejects),
        );
        let left = self.size.map(|size| size.saturating_sub(self.read));
        let speed = a_second(self.read.saturating_sub(self.before));
        if let Some(seconds) = left.and_then(|left| left.checked_div(speed)) {
            words.push_str(" · ");
            words.push_str(&HumanDuration(Duration::from_secs(seconds)).to_string());
            words.push_str(" left");
        }
        words
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

    #[test]
    fn what_is_left_is_judged_by_what_was_audited() {
        let mut counts = Counts::new(Some(10_000_000));
        counts.add(&Step::Again, 4_000_000);
        assert_eq!(counts.words(Duration::ZERO), "reading 4.00 MB again that was audited before");
        (counts.notes, counts.gaps, counts.audited) = (1500, 7, 9_000_000);
        counts.read += 2_000_000;
        assert_eq!(
            counts.words(Duration::from_secs(2)),
            "1,500 notes · 6.00 MB read · 750 notes/s · 4.50 MB/s · 7 gaps · 0 rejects · 4 seconds left"
        );
        counts.size = None;
        assert!(!counts.words(Duration::from_secs(2)).contains("left"));
    }
}
