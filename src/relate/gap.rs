//! What stands between two items of a sentence.
//!
//! ```text
//! mild left and moderate right   the gap before "moderate" has AND
//! ```

use crate::lexicon::Word;

/// What stands between an item and the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gap {
    pub(super) flags: u32,
    /// Words that mean something and are in no lexicon.
    pub content: u8,
}

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident = $bit:literal),+ $(,)?) => {
        impl Gap {
            $($(#[$doc])* pub const $name: u32 = 1 << $bit;)+
        }
    };
}

flags! {
    /// A comma.
    COMMA = 0,
    /// A semicolon, or braces or brackets that close a statement.
    SEMICOLON = 1,
    /// A colon.
    COLON = 2,
    /// A slash.
    SLASH = 3,
    /// A dash.
    DASH = 4,
    /// A parenthesis that opens.
    OPEN = 5,
    /// A parenthesis that closes.
    CLOSE = 6,
    /// "and".
    AND = 7,
    /// "or".
    OR = 8,
    /// "with".
    WITH = 9,
    /// "of".
    OF = 10,
    /// "to".
    TO = 11,
    /// "is".
    IS = 12,
    /// "has".
    HAS = 13,
    /// "but".
    BUT = 14,
    /// "which".
    WHICH = 15,
    /// "at".
    AT = 16,
    /// A question mark.
    QUERY = 17,
    /// "the" and the like.
    FILLER = 18,
    /// A mark or a joint before the first word that means something: "(severe), and a cyst".
    PARTED = 19,
}

impl Gap {
    /// What joins the members of a list.
    pub const LIST: u32 = Self::COMMA | Self::SLASH | Self::AND | Self::OR | Self::DASH;
    /// What ends a noun phrase for good.
    pub const HARD: u32 = Self::SEMICOLON | Self::COLON | Self::WITH | Self::BUT | Self::WHICH;

    /// The gap that a byte between words makes.
    pub(super) fn of_byte(byte: u8) -> Self {
        Self { flags: OF_BYTES[byte as usize], content: 0 }
    }

    /// What a word of the grammar stands for between two items; nothing where it is read as any other word.
    pub(super) const fn of_word(word: Option<Word>) -> Self {
        let flags = match word {
            Some(Word::And) => Self::AND,
            Some(Word::Or) => Self::OR,
            Some(Word::With) => Self::WITH,
            Some(Word::Of) => Self::OF,
            Some(Word::To) => Self::TO,
            Some(Word::Is) => Self::IS,
            Some(Word::Has) => Self::HAS,
            Some(Word::But) => Self::BUT,
            Some(Word::Which) => Self::WHICH,
            Some(Word::At) => Self::AT,
            Some(Word::Filler) => Self::FILLER,
            _ => 0,
        };
        Self { flags, content: 0 }
    }

    /// Adds a word that means something, and is in no lexicon.
    pub(super) const fn add_content(&mut self) {
        if self.content == 0 && !self.is_tight() {
            self.flags |= Self::PARTED;
        }
        self.content = self.content.saturating_add(1);
    }

    /// Whether any of `flags` stands there.
    pub const fn has(self, flags: u32) -> bool {
        self.flags & flags != 0
    }

    /// Both gaps as one.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { flags: self.flags | other.flags, content: self.content.saturating_add(other.content) }
    }

    /// Whether nothing but blanks and small words stands there.
    pub const fn is_tight(self) -> bool {
        self.content == 0 && self.flags & !Self::FILLER == 0
    }
}

/// The flag of each byte that may stand between words: looked up, since no branch on it could be foretold.
static OF_BYTES: [u32; 256] = {
    let mut flags = [0; 256];
    let mut byte = 0;
    while byte < flags.len() {
        flags[byte] = match byte as u8 {
            b',' => Gap::COMMA,
            b';' | b'}' | b']' | b'|' | b'~' => Gap::SEMICOLON,
            b':' | b'=' => Gap::COLON,
            b'/' => Gap::SLASH,
            b'-' => Gap::DASH,
            b'(' => Gap::OPEN,
            b')' => Gap::CLOSE,
            b'?' => Gap::QUERY,
            b'&' | b'+' => Gap::AND,
            _ => 0,
        };
        byte += 1;
    }
    flags
};
