//! Coverage: what a Medicare contractor's policy wants documented for a procedure, and how often it may be done.
//!
//! Only procedures that were performed or are planned owe anything, and only where the pack of their policy is on.
//! A policy is one contractor's, in force from a day on; no rule here is ever an error.

mod check;
mod contractor;
mod esi;
mod facet;
mod ground;
mod history;
mod limit;
mod session;
mod table;

pub use contractor::{ContractorPolicy, Contractors, UnknownContractor};
pub use limit::Limit;
pub use table::TableError;

pub(super) use limit::Limits;

use self::ground::Ground;
use super::{Case, Completeness, Rules};
use crate::model::{
    Date, EarlierService, Encounter, Flag, Intent, Payer, Policy, Procedure, ProcedureStatus,
};

/// Whether any of these rules counts a patient's services.
pub fn counts_services(rules: &Rules) -> bool {
    rules.pack(esi::PACK).is_some() || rules.pack(facet::PACK).is_some()
}

/// What coverage rules will count of a note: what was performed of their families, and whether a block of joints was
/// diagnostic where the note says so.
pub fn earlier_services(day: Date, procedures: &[Procedure], encounter: &Encounter) -> Vec<EarlierService> {
    let counts = |p: &&Procedure| {
        p.status == ProcedureStatus::Performed && (p.family.is_epidural() || facet::is_of(p.family))
    };
    let service = |p: &Procedure| EarlierService {
        day,
        family: p.family,
        region: p.region(),
        level: p.level,
        side: p.side,
        is_diagnostic: encounter.intent.map(|intent| intent.value != Intent::Therapeutic),
    };
    procedures.iter().filter(counts).map(service).collect()
}

/// What the coverage packs find.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// What they require.
    pub owed: Completeness,
    /// What they flag.
    pub flags: Vec<Flag>,
    /// The policies of the contractor that is set.
    pub policies: Vec<Policy>,
}

/// Checks a note by the coverage packs that are among `rules`.
///
/// A payer other than Medicare has policies of its own, which are not known here.
pub fn coverage(rules: &Rules, case: Case<'_>) -> Coverage {
    let mut found = Coverage::default();
    if case.audit.procedures.is_empty() || case.context.payer == Some(Payer::Commercial) {
        return found;
    }
    if let Some(ground) = Ground::of(rules, case, esi::PACK) {
        esi::check(&ground, &mut found);
    }
    if let Some(ground) = Ground::of(rules, case, facet::PACK) {
        facet::check(&ground, &mut found);
    }
    found
}
