//! What the rules on coding ask of a note's facts, answered once.
//!
//! A stated code is looked up on the day of service. A code is about procedures: in "CPT 64483-RT" of a procedure
//! note about what was performed, under a plan about what is planned. A note may state a code often: lines that say the
//! same are gathered, so that every rule looks at what is said and not at how often.

use std::collections::BTreeMap;
use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::codes::{CodeTables, Cpt, Hcpcs, Icd10, Lookup};
use crate::model::{
    Audit, CodeSystem, Complaint, Context, Date, Finding, FindingKind, Payer, Procedure, ProcedureFamily,
    ProcedureStatus, SectionKind, Side, StatedCode, Status,
};

use super::super::Case;

/// Stated codes that say the same, in the order of the note; there is a first.
pub(super) type Lines<'a> = Vec<&'a StatedCode>;

/// A stated CPT code with its row.
#[derive(Clone, Debug)]
pub(super) struct Service<'a> {
    /// The first of its lines.
    pub(super) stated: &'a StatedCode,
    /// Its lines: of one code, section, list of modifiers and number of units.
    pub(super) lines: Lines<'a>,
    pub(super) row: &'a Cpt,
}

/// A stated HCPCS code with its row.
#[derive(Clone, Debug)]
pub(super) struct Supply<'a> {
    /// The first of its lines.
    pub(super) stated: &'a StatedCode,
    /// Its lines: of one code, section, list of modifiers and number of units.
    pub(super) lines: Lines<'a>,
    pub(super) row: &'a Hcpcs,
}

/// A stated ICD-10-CM code with its row.
#[derive(Clone, Debug)]
pub(super) struct Diagnosis<'a> {
    /// The first of its lines.
    pub(super) stated: &'a StatedCode,
    /// Everywhere it is stated.
    pub(super) lines: Lines<'a>,
    pub(super) row: &'a Icd10,
}

