//! Notes with gold facts, as JSONL: one object a line, with `note_id`, `note_type`, `source`, `text`, `gold`.
//!
//! Gold facts are read as the same values that an audit holds ([`Finding`], [`Procedure`], [`Radiculopathy`]), without
//! evidence, so that one comparison and one completeness check serve both.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::model::{
    Between, CorrelationStatus, EvidenceList, Finding, FindingKind, Level, NoteType, Procedure,
    ProcedureFamily, ProcedureStatus, Radiculopathy, SectionKind, Severity, Side, Status, Subtype, Vertebra,
};

/// A note and the facts that it states.
#[derive(Clone, Debug)]
pub struct GoldNote {
    /// The note's name, unique in its file.
    pub note_id: String,
    /// What it was written for.
    pub note_type: NoteType,
    /// Where it comes from.
    pub source: String,
    /// The file that it was read from, without its folder.
    pub file: String,
    /// The note.
    pub text: String,
    /// The findings.
    pub findings: Vec<Finding>,
    /// The words that prove each finding, as the annotator chose them.
    pub finding_quotes: Vec<String>,
    /// The radiculopathies.
    pub radiculopathies: Vec<Radiculopathy>,
    /// The words that prove each radiculopathy.
    pub radiculopathy_quotes: Vec<String>,
    /// The procedures.
    pub procedures: Vec<Procedure>,
    /// The words that prove each procedure.
    pub procedure_quotes: Vec<String>,
    /// Imaging joined to symptoms; `None` where it is not asked of the note.
    pub correlation: Option<CorrelationStatus>,
    /// Whether the note says in words whether they belong together, also where it says that they do not.
    pub correlation_told: bool,
    /// Whether non-operative treatment is documented; `None` where it is not asked.
    pub conservative_care: Option<bool>,
    /// Statements that cannot both hold.
    pub contradictions: Vec<GoldContradiction>,
}

/// Two statements of a note that cannot both hold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GoldContradiction {
    /// The kind of finding, or a procedure's family.
    pub kind: String,
    /// The level; one of the two where they disagree about it.
    pub level: Option<Level>,
    /// What they disagree about.
    pub between: Between,
}

/// Gold could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GoldError {
    /// A file or folder could not be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is no gold record.
    #[error("{}:{line}:{column}: not a gold record: {reason}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1, in bytes.
        column: usize,
        /// Why, without the note's words.
        reason: String,
    },
    /// There is no record at all.
    #[error("no gold records in {0}: give JSONL files, or folders that hold *.jsonl")]
    Empty(String),
}

#[derive(Deserialize)]
struct Record {
    note_id: String,
    note_type: NoteType,
    source: String,
    text: String,
    gold: Facts,
}

#[derive(Deserialize)]
struct Facts {
    findings: Vec<FindingFact>,
    #[serde(default)]
    procedures: Vec<ProcedureFact>,
    #[serde(default)]
    radiculopathies: Vec<RadiculopathyFact>,
    correlation: Option<CorrelationStatus>,
    #[serde(default)]
    correlation_told: bool,
    conservative_care: Option<bool>,
    #[serde(default)]
    contradictions: Vec<GoldContradiction>,
}

#[derive(Deserialize)]
struct FindingFact {
    kind: FindingKind,
    level: Option<Level>,
    side: Option<Side>,
    severity: Option<Severity>,
    status: Status,
    subtype: Option<Subtype>,
    root: Option<Vertebra>,
    #[serde(default)]
    quote: String,
}

#[derive(Deserialize)]
struct ProcedureFact {
    family: ProcedureFamily,
    level: Option<Level>,
    side: Option<Side>,
    status: ProcedureStatus,
    #[serde(default)]
    quote: String,
}

#[derive(Deserialize)]
struct RadiculopathyFact {
    root: Option<Vertebra>,
    side: Option<Side>,
    status: Status,
    #[serde(default)]
    quote: String,
}

/// Reads JSONL files, and the `*.jsonl` of folders in the order of their names.
///
/// # Errors
/// When a file cannot be read, a line is no gold record, or there is none at all.
pub fn read(paths: &[PathBuf]) -> Result<Vec<GoldNote>, GoldError> {
    let mut notes = Vec::new();
    for path in paths {
        for file in files(path)? {
            read_file(&file, &mut notes)?;
        }
    }
    if notes.is_empty() {
        let names: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
        return Err(GoldError::Empty(names.join(", ")));
    }
    Ok(notes)
}

