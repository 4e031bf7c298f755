//! Spinal levels: a vertebra, a root, or the interspace between two vertebrae.
//!
//! ```
//! use foramen::model::Level;
//! let level: Level = "L4-L5".parse().unwrap();
//! assert_eq!(level.to_string(), "L4-L5");
//! assert!("L4-S1".parse::<Level>().is_err());
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A part of the spine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// C1 to C8 (C8 is a root only).
    Cervical,
    /// T1 to T13.
    Thoracic,
    /// L1 to L6.
    Lumbar,
    /// S1 to S5.
    Sacral,
}

impl Region {
    /// The letter that names it.
    pub const fn letter(self) -> char {
        match self {
            Self::Cervical => 'C',
            Self::Thoracic => 'T',
            Self::Lumbar => 'L',
            Self::Sacral => 'S',
        }
    }

    /// The region of a letter in either case; `D` (dorsal) is thoracic.
    pub const fn from_letter(letter: u8) -> Option<Self> {
        match letter.to_ascii_uppercase() {
            b'C' => Some(Self::Cervical),
            b'T' | b'D' => Some(Self::Thoracic),
            b'L' => Some(Self::Lumbar),
            b'S' => Some(Self::Sacral),
            _ => None,
        }
    }

    /// The highest number used, transitional anatomy included.
    pub const fn last(self) -> u8 {
        match self {
            Self::Cervical => 8,
            Self::Thoracic => 13,
            Self::Lumbar => 6,
            Self::Sacral => 5,
        }
    }
}

/// A vertebra, or the root that bears its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vertebra {
    region: Region,
    number: u8,
}

impl Vertebra {
    /// The vertebra or root of this region and number; `None` where there is none.
    pub const fn new(region: Region, number: u8) -> Option<Self> {
        if number == 0 || number > region.last() { None } else { Some(Self { region, number }) }
    }

    /// Its part of the spine.
    pub const fn region(self) -> Region {
        self.region
    }

    /// Its number within the region.
    pub const fn number(self) -> u8 {
        self.number
    }

    /// The vertebra below in ordinary anatomy: C7 → T1, T12 → L1, L5 → S1.
    pub fn below(self) -> Option<Self> {
        let next = |region| Self::new(region, 1);
        match (self.region, self.number) {
            (Region::Cervical, 7) => next(Region::Thoracic),
            (Region::Cervical, 8) | (Region::Sacral, 5) => None,
            (Region::Thoracic, 12 | 13) => next(Region::Lumbar),
            (Region::Lumbar, 5 | 6) => next(Region::Sacral),
            (region, number) => Self::new(region, number + 1),
        }
    }

    /// The vertebra above in ordinary anatomy.
    pub fn above(self) -> Option<Self> {
        match (self.region, self.number) {
            (Region::Cervical, 1) => None,
            (Region::Thoracic, 1) => Self::new(Region::Cervical, 7),
            (Region::Lumbar, 1) => Self::new(Region::Thoracic, 12),
            (Region::Sacral, 1) => Self::new(Region::Lumbar, 5),
            (region, number) => Self::new(region, number - 1),
        }
    }

    /// Whether `lower` lies directly below, the transitional vertebrae T13 and L6 allowed for.
    pub fn adjoins(self, lower: Self) -> bool {
        self.below() == Some(lower)
            || self.region != Region::Cervical && Self::new(self.region, self.number + 1) == Some(lower)
    }
}

impl fmt::Display for Vertebra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.region.letter(), self.number)
    }
}

/// A level: one vertebra or root, or the interspace of two adjoining vertebrae.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level {
    upper: Vertebra,
    lower: Option<Vertebra>,
}

impl Level {
    /// A lone vertebra or root.
    pub const fn single(vertebra: Vertebra) -> Self {
        Self { upper: vertebra, lower: None }
    }

    /// The interspace of two vertebrae; `None` where they do not adjoin.
    pub fn interspace(upper: Vertebra, lower: Vertebra) -> Option<Self> {
        upper.adjoins(lower).then_some(Self { upper, lower: Some(lower) })
    }

    /// The upper (or only) vertebra.
    pub const fn upper(self) -> Vertebra {
        self.upper
    }

    /// The lower vertebra of an interspace.
    pub const fn lower(self) -> Option<Vertebra> {
        self.lower
    }

    /// Whether it is an interspace.
    pub const fn is_interspace(self) -> bool {
        self.lower.is_some()
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lower {
            Some(lower) => write!(f, "{}-{lower}", self.upper),
            None => self.upper.fmt(f),
        }
    }
}

/// The text is no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a spinal level: write `L4`, or `L4-L5` for the interspace of two adjoining vertebrae")]
pub struct InvalidLevel;

impl FromStr for Vertebra {
    type Err = InvalidLevel;

    fn from_str(text: &str) -> Result<Self, InvalidLevel> {
        let (&letter, digits) = text.as_bytes().split_first().ok_or(InvalidLevel)?;
        let region = Region::from_letter(letter).ok_or(InvalidLevel)?;
        let number = std::str::from_utf8(digits).ok().and_then(|d| d.parse().ok()).ok_or(InvalidLevel)?;
        Self::new(region, number).ok_or(InvalidLevel)
    }
}

impl FromStr for Level {
    type Err = InvalidLevel;

    fn from_str(text: &str) -> Result<Self, InvalidLevel> {
        match text.split_once('-') {
            None => Ok(Self::single(text.parse()?)),
            Some((upper, lower)) => Self::interspace(upper.parse()?, lower.parse()?).ok_or(InvalidLevel),
        }
    }
}

macro_rules! as_text {
    ($type:ident) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

as_text!(Vertebra);
as_text!(Level);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_adjoining_vertebrae_make_an_interspace() {
        for good in
            ["L4-L5", "L5-S1", "C7-T1", "T12-L1", "L6-S1", "L5-L6", "S1-S2", "T12-T13", "T13-L1", "C1-C2"]
        {
            assert_eq!(good.parse::<Level>().map(|l| l.to_string()), Ok(good.to_owned()));
        }
        for bad in ["L4-S1", "C7-C8", "L5-L4", "T1-T3", "S5-S6", "L7", "C0", "x", "L4-"] {
            assert_eq!(bad.parse::<Level>(), Err(InvalidLevel), "{bad}");
        }
    }
}
