//! The tables: one row a note, a finding, a procedure, a gap, a flag; all keyed by `note_id`.

use std::io::{self, Write};

use crate::checks::{Rules, query};
use crate::io::Note;
use crate::model::{Audit, Drug, EvidenceList, Guidance, Role, Severity, Side, Subtype};
use crate::text::Span;

use super::table::{Cell, Table, TableFormat};

/// One row a note.
pub(super) const NOTES: Table<18> = Table {
    name: "notes",
    columns: [
        "note_id",
        "note_type",
        "file",
        "record",
        "offset",
        "encoding",
        "bytes",
        "findings",
        "procedures",
        "radiculopathies",
        "correlation",
        "concordance",
        "conservative_care",
        "gaps",
        "flags",
        "documented",
        "required",
        "percent",
    ],
};

/// One row a finding; `start` and `end` are bytes of the decoded text.
pub(super) const FINDINGS: Table<13> = Table {
    name: "findings",
    columns: [
        "note_id", "finding", "kind", "subtype", "level", "side", "severity", "status", "root", "section",
        "start", "end", "text",
    ],
};

/// One row a procedure; `start` and `end` are bytes of the decoded text. Guidance and drugs, with their doses in mg, are
/// those of the encounter, for an injection that was performed in it.
pub(super) const PROCEDURES: Table<12> = Table {
    name: "procedures",
    columns: [
        "note_id",
        "procedure",
        "family",
        "level",
        "side",
        "status",
        "guidance",
        "drugs",
        "section",
        "start",
        "end",
        "text",
    ],
};

/// One row a gap, with the finding or the procedure that lacks the element and the query that asks for it.
pub(super) const GAPS: Table<11> = Table {
    name: "gaps",
    columns: [
        "note_id",
        "rule",
        "element",
        "finding",
        "kind",
        "procedure",
        "family",
        "level",
        "side",
        "severity",
        "query",
    ],
};

/// One row a flag; `start` and `end` are those of its first evidence.
pub(super) const FLAGS: Table<6> =
    Table { name: "flags", columns: ["note_id", "rule", "severity", "message", "start", "end"] };

/// How the rows of a note are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// CSV or JSON Lines.
    pub format: TableFormat,
    /// Whether words of the note may appear.
    pub text: bool,
}

/// Writes the row of a note.
pub(super) fn note(out: &mut impl Write, style: Style, note: &Note<'_>, audit: &Audit) -> io::Result<()> {
    let correlation = audit.correlation.as_ref();
    let row = [
        Cell::from(&*note.id),
        audit.note_type.name().into(),
        (&*note.place.file).into(),
        note.place.record.into(),
        note.place.offset.into(),
        note.encoding.name().into(),
        note.text.len().into(),
        audit.findings.len().into(),
        audit.procedures.len().into(),
        audit.radiculopathies.len().into(),
        correlation.map(|c| c.status.name()).into(),
        correlation.map(|c| c.concordance.name()).into(),
        audit.conservative_care.as_ref().map(|care| care.documented).into(),
        audit.gaps.len().into(),
        audit.flags.len().into(),
        audit.score.documented.into(),
        audit.score.required.into(),
        audit.score.percent().into(),
    ];
    NOTES.row(out, style.format, &row)
}

/// Writes the rows of a note's findings.
pub(super) fn findings(out: &mut impl Write, style: Style, note: &Note<'_>, audit: &Audit) -> io::Result<()> {
    for (i, finding) in audit.findings.iter().enumerate() {
        let place = anchor(&finding.evidence);
        let row = [
            Cell::from(&*note.id),
            finding_id(i).into(),
            finding.kind.name().into(),
            finding.subtype.map(Subtype::name).into(),
            finding.level.map(|l| l.to_string()).into(),
            finding.side.map(Side::name).into(),
            finding.severity.map(Severity::name).into(),
            finding.status.name().into(),
            finding.root.map(|r| r.to_string()).into(),
            finding.section.name().into(),
            place.map(|p| p.start).into(),
            place.map(|p| p.end).into(),
            place.filter(|_| style.text).map(|p| p.of(&note.text)).into(),
        ];
        FINDINGS.row(out, style.format, &row)?;
    }
    Ok(())
}

