//! Which kinds of details stand where. Most notes have few of them, so that a reading asks here before it begins.

use super::passage::detail;
use crate::lexicon::{Concept, Detail, Telling};
use crate::model::Mention;

/// Kinds of details, a bit each: the first for the kinds of telling words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u64);

/// How many kinds of telling words there are.
const TELLINGS: u32 = Telling::ALL.len() as u32;

impl Kinds {
    pub(super) const SUBSTANCE: Self = Self(1 << TELLINGS);
    pub(super) const GUIDANCE: Self = Self(1 << (TELLINGS + 1));
    pub(super) const SEDATION: Self = Self(1 << (TELLINGS + 2));
    pub(super) const INTENT: Self = Self(1 << (TELLINGS + 3));
    pub(super) const COMPLAINT: Self = Self(1 << (TELLINGS + 4));
    pub(super) const VIEW: Self = Self(1 << (TELLINGS + 5));
    pub(super) const SERIES: Self = Self(1 << (TELLINGS + 6));

    /// The kind of some telling words.
    pub(super) const fn telling(what: Telling) -> Self {
        Self(1 << what as u32)
    }

    /// The kinds of some telling words.
    pub(super) const fn tellings<const N: usize>(all: [Telling; N]) -> Self {
        let (mut kinds, mut at) = (Self(0), 0);
        while at < N {
            kinds = kinds.or(Self::telling(all[at]));
            at += 1;
        }
        kinds
    }

    /// The kinds of some details.
    pub(super) fn of(details: &[Mention<Concept>]) -> Self {
        details.iter().filter_map(detail).fold(Self::default(), |kinds, (detail, _)| kinds.or(kind(detail)))
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of some kinds is among these.
    pub(super) const fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

const fn kind(detail: Detail) -> Kinds {
    match detail {
        Detail::Telling(what) => Kinds::telling(what),
        Detail::Substance(_) => Kinds::SUBSTANCE,
        Detail::Guidance(_) => Kinds::GUIDANCE,
        Detail::Sedation(_) => Kinds::SEDATION,
        Detail::Intent(_) => Kinds::INTENT,
        Detail::Complaint(_) => Kinds::COMPLAINT,
        Detail::View(_) => Kinds::VIEW,
        Detail::Series(_) => Kinds::SERIES,
    }
}
