//! Which characters are read as others: by the eye they are the same, by their code points they are not.
//!
//! ```text
//! “L4–L5”  →  "L4-L5"        ﬁlum  →  filum        Ｌ５  →  L5
//! ```

/// White space of any kind, and control characters.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{2800}' | '\u{3164}')
}

/// Hyphens, dashes and minus signs beyond ASCII.
pub(super) fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2010}'
            ..='\u{2015}'
                | '\u{2212}'
                | '\u{2043}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
                | '\u{2e3a}'
                | '\u{2e3b}'
    )
}

/// Soft hyphens, zero-width characters, marks of direction, a byte order mark, accents that stand apart.
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
        || ('\u{300}'..='\u{36f}').contains(&c)
}

/// The ASCII character of a full-width form.
pub(super) fn full_width(c: char) -> Option<u8> {
    ('\u{ff01}'..='\u{ff5e}').contains(&c).then(|| (u32::from(c) - 0xff01 + 0x21) as u8)
}

/// What is written for a character that a keyboard does not have, or for a letter with an accent.
pub(super) fn spelt_out(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '\u{ff07}' | '\u{b4}' => "'",
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => "\"",
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        '\u{2026}' => "...",
        '\u{2022}' | '\u{2023}' | '\u{25aa}' | '\u{25cf}' | '\u{25e6}' | '\u{b7}' | '\u{25a0}'
        | '\u{25cb}' => "*",
        '\u{2265}' => ">=",
        '\u{2264}' => "<=",
        '\u{2044}' | '\u{2215}' => "/",
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'Á' | 'À' | 'Â' | 'Ä' | 'Ã' | 'Å' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => "i",
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'Ó' | 'Ò' | 'Ô' | 'Ö' | 'Õ' => "o",
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ù' | 'Û' | 'Ü' => "u",
        _ => return None,
    })
}