/// Writes the rows of a note's procedures.
pub(super) fn procedures(
    out: &mut impl Write,
    style: Style,
    note: &Note<'_>,
    audit: &Audit,
) -> io::Result<()> {
    for (i, procedure) in audit.procedures.iter().enumerate() {
        let place = anchor(&procedure.evidence);
        let (guidance, drugs) = audit.given(procedure);
        let drugs: Vec<String> = drugs.map(dose).collect();
        let row = [
            Cell::from(&*note.id),
            procedure_id(i).into(),
            procedure.family.name().into(),
            procedure.level.map(|l| l.to_string()).into(),
            procedure.side.map(Side::name).into(),
            procedure.status.name().into(),
            guidance.map(Guidance::name).into(),
            (!drugs.is_empty()).then(|| drugs.join("; ")).into(),
            procedure.section.name().into(),
            place.map(|p| p.start).into(),
            place.map(|p| p.end).into(),
            place.filter(|_| style.text).map(|p| p.of(&note.text)).into(),
        ];
        PROCEDURES.row(out, style.format, &row)?;
    }
    Ok(())
}

/// A drug with its dose, where that is known: "dexamethasone 10 mg".
fn dose(drug: &Drug) -> String {
    drug.dose_mg.map_or_else(
        || drug.substance.to_string(),
        |dose| format!("{} {} mg", drug.substance, (dose * 1e6).round() / 1e6),
    )
}

/// Writes the rows of a note's gaps.
pub(super) fn gaps(
    out: &mut impl Write,
    style: Style,
    rules: &Rules,
    note: &Note<'_>,
    audit: &Audit,
) -> io::Result<()> {
    let cited = if style.text { &*note.text } else { "" };
    for (i, gap) in audit.gaps.iter().enumerate() {
        let finding = gap.finding.and_then(|i| audit.findings.get(i));
        let procedure = gap.procedure.and_then(|i| audit.procedures.get(i));
        let level = finding.and_then(|f| f.level).or_else(|| procedure.and_then(|p| p.level));
        let side = finding.and_then(|f| f.side).or_else(|| procedure.and_then(|p| p.side));
        let row = [
            Cell::from(&*note.id),
            gap.rule.into(),
            gap.element.name().into(),
            gap.finding.map(finding_id).into(),
            finding.map(|f| f.kind.name()).into(),
            gap.procedure.map(procedure_id).into(),
            procedure.map(|p| p.family.name()).into(),
            level.map(|l| l.to_string()).into(),
            side.map(Side::name).into(),
            finding.and_then(|f| f.severity).map(Severity::name).into(),
            query(rules, audit, cited, i).map(|query| query.text).into(),
        ];
        GAPS.row(out, style.format, &row)?;
    }
    Ok(())
}

/// Writes the rows of a note's flags.
pub(super) fn flags(out: &mut impl Write, style: Style, note: &Note<'_>, audit: &Audit) -> io::Result<()> {
    for flag in &audit.flags {
        let place = flag.evidence.first().map(|e| e.span);
        let row = [
            Cell::from(&*note.id),
            flag.rule.into(),
            flag.level.name().into(),
            flag.message.as_str().into(),
            place.map(|p| p.start).into(),
            place.map(|p| p.end).into(),
        ];
        FLAGS.row(out, style.format, &row)?;
    }
    Ok(())
}

/// The id that a finding has within its note, the same as in the JSON of the audit.
fn finding_id(index: usize) -> String {
    format!("f{}", index + 1)
}

/// The id that a procedure has within its note, the same as in the JSON of the audit.
fn procedure_id(index: usize) -> String {
    format!("p{}", index + 1)
}

/// The words that make the fact; the first evidence where none is marked as such.
fn anchor(evidence: &EvidenceList) -> Option<Span> {
    let anchor = evidence.iter().find(|e| e.role == Role::Anchor);
    anchor.or_else(|| evidence.first()).map(|e| e.span)
}
