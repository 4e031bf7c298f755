//! What the rules on coding ask of a note's facts, answered once.
//!
//! A stated code is looked up on the day of service. A code is about procedures: in "CPT 64483-RT" of a procedure
//! note about what was performed, under a plan about what is planned.

use crate::codes::{CodeTables, Cpt, Hcpcs, Icd10, Lookup};
use crate::model::{
    Audit, CodeSystem, Complaint, Context, Date, Finding, FindingKind, Payer, Procedure, ProcedureFamily,
    ProcedureStatus, SectionKind, Side, StatedCode, Status,
};

use super::super::Case;

/// A stated CPT code with its row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service<'a> {
    pub(super) stated: &'a StatedCode,
    pub(super) row: &'a Cpt,
}

/// A stated HCPCS code with its row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Supply<'a> {
    pub(super) stated: &'a StatedCode,
    pub(super) row: &'a Hcpcs,
}

/// A stated ICD-10-CM code with its row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Diagnosis<'a> {
    pub(super) stated: &'a StatedCode,
    pub(super) row: &'a Icd10,
}

/// One note as the rules see it.
pub(super) struct Facts<'a> {
    pub(super) audit: &'a Audit,
    pub(super) context: &'a Context,
    pub(super) tables: &'a CodeTables,
    /// The codes that are about this encounter.
    pub(super) codes: Vec<&'a StatedCode>,
    pub(super) services: Vec<Service<'a>>,
    pub(super) supplies: Vec<Supply<'a>>,
    pub(super) diagnoses: Vec<Diagnosis<'a>>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(case: Case<'a>) -> Self {
        let Case { audit, context, tables, .. } = case;
        let codes: Vec<&StatedCode> =
            audit.codes.iter().filter(|code| is_of_encounter(code.section)).collect();
        let mut facts = Self {
            audit,
            context,
            tables,
            codes: Vec::new(),
            services: Vec::new(),
            supplies: Vec::new(),
            diagnoses: Vec::new(),
        };
        let day = facts.table_day();
        for &stated in &codes {
            let code = stated.code.as_str();
            match stated.system {
                CodeSystem::Cpt => {
                    facts.services.extend(row(tables.cpt(code, day)).map(|row| Service { stated, row }));
                }
                CodeSystem::Hcpcs => {
                    facts.supplies.extend(row(tables.hcpcs(code, day)).map(|row| Supply { stated, row }));
                }
                CodeSystem::Icd10Cm => {
                    facts.diagnoses.extend(row(tables.icd10(code, day)).map(|row| Diagnosis { stated, row }));
                }
            }
        }
        facts.codes = codes;
        facts
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

    /// How often a code is billed: its units, summed over the section that bills it most, so that a list which the
    /// note repeats is counted once.
    pub(super) fn units(&self, code: &str) -> u32 {
        let lines = || self.services.iter().map(|s| s.stated).filter(|stated| stated.code == code);
        let of = |section| lines().filter(|l| l.section == section).map(|l| l.units.unwrap_or(1)).sum();
        lines().map(|line| of(line.section)).max().unwrap_or(0)
    }

    /// Whether any of these codes is stated.
    pub(super) fn states_any(&self, codes: &[String]) -> bool {
        self.codes.iter().any(|stated| codes.contains(&stated.code))
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

/// Whether one of the prefixes begins the code.
pub(super) fn begins(prefixes: &[String], code: &str) -> bool {
    prefixes.iter().any(|prefix| code.starts_with(prefix.as_str()))
}

/// The sides of procedures taken together; `None` where none has one.
pub(super) fn sides(procedures: &[&Procedure]) -> Option<Side> {
    procedures.iter().filter_map(|p| p.side).reduce(Side::and)
}

/// Whether codes of a section are about this encounter, not about earlier ones or about risks.
const fn is_of_encounter(section: SectionKind) -> bool {
    !matches!(
        section,
        SectionKind::PastHistory
            | SectionKind::FamilyHistory
            | SectionKind::Comparison
            | SectionKind::Consent
            | SectionKind::Medications
            | SectionKind::Key
    )
}

/// The row, whether or not it holds on the day.
fn row<T>(lookup: Lookup<T>) -> Option<T> {
    match lookup {
        Lookup::Valid(row) | Lookup::NotYet(row) | Lookup::Ended(row) => Some(row),
        Lookup::Unknown | Lookup::NotCovered => None,
    }
}
