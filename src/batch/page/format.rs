//! Figures and words as people read them.

use std::fmt::Write as _;

use crate::checks::{capitalised, words};

/// A count with its thousands apart: 12,345.
pub(super) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count in at most five characters: 1234, 56k, 7.8M.
#[expect(clippy::cast_precision_loss, reason = "a few digits are shown")]
pub(super) fn compact(n: u64) -> String {
    const UNITS: &[(u64, &str)] = &[(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")];
    if n < 10_000 {
        return n.to_string();
    }
    let (unit, letter) = UNITS.iter().find(|(unit, _)| n >= *unit).copied().unwrap_or((1, ""));
    if n < 10 * unit {
        format!("{:.1}{letter}", n as f64 / unit as f64)
    } else {
        format!("{}{letter}", n / unit)
    }
}

/// A rate: 84.2%, or a dash where there is none.
pub(super) fn rate(percent: Option<f64>) -> String {
    percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent:.1}%"))
}

/// Bytes in the unit that suits them: 3.2 MB.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub(super) fn bytes(n: u64) -> String {
    const UNITS: &[(u64, &str)] = &[(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let unit = UNITS.iter().find(|(unit, _)| n >= *unit);
    unit.map_or_else(|| format!("{n} bytes"), |(unit, name)| format!("{:.1} {name}", n as f64 / *unit as f64))
}

/// Seconds in the unit that suits them: 1.25 s, 3 min 20 s, 2 h 05 min.
#[expect(clippy::cast_sign_loss, reason = "a negative time is shown as none")]
pub(super) fn seconds(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    match whole {
        0..60 => format!("{seconds:.2} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole / 60 % 60),
    }
}

/// `s` where there are several or none.
pub(super) const fn plural(n: u64) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// A value's name as a heading: `broken_json` is "Broken json".
pub(super) fn heading(name: &str) -> String {
    capitalised(&words(name))
}

/// A text without characters that show nothing or turn the text around them: each of these as its code in brackets.
/// They are allowed in a page, but with them a file's name can pretend to be another (Unicode Technical Report 36).
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to memory cannot fail.
            let _ = write!(out, "[U+{:04X}]", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

fn is_hidden(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let separates = matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    let is_none = c as u32 & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    turns || separates || is_none || c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_people_read_them() {
        let counts = [0, 999, 1_000, 9_999, 10_000, 12_345_678, 4_000_000_000];
        assert_eq!(
            counts.map(count),
            ["0", "999", "1,000", "9,999", "10,000", "12,345,678", "4,000,000,000"].map(String::from)
        );
        assert_eq!(counts.map(compact), ["0", "999", "1000", "9999", "10k", "12M", "4.0G"].map(String::from));
        assert_eq!([7, 3_210, 5_000_000].map(bytes), ["7 bytes", "3.2 kB", "5.0 MB"].map(String::from));
        assert_eq!(
            [0.25, 200.4, 7_500.0].map(seconds),
            ["0.25 s", "3 min 20 s", "2 h 05 min"].map(String::from)
        );
        assert_eq!((rate(Some(7.0)), rate(None)), ("7.0%".to_owned(), "–".to_owned()));
        assert_eq!(heading("broken_json"), "Broken json");
    }

    #[test]
    fn characters_that_show_nothing_are_shown() {
        assert_eq!(visible("a\u{202e}fdp.exe\0\u{85}"), "a[U+202E]fdp.exe[U+0000][U+0085]");
        for kept in ["line\r\n\tend", "שלום", "e\u{301}", "\u{200d}", "骨"] {
            assert_eq!(visible(kept), kept);
        }
    }
}
