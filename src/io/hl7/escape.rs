//! The text of a field: escapes read, repetitions as lines.
//!
//! ```text
//! L4 \T\ L5\.br\45\XB0\~mild   ─▶   L4 & L5⏎45°⏎mild
//! ```

use super::syntax::Separators;
use crate::io::decode::decode_line;
use crate::io::document::push_readable;

/// The most lines or blanks that one formatting command makes.
const MOST: usize = 80;

/// Adds the text of a field. Escapes that nobody knows stand as they are: text has backslashes too.
pub(super) fn push_text(out: &mut String, field: &str, separators: &Separators) {
    // All that is special is one byte.
    let repetition = separators.repetition as u8;
    let escape_byte = separators.escape.map_or(repetition, |escape| escape as u8);
    let mut rest = field;
    while let Some(at) = memchr::memchr3(b'\r', repetition, escape_byte, rest.as_bytes()) {
        let (before, special) = rest.split_at(at);
        push_readable(out, before);
        let (special, after) = special.split_at(1);
        rest = match special.chars().next() {
            Some('\r') => {
                out.push('\n');
                after.strip_prefix('\n').unwrap_or(after)
            }
            Some(c) if c == separators.repetition => {
                out.push('\n');
                after
            }
            _ => escape(out, after, separators).unwrap_or_else(|| {
                out.push_str(special);
                after
            }),
        };
    }
    push_readable(out, rest);
}

/// Writes what an escape stands for that starts after its first character, and gives what follows it; `None` if it is
/// none that is known.
fn escape<'f>(out: &mut String, text: &'f str, separators: &Separators) -> Option<&'f str> {
    let (sequence, rest) = text.split_once(separators.escape?)?;
    let (&first, more) = sequence.as_bytes().split_first()?;
    match (first, more) {
        (b'F', []) => out.push(separators.field),
        (b'S', []) => out.push(separators.component),
        (b'T', []) => out.push(separators.subcomponent),
        (b'R', []) => out.push(separators.repetition),
        (b'E', []) => out.push(separators.escape?),
        // Highlighting starts and ends.
        (b'H' | b'N', []) => {}
        (b'X', [_, ..]) => push_readable(out, &lines(&decode_line(&bytes(more)?).text)),
        // Another character set starts.
        (b'C' | b'M', [_, ..]) => {
            bytes(more)?;
        }
        (b'.', command) => format(out, command)?,
        _ => return None,
    }
    Some(rest)
}

/// Bytes in hexadecimal digits.
fn bytes(digits: &[u8]) -> Option<Vec<u8>> {
    let pairs = digits.chunks(2).map(|pair| match pair {
        [_, _] => u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok(),
        _ => None,
    });
    pairs.collect()
}

/// Text with one kind of line end.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Does what a formatting command says; `None` if it is none. Margins and centring are no matter of the text.
fn format(out: &mut String, command: &[u8]) -> Option<()> {
    let (name, number) = command.split_at_checked(2)?;
    let number = std::str::from_utf8(number).ok()?.trim();
    let count = if number.is_empty() { Some(1) } else { number.parse::<i32>().ok() };
    let repeated = |text: &str| Some(text.repeat(usize::try_from(count?).unwrap_or(0).min(MOST)));
    match name.to_ascii_lowercase().as_slice() {
        b"br" | b"ce" if number.is_empty() => out.push('\n'),
        b"sp" => out.push_str(&repeated("\n")?),
        b"sk" => out.push_str(&repeated(" ")?),
        b"in" | b"ti" => {
            count?;
        }
        b"fi" | b"nf" if number.is_empty() => {}
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_become_text() {
        let separators =
            Separators { field: '|', component: '^', repetition: '~', escape: Some('\\'), subcomponent: '&' };
        for (field, expected) in [
            ("", ""),
            ("a~b~~c", "a\nb\n\nc"),
            ("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f", "a|b^c&d~e\\f"),
            ("\\H\\bold\\N\\ plain", "bold plain"),
            ("a\\.br\\b\\.BR\\c", "a\nb\nc"),
            ("a\\.sp\\b\\.sp2\\c\\.sp+2\\d", "a\nb\n\nc\n\nd"),
            ("a\\.sk3\\b\\.sk-1\\c", "a   bc"),
            ("\\.in+4\\\\.ti-4\\\\.fi\\a\\.nf\\\\.ce\\b", "a\nb"),
            ("45\\XB0\\ \\XC3A9\\ a\\X0D0A\\b\\X0d\\c\\X07\\", "45° é a\nb\nc"),
            ("\\C2842\\a\\M242D\\b", "ab"),
            // Not escapes.
            ("and\\or", "and\\or"),
            ("C:\\temp\\a", "C:\\temp\\a"),
            ("\\\\T\\", "\\&"),
            ("\\X0\\ \\XZZ\\ \\X\\", "\\X0\\ \\XZZ\\ \\X\\"),
            ("\\.xx\\ \\.br9\\ \\.\\", "\\.xx\\ \\.br9\\ \\.\\"),
            ("\\ä\\ \\.ä\\ \\Xä\\", "\\ä\\ \\.ä\\ \\Xä\\"),
            ("a\\", "a\\"),
            ("a\r\nb\rc\nd\u{1}\u{85}e", "a\nb\nc\nde"),
            ("\\.sp99999999999\\", "\\.sp99999999999\\"),
        ] {
            let mut out = String::new();
            push_text(&mut out, field, &separators);
            assert_eq!(out, expected, "{field}");
        }
    }
}