/// One note as the rules see it.
pub(super) struct Facts<'a> {
    pub(super) audit: &'a Audit,
    pub(super) context: &'a Context,
    pub(super) tables: &'a CodeTables,
    /// The codes that are about this encounter, the lines of each code together.
    pub(super) codes: Vec<Lines<'a>>,
    pub(super) services: Vec<Service<'a>>,
    pub(super) supplies: Vec<Supply<'a>>,
    /// Each code once.
    pub(super) diagnoses: Vec<Diagnosis<'a>>,
    /// The numbers of the services that are the first of their code.
    first_services: Vec<usize>,
    /// The codes as they are written.
    stated: FxHashSet<&'a str>,
    /// What [`Self::units`] tells.
    units: FxHashMap<&'a str, u32>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(case: Case<'a>) -> Self {
        let Case { audit, context, tables, .. } = case;
        let day = audit.service.map_or(Date::MAX, |service| service.day);
        let stated = || audit.codes.iter().filter(|code| is_of_encounter(audit, code));
        let of = |system| stated().filter(move |code| code.system == system);
        let line = |code: &&'a StatedCode| (&*code.code, code.section, &*code.modifiers, code.units);
        let services: Vec<Service<'a>> = together(of(CodeSystem::Cpt), line)
            .into_iter()
            .filter_map(|lines| {
                let stated = *lines.first()?;
                Some(Service { stated, row: row(tables.cpt(&stated.code, day))?, lines })
            })
            .collect();
        let supplies = together(of(CodeSystem::Hcpcs), line)
            .into_iter()
            .filter_map(|lines| {
                let stated = *lines.first()?;
                Some(Supply { stated, row: row(tables.hcpcs(&stated.code, day))?, lines })
            })
            .collect();
        let diagnoses = together(of(CodeSystem::Icd10Cm), |code| code.code.as_str())
            .into_iter()
            .filter_map(|lines| {
                let stated = *lines.first()?;
                Some(Diagnosis { stated, row: row(tables.icd10(&stated.code, day))?, lines })
            })
            .collect();
        let mut met = FxHashSet::default();
        let is_first = |service: &Service<'a>| met.insert(&service.row.code);
        let first_services =
            services.iter().map(is_first).enumerate().filter_map(|(at, is)| is.then_some(at));
        Self {
            audit,
            context,
            tables,
            codes: together(stated(), |code| (code.system, code.code.as_str())),
            first_services: first_services.collect(),
            stated: stated().map(|code| code.code.as_str()).collect(),
            units: units(&services),
            services,
            supplies,
            diagnoses,
        }
    }

    /// The day of service, where one is known or assumed.
    pub(super) fn day(&self) -> Option<Date> {
        self.audit.service.map(|service| service.day)
    }

    /// The day to look codes up by: without a day of service the tables' last word counts.
    pub(super) fn table_day(&self) -> Date {
        self.day().unwrap_or(Date::MAX)
    }

    pub(super) fn payer_is(&self, payer: Payer) -> bool {
        self.context.payer == Some(payer)
    }

    /// Procedures done in this encounter.
    pub(super) fn performed(&self) -> impl Iterator<Item = &'a Procedure> {
        self.of_status(ProcedureStatus::Performed)
    }

    fn of_status(&self, status: ProcedureStatus) -> impl Iterator<Item = &'a Procedure> {
        self.audit.procedures.iter().filter(move |p| p.status == status)
    }

    /// Procedures that are done, or else planned.
    pub(super) fn current(&self) -> Vec<&'a Procedure> {
        let performed: Vec<_> = self.performed().collect();
        if performed.is_empty() { self.of_status(ProcedureStatus::Planned).collect() } else { performed }
    }

    /// The procedures that a code in a section reports: under a plan those planned, elsewhere those performed; the
    /// other kind where there is none of it.
    pub(super) fn reported(&self, families: &[ProcedureFamily], section: SectionKind) -> Vec<&'a Procedure> {
        let of_family = |p: &&Procedure| families.contains(&p.family);
        let performed: Vec<_> = self.performed().filter(of_family).collect();
        let planned: Vec<_> = self.of_status(ProcedureStatus::Planned).filter(of_family).collect();
        let (first, second) =
            if section == SectionKind::Plan { (planned, performed) } else { (performed, planned) };
        if first.is_empty() { second } else { first }
    }

    /// The procedures that a service reports.
    pub(super) fn reported_by(&self, service: &Service<'_>) -> Vec<&'a Procedure> {
        self.reported(&service.row.families, service.stated.section)
    }

    /// The stated services, each code once.
    pub(super) fn distinct(&self) -> impl Iterator<Item = &Service<'a>> {
        self.first_services.iter().filter_map(|&at| self.services.get(at))
    }

    /// How often a code is billed: its units, summed over the section that bills it most, so that a list which the
    /// note repeats is counted once.
    pub(super) fn units(&self, code: &str) -> u32 {
        self.units.get(code).copied().unwrap_or(0)
    }

    /// Whether any of these codes is stated.
    pub(super) fn states_any(&self, codes: &[String]) -> bool {
        codes.iter().any(|code| self.stated.contains(code.as_str()))
    }

    /// The stated services among these codes.
    pub(super) fn services_of<'s>(&'s self, codes: &'s [String]) -> impl Iterator<Item = &'s Service<'a>> {
        self.services.iter().filter(|service| codes.contains(&service.row.code))
    }

    /// The stated diagnoses that one of these codes begins.
    pub(super) fn diagnoses_of<'s>(
        &'s self,
        prefixes: &'s [String],
    ) -> impl Iterator<Item = &'s Diagnosis<'a>> {
        self.diagnoses.iter().filter(|diagnosis| begins(prefixes, &diagnosis.stated.code))
    }

    /// Whether a complaint is told with a status.
    pub(super) fn tells(&self, complaint: Complaint, status: Status) -> bool {
        self.audit.encounter.complaints.iter().any(|(c, s)| c.value == complaint && *s == status)
    }

    /// Whether a complaint is told in any way but denied.
    pub(super) fn may_have(&self, complaint: Complaint) -> bool {
        self.audit.encounter.complaints.iter().any(|(c, s)| c.value == complaint && *s != Status::Absent)
    }

    /// Whether a radiculopathy is told in any way but denied.
    pub(super) fn may_have_radiculopathy(&self) -> bool {
        self.audit.radiculopathies.iter().any(|r| r.status != Status::Absent)
            || self.may_have(Complaint::Radicular)
    }

    /// The findings of a kind that are there.
    pub(super) fn present(&self, kind: FindingKind) -> impl Iterator<Item = &'a Finding> {
        self.audit.findings.iter().filter(move |f| f.kind == kind && f.status == Status::Present)
    }

    /// Whether a finding of a kind is told in any way but denied.
    pub(super) fn may_be(&self, kind: FindingKind) -> bool {
        self.audit.findings.iter().any(|f| f.kind == kind && f.status != Status::Absent)
    }
}

