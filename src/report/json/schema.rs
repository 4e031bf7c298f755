//! What values look like in descriptions of interfaces (OpenAPI): every one that the rows hold and that is no row.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::words::{FindingId, ProcedureId, QueryId};
use crate::model::{
    Between, CodeSystem, Complaint, Concordance, CorrelationStatus, DateOrigin, Element, FindingKind,
    FlagLevel, Guidance, Intent, Level, Moment, NoteType, Payer, ProcedureFamily, ProcedureStatus, Role,
    SectionKind, Sedation, Setting, Severity, Side, Status, Substance, Subtype, Vertebra,
};

/// Values that are one of their names.
macro_rules! names {
    ($($type:ty),+ $(,)?) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let names = Self::ALL.iter().map(|value| value.name());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
            }
        }

        impl ToSchema for $type {}
    )+};
}

/// Values that are texts.
macro_rules! texts {
    ($($type:ty),+ $(,)?) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).into()
            }
        }

        impl ToSchema for $type {}
    )+};
}

names!(
    Between,
    CodeSystem,
    Complaint,
    Concordance,
    CorrelationStatus,
    DateOrigin,
    Element,
    FindingKind,
    FlagLevel,
    Guidance,
    Intent,
    Moment,
    NoteType,
    Payer,
    ProcedureFamily,
    ProcedureStatus,
    Role,
    SectionKind,
    Sedation,
    Setting,
    Severity,
    Side,
    Status,
    Substance,
    Subtype,
);

texts!(Level, Vertebra, FindingId, ProcedureId, QueryId);
