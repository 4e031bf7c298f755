//! A session: the procedures of one kind that are performed together, or planned together.

use std::collections::BTreeSet;

use crate::checks::describe::words;
use crate::model::{
    Audit, Element, EvidenceList, Level, NoteType, Procedure, ProcedureFamily, ProcedureStatus, Side,
    SpineHalf,
};

/// Procedures of one kind in one session.
pub(super) struct Session<'a> {
    /// Index of the first into [`Audit::procedures`].
    pub(super) at: usize,
    /// The procedures, all of one status.
    pub(super) procedures: Vec<&'a Procedure>,
}

impl<'a> Session<'a> {
    /// The session that a note tells of: what was performed, else what is planned. What was done before or is only
    /// considered owes nothing; a visit that tells of what was performed leaves that to its report, and the report of another
    /// procedure leaves what is planned to the note that will ask for it.
    pub(super) fn of(audit: &'a Audit, belongs: impl Fn(&Procedure) -> bool) -> Option<Self> {
        [ProcedureStatus::Performed, ProcedureStatus::Planned].into_iter().find_map(|status| {
            let is_of = |procedure: &&Procedure| procedure.status == status && belongs(procedure);
            let at = audit.procedures.iter().position(|procedure| is_of(&procedure))?;
            let is_told_after = status == ProcedureStatus::Performed && audit.note_type == NoteType::Clinic;
            let is_asked_later = status == ProcedureStatus::Planned
                && matches!(audit.note_type, NoteType::Procedure | NoteType::Operative)
                && audit.procedures.iter().any(|p| p.status == ProcedureStatus::Performed);
            (!is_told_after && !is_asked_later)
                .then(|| Self { at, procedures: audit.procedures.iter().filter(is_of).collect() })
        })
    }

    pub(super) fn is_performed(&self) -> bool {
        self.procedures.iter().any(|p| p.status == ProcedureStatus::Performed)
    }

    pub(super) fn has(&self, family: ProcedureFamily) -> bool {
        self.procedures.iter().any(|p| p.family == family)
    }

    /// The halves of the spine that it is done in, as far as known.
    pub(super) fn halves(&self) -> BTreeSet<SpineHalf> {
        self.procedures.iter().filter_map(|p| p.region()).map(SpineHalf::from).collect()
    }

    /// The levels of the families that `counts`, in one half.
    pub(super) fn levels(
        &self,
        half: SpineHalf,
        counts: impl Fn(ProcedureFamily) -> bool,
    ) -> BTreeSet<Level> {
        let of_half = |p: &&&Procedure| counts(p.family) && p.region().map(SpineHalf::from) == Some(half);
        self.procedures.iter().filter(of_half).filter_map(|p| p.level).collect()
    }

    /// Whether one of its procedures may be at this place once more: the same level and side, as far as both are
    /// known. Levels of joints and of their nerves are not compared.
    pub(super) fn repeats(&self, level: Option<Level>, side: Option<Side>) -> bool {
        let meets = |p: &&Procedure| {
            let sides = |a: Side, b: Side| a == b || a == Side::Bilateral || b == Side::Bilateral;
            let levels = |a: Level, b: Level| a == b || a.is_interspace() != b.is_interspace();
            p.side.zip(side).is_none_or(|(a, b)| sides(a, b))
                && p.level.zip(level).is_none_or(|(a, b)| levels(a, b))
        };
        self.procedures.iter().any(meets)
    }

    /// The words of its procedures, in the note's order.
    pub(super) fn evidence(&self) -> EvidenceList {
        let mut evidence: EvidenceList =
            self.procedures.iter().flat_map(|p| p.evidence.iter().copied()).collect();
        evidence.sort_unstable_by_key(|e| (e.span.start, e.span.end, e.role));
        evidence.dedup();
        evidence
    }

    /// The name of its first procedure's family, as words.
    pub(super) fn name(&self) -> String {
        self.procedures.first().map(|p| words(p.family.name())).unwrap_or_default()
    }
}

/// A half of the spine in a message.
pub(super) fn half_words(half: SpineHalf) -> String {
    half.name().replace('_', "/")
}

/// A rule and the element that it requires.
pub(super) type Required = (&'static str, Element);