fn files(path: &Path) -> Result<Vec<PathBuf>, GoldError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let io = |source| GoldError::Io { path: path.to_owned(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(io)? {
        let file = entry.map_err(io)?.path();
        if file.extension().is_some_and(|e| e == "jsonl") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn read_file(path: &Path, notes: &mut Vec<GoldNote>) -> Result<(), GoldError> {
    let text = fs::read_to_string(path).map_err(|source| GoldError::Io { path: path.to_owned(), source })?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let record: Record = serde_json::from_str(line).map_err(|error| GoldError::Record {
            path: path.to_owned(),
            line: index + 1,
            column: error.column(),
            reason: reason(&error),
        })?;
        notes.push(record.into_note(&file));
    }
    Ok(())
}

/// What is wrong, where the message holds names alone; other messages may quote the note.
fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let safe = ["missing field", "unknown variant", "not a spinal level"];
    if error.is_data() && !safe.iter().any(|start| message.starts_with(start)) {
        "a value is of the wrong type".to_owned()
    } else {
        message.split(" at line ").next().unwrap_or_default().to_owned()
    }
}

impl Record {
    fn into_note(self, file: &str) -> GoldNote {
        let facts = self.gold;
        let (findings, finding_quotes) = facts.findings.into_iter().map(FindingFact::split).unzip();
        let (procedures, procedure_quotes) = facts.procedures.into_iter().map(ProcedureFact::split).unzip();
        let (radiculopathies, radiculopathy_quotes) =
            facts.radiculopathies.into_iter().map(RadiculopathyFact::split).unzip();
        GoldNote {
            note_id: self.note_id,
            note_type: self.note_type,
            source: self.source,
            file: file.to_owned(),
            text: self.text,
            findings,
            finding_quotes,
            radiculopathies,
            radiculopathy_quotes,
            procedures,
            procedure_quotes,
            correlation: facts.correlation,
            correlation_told: facts.correlation_told,
            conservative_care: facts.conservative_care,
            contradictions: facts.contradictions,
        }
    }
}

impl FindingFact {
    fn split(self) -> (Finding, String) {
        let finding = Finding {
            subtype: self.subtype,
            level: self.level,
            side: self.side,
            severity: self.severity,
            status: self.status,
            root: self.root,
            ..Finding::of(self.kind)
        };
        (finding, self.quote)
    }
}

impl ProcedureFact {
    fn split(self) -> (Procedure, String) {
        let Self { family, level, side, status, quote } = self;
        let (section, evidence) = (SectionKind::Unknown, EvidenceList::new());
        (Procedure { family, level, side, status, section, evidence }, quote)
    }
}

impl RadiculopathyFact {
    fn split(self) -> (Radiculopathy, String) {
        let Self { root, side, status, quote } = self;
        (Radiculopathy { root, side, status, evidence: EvidenceList::new() }, quote)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<GoldNote>, GoldError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("g.jsonl");
        fs::write(&path, text).unwrap();
        read(&[path])
    }

    #[test]
    fn a_record_is_read_as_an_audits_values() {
        let notes = read_text(concat!(
            r#"{"note_id":"a","note_type":"clinic","source":"s","title":"t","text":"x","gold":{"findings":["#,
            r#"{"kind":"disc_displacement","level":"L4-L5","side":"left","severity":null,"status":"present","#,
            r#""subtype":"bulge","quote":"q"}],"radiculopathies":[{"root":"L5","side":null,"status":"absent"}],"#,
            r#""procedures":[{"family":"fusion","level":null,"side":null,"status":"planned"}],"#,
            r#""correlation":"implicit","conservative_care":true,"contradictions":[]}}"#,
            "\n\n"
        ))
        .unwrap();
        let note = &notes[0];
        assert_eq!((note.file.as_str(), note.note_type), ("g.jsonl", NoteType::Clinic));
        assert_eq!(note.findings[0].subtype, Some(Subtype::Bulge));
        assert_eq!(note.finding_quotes, ["q"]);
        assert_eq!(note.radiculopathies[0].status, Status::Absent);
        assert_eq!(note.correlation, Some(CorrelationStatus::Implicit));
        assert_eq!(note.procedures[0].family, ProcedureFamily::Fusion);
    }

    #[test]
    fn errors_name_the_line_and_keep_the_note_to_themselves() {
        let cases = [
            ("{\"note_id\":\"a\"}", ":1:", "missing field `note_type`"),
            ("\n{\"note_id\":", ":2:", "EOF"),
            (
                r#"{"note_id":"a","note_type":"x","source":"","text":"","gold":{}}"#,
                ":1:",
                "unknown variant `x`",
            ),
            (
                r#"{"note_id":"a","note_type":"clinic","source":"","text":"","gold":"SECRET"}"#,
                ":1:",
                "wrong type",
            ),
            (
                r#"{"note_id":"a","note_type":"clinic","source":"","text":"","gold":{"findings":[{"kind":"facet_arthropathy","level":"L4-S1"}]}}"#,
                ":1:",
                "not a spinal level",
            ),
        ];
        for (text, place, reason) in cases {
            let message = read_text(text).unwrap_err().to_string();
            assert!(message.contains(place) && message.contains(reason), "{message}");
            assert!(!message.contains("SECRET"), "{message}");
        }
        assert!(matches!(read_text("\n"), Err(GoldError::Empty(_))));
    }
}