/// Puts together what has the same key, in the order of the first of each.
pub(super) fn together<T: Copy, K: Eq + Hash>(
    items: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Vec<Vec<T>> {
    let mut places: FxHashMap<K, usize> = FxHashMap::default();
    let mut all: Vec<Vec<T>> = Vec::new();
    for item in items {
        let at = *places.entry(key(&item)).or_insert(all.len());
        match all.get_mut(at) {
            Some(same) => same.push(item),
            None => all.push(vec![item]),
        }
    }
    all
}

/// The units of each code in the section that bills it most.
fn units<'a>(services: &[Service<'a>]) -> FxHashMap<&'a str, u32> {
    let mut by_section: BTreeMap<(&str, SectionKind), u32> = BTreeMap::new();
    for stated in services.iter().flat_map(|service| &service.lines) {
        let sum = by_section.entry((&stated.code, stated.section)).or_default();
        *sum = sum.saturating_add(stated.units.unwrap_or(1));
    }
    let mut most: FxHashMap<&str, u32> = FxHashMap::default();
    for ((code, _), sum) in by_section {
        let units = most.entry(code).or_default();
        *units = sum.max(*units);
    }
    most
}

/// Whether one of the prefixes begins the code.
pub(super) fn begins(prefixes: &[String], code: &str) -> bool {
    prefixes.iter().any(|prefix| code.starts_with(prefix.as_str()))
}

/// The sides of procedures taken together; `None` where none has one.
pub(super) fn sides(procedures: &[&Procedure]) -> Option<Side> {
    procedures.iter().filter_map(|p| p.side).reduce(Side::and)
}

/// Whether a code is about this encounter, not about earlier ones or about risks.
fn is_of_encounter(audit: &Audit, code: &StatedCode) -> bool {
    let is_elsewhere = matches!(
        code.section,
        SectionKind::PastHistory
            | SectionKind::FamilyHistory
            | SectionKind::Comparison
            | SectionKind::Consent
            | SectionKind::Medications
            | SectionKind::Key
    );
    // The history of the present illness tells of today's diagnoses, and of earlier services, unless it is where the
    // procedure of this note is told.
    let is_earlier = code.section == SectionKind::History
        && code.system != CodeSystem::Icd10Cm
        && audit.procedures.iter().any(|p| p.status == ProcedureStatus::Performed)
        && !audit
            .procedures
            .iter()
            .any(|p| p.status == ProcedureStatus::Performed && p.section == code.section);
    !is_elsewhere && !is_earlier && !code.is_past
}

/// The row, whether or not it holds on the day.
fn row<T>(lookup: Lookup<T>) -> Option<T> {
    match lookup {
        Lookup::Valid(row) | Lookup::NotYet(row) | Lookup::Ended(row) => Some(row),
        Lookup::Unknown | Lookup::NotCovered => None,
    }
}
