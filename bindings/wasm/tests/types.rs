//! The values in the TypeScript types are those of the model.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use foramen::model::{
    Between, CodeSystem, Complaint, Concordance, CorrelationStatus, DateOrigin, Element, FindingKind,
    FlagLevel, Guidance, Intent, Moment, NoteType, Payer, ProcedureFamily, ProcedureStatus, Role,
    SectionKind, Sedation, Setting, Severity, Side, Status, Substance, Subtype,
};

/// The line of TypeScript for each type.
macro_rules! lines {
    ($($type:ident),+ $(,)?) => {
        [$((stringify!($type), $type::ALL.iter().map(|value| value.name()).collect::<Vec<_>>())),+]
    };
}

#[test]
fn the_values_of_the_types_are_those_of_the_model() {
    let all = lines!(
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
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/types.ts");
    let written = std::fs::read_to_string(path).unwrap();
    let lines: Vec<String> = written
        .lines()
        .map(|line| {
            let of = all.iter().find(|(name, _)| line.starts_with(&format!("export type {name} = ")));
            of.map_or_else(
                || line.to_owned(),
                |(name, names)| {
                    let values: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
                    format!("export type {name} = {};", values.join(" | "))
                },
            )
        })
        .collect();
    let expected = lines.join("\n") + "\n";
    let held = lines.iter().filter(|line| line.starts_with("export type ")).count();
    assert_eq!(held, all.len(), "a type of values stands without its enum, or the other way round");
    if std::env::var_os("FORAMEN_UPDATE").is_some() {
        std::fs::write(path, expected).unwrap();
    } else {
        assert!(
            written == expected,
            "types.ts is not as the model: FORAMEN_UPDATE=1 cargo test -p foramen-wasm"
        );
    }
}
