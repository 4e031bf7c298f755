//! Procedures, stated codes and the day of service, as they are printed.

use serde::Serialize;

use super::AuditJson;
#[cfg(feature = "serve")]
use super::words::EvidenceRow;
use super::words::{EvidenceRows, ProcedureId};
use crate::model::{
    CodeSystem, DateOrigin, Drug, Guidance, Level, Procedure, ProcedureFamily, ProcedureStatus, SectionKind,
    ServiceDate, Side, StatedCode, Substance,
};

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct ProcedureRow<'a> {
    id: ProcedureId,
    family: ProcedureFamily,
    level: Option<Level>,
    side: Option<Side>,
    status: ProcedureStatus,
    guidance: Option<Guidance>,
    drugs: Vec<DoseRow>,
    section: SectionKind,
    #[cfg_attr(feature = "serve", schema(value_type = Vec<EvidenceRow<'a>>))]
    evidence: EvidenceRows<'a>,
}

/// A drug of the encounter beside a procedure; its amounts and words stand in the encounter.
#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
struct DoseRow {
    name: Substance,
    dose_mg: Option<f64>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct CodeRow<'a> {
    system: CodeSystem,
    code: &'a str,
    modifiers: &'a [String],
    units: Option<u32>,
    section: SectionKind,
    start: u32,
    end: u32,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct ServiceRow {
    /// Year, month and day (ISO 8601).
    day: String,
    origin: DateOrigin,
}

impl From<ServiceDate> for ServiceRow {
    fn from(service: ServiceDate) -> Self {
        Self { day: service.day.to_string(), origin: service.origin }
    }
}

/// Milligrams and millilitres without the noise of binary fractions: a millionth is less than anything that is given.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

impl<'a> AuditJson<'a> {
    pub(super) fn procedure(&self, index: usize, procedure: &'a Procedure) -> ProcedureRow<'a> {
        let (guidance, drugs) = self.audit.given(procedure);
        ProcedureRow {
            id: ProcedureId(index),
            family: procedure.family,
            level: procedure.level,
            side: procedure.side,
            status: procedure.status,
            guidance,
            drugs: drugs.map(DoseRow::from).collect(),
            section: procedure.section,
            evidence: self.evidence(&procedure.evidence),
        }
    }

    pub(super) fn code(&self, code: &'a StatedCode) -> CodeRow<'a> {
        let (start, end) = self.place(code.span);
        CodeRow {
            system: code.system,
            code: &code.code,
            modifiers: &code.modifiers,
            units: code.units,
            section: code.section,
            start,
            end,
        }
    }
}

impl From<&Drug> for DoseRow {
    fn from(drug: &Drug) -> Self {
        Self { name: drug.substance, dose_mg: drug.dose_mg.map(rounded) }
    }
}
