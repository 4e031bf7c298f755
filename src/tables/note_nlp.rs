//! The table `note_nlp`: `NOTE_NLP` of the OMOP Common Data Model 5.4, one row a finding, procedure or radiculopathy.
//!
//! Where the model's own words leave a choice, its conventions are followed
//! (OHDSI, *OMOP CDM v5.4*, `NOTE_NLP`): `term_exists` tells whether the patient has or had it, so that a denial and
//! a condition do not, while what is only possible does; `term_temporal` is `past` or `present`.

use std::fmt::{self, Write};

use super::column::{Day, Instant, Int, Long, Maybe, Shown, Text, table};
use super::ids::{anchor, key};
use super::notes::service_date;
use crate::io::Note;
use crate::model::{
    Audit, EvidenceList, Finding, Level, Procedure, ProcedureStatus, Radiculopathy, Role, Severity, Side,
    Status, Subtype, Vertebra,
};
use crate::text::Span;

/// Name and version of what made the rows.
const SYSTEM: &str = concat!("foramen ", env!("CARGO_PKG_VERSION"));

/// Characters that OMOP allows for words of the note.
const LONGEST: usize = 250;

/// Bytes that the words of one term may reach over.
const FARTHEST: u32 = 100;

/// Bytes of a snippet on either side of the words.
const WINDOW: u32 = 80;

/// What a row of the third kind is; findings and procedures have names of their own.
const ROOT_PAIN: &str = "radiculopathy";

table! {
    /// `NOTE_NLP` of the OMOP Common Data Model 5.4: one row a finding, a procedure, a radiculopathy. No vocabulary is
    /// shipped, so that concept ids are 0 and `term_modifiers` tells what was found.
    NoteNlpColumns of NoteNlpRow {
        /// A number made of the note's id and the fact's place in it: the same in every run.
        note_nlp_id: Long,
        /// The note's id as it came in; OMOP's own ids are numbers, to be cast when loading.
        note_id: Text,
        /// 0: not mapped.
        section_concept_id: Int,
        /// Words around the term, 250 characters at most; null with `--no-text`.
        snippet: Maybe<Text>,
        /// Where the term begins, in characters of the decoded text.
        offset: Maybe<Shown<usize>>,
        /// The words that make the fact, 250 characters at most; null with `--no-text`.
        lexical_variant: Maybe<Text>,
        /// 0: not mapped.
        note_nlp_concept_id: Int,
        /// 0: not mapped.
        note_nlp_source_concept_id: Int,
        /// Name and version of the engine.
        nlp_system: Text,
        /// The day of service where it is known, not that of the run: the same notes give the same bytes on any day.
        nlp_date: Maybe<Day>,
        /// Always null, as no clock is read.
        nlp_datetime: Maybe<Instant>,
        /// `Y` where the patient has, may have or had it; `N` for what is denied, conditional, planned or considered.
        term_exists: Text,
        /// `past` or `present`; null where neither.
        term_temporal: Maybe<Text>,
        /// What was found, as pairs: `kind=foraminal_stenosis;level=L4-L5;side=left;severity=moderate;status=present`.
        term_modifiers: Shown<Modifiers>,
    }
}

/// A fact in pairs of name and value, without those that the note does not state.
#[derive(Debug, Default)]
struct Modifiers {
    what: (&'static str, &'static str),
    subtype: Option<Subtype>,
    level: Option<Level>,
    root: Option<Vertebra>,
    side: Option<Side>,
    severity: Option<Severity>,
    status: &'static str,
    section: Option<&'static str>,
}

impl fmt::Display for Modifiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.what.0, self.what.1)?;
        let mut pair = |name: &str, value: Option<&dyn fmt::Display>| {
            value.map_or(Ok(()), |value| write!(f, ";{name}={value}"))
        };
        pair("subtype", self.subtype.as_ref().map(|value| value as _))?;
        pair("level", self.level.as_ref().map(|value| value as _))?;
        pair("root", self.root.as_ref().map(|value| value as _))?;
        pair("side", self.side.as_ref().map(|value| value as _))?;
        pair("severity", self.severity.as_ref().map(|value| value as _))?;
        pair("status", Some(&self.status))?;
        pair("section", self.section.as_ref().map(|value| value as _))
    }
}

/// What the three kinds of fact have in common.
struct Term<'a> {
    /// The first letter of the fact's id, and its place in its list.
    id: (char, usize),
    evidence: &'a EvidenceList,
    exists: &'static str,
    temporal: Option<&'static str>,
    modifiers: Modifiers,
}

impl<'a> Term<'a> {
    fn finding(index: usize, finding: &'a Finding) -> Self {
        let modifiers = Modifiers {
            what: ("kind", finding.kind.name()),
            subtype: finding.subtype,
            level: finding.level,
            root: finding.root,
            side: finding.side,
            severity: finding.severity,
            status: finding.status.name(),
            section: Some(finding.section.name()),
        };
        let (exists, temporal) = stated(finding.status);
        Self { id: ('f', index), evidence: &finding.evidence, exists, temporal, modifiers }
    }

    fn procedure(index: usize, procedure: &'a Procedure) -> Self {
        let modifiers = Modifiers {
            what: ("family", procedure.family.name()),
            level: procedure.level,
            side: procedure.side,
            status: procedure.status.name(),
            section: Some(procedure.section.name()),
            ..Modifiers::default()
        };
        let (exists, temporal) = match procedure.status {
            ProcedureStatus::Performed => ("Y", Some("present")),
            ProcedureStatus::Historical => ("Y", Some("past")),
            ProcedureStatus::Planned | ProcedureStatus::Considered => ("N", None),
        };
        Self { id: ('p', index), evidence: &procedure.evidence, exists, temporal, modifiers }
    }

    fn root(index: usize, found: &'a Radiculopathy) -> Self {
        let modifiers = Modifiers {
            what: ("kind", ROOT_PAIN),
            root: found.root,
            side: found.side,
            status: found.status.name(),
            ..Modifiers::default()
        };
        let (exists, temporal) = stated(found.status);
        Self { id: ('r', index), evidence: &found.evidence, exists, temporal, modifiers }
    }

    /// From the first to the last of the words that say what it is, without its values; the anchor alone where they
    /// stand far apart.
    fn place(&self) -> Option<Span> {
        let says_what = |role| matches!(role, Role::Anchor | Role::Structure | Role::Root | Role::Symptom);
        let pieces = self.evidence.iter().filter(|e| says_what(e.role)).map(|e| e.span);
        pieces.reduce(Span::union).filter(|span| span.len() <= FARTHEST).or_else(|| anchor(self.evidence))
    }
}

/// Whether the patient has or had it, and when.
const fn stated(status: Status) -> (&'static str, Option<&'static str>) {
    match status {
        Status::Present | Status::Possible => ("Y", Some("present")),
        Status::Historical => ("Y", Some("past")),
        Status::Absent => ("N", Some("present")),
        Status::Hypothetical | Status::Family => ("N", None),
    }
}

impl NoteNlpColumns {
    /// Adds the facts of a note; `text` says whether its words may appear.
    pub(crate) fn add(&mut self, note: &Note<'_>, text: bool, audit: &Audit) {
        let findings = audit.findings.iter().enumerate().map(|(i, finding)| Term::finding(i, finding));
        let procedures =
            audit.procedures.iter().enumerate().map(|(i, procedure)| Term::procedure(i, procedure));
        let roots = audit.radiculopathies.iter().enumerate().map(|(i, root)| Term::root(i, root));
        let day = service_date(note, audit).map(|(day, _)| day);
        let mut name = String::new();
        for term in findings.chain(procedures).chain(roots) {
            let place = term.place();
            let words = place.filter(|_| text);
            name.clear();
            // Writing to memory cannot fail.
            let _ = write!(name, "{}\0{}{}", note.id, term.id.0, term.id.1 + 1);
            self.push(NoteNlpRow {
                note_nlp_id: number(&name),
                note_id: &note.id,
                section_concept_id: 0,
                snippet: words.map(|span| shortened(snippet(&note.text, span))),
                offset: place.map(|span| characters(&note.text, span)),
                lexical_variant: words.map(|span| shortened(span.of(&note.text))),
                note_nlp_concept_id: 0,
                note_nlp_source_concept_id: 0,
                nlp_system: SYSTEM,
                nlp_date: day,
                nlp_datetime: None,
                term_exists: term.exists,
                term_temporal: term.temporal,
                term_modifiers: term.modifiers,
            });
        }
    }
}

/// 63 bits of a name's key.
fn number(name: &str) -> i64 {
    (key(name).as_u64_pair().0 >> 1).cast_signed()
}

/// Characters before a place.
fn characters(note: &str, span: Span) -> usize {
    Span::new(0, span.start).of(note).chars().count()
}

/// The words around a place, whole words alone.
fn snippet(note: &str, span: Span) -> &str {
    let start = note.floor_char_boundary(span.start.saturating_sub(WINDOW) as usize);
    let end = note.ceil_char_boundary(span.end.saturating_add(WINDOW) as usize);
    let before = note.get(start..span.start as usize).unwrap_or_default();
    let after = note.get(span.end as usize..end).unwrap_or_default();
    let cut_before = if start == 0 { 0 } else { before.find(char::is_whitespace).unwrap_or(before.len()) };
    let cut_after =
        if end == note.len() { after.len() } else { after.rfind(char::is_whitespace).unwrap_or(0) };
    note.get(start + cut_before..span.end as usize + cut_after).unwrap_or_default().trim()
}

/// At most [`LONGEST`] characters.
fn shortened(text: &str) -> &str {
    text.char_indices().nth(LONGEST).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_made_of_whole_words_around_the_term() {
        let note = format!("{} L4-5 stenosis {}", "aé ".repeat(60), "éa ".repeat(60));
        let at = note.find("stenosis").unwrap() as u32;
        let around = snippet(&note, Span::new(at, at + 8));
        assert!(around.starts_with("aé aé") && around.ends_with("éa éa"), "{around}");
        assert!(around.contains("L4-5 stenosis") && around.len() < 180, "{around}");
        for (note, span, expected) in [
            ("stenosis", (0, 8), "stenosis"),
            (" a stenosis\n", (3, 11), "a stenosis"),
            ("é", (0, 2), "é"),
            ("", (0, 0), ""),
            // A place that is none of the note does no harm.
            ("short", (3, 90), ""),
            ("é", (1, 2), "é"),
        ] {
            assert_eq!(snippet(note, Span::new(span.0, span.1)), expected, "{note}");
        }
    }

    #[test]
    fn words_are_cut_at_250_characters() {
        assert_eq!(shortened(&"é".repeat(300)).chars().count(), 250);
        assert_eq!(shortened("short"), "short");
    }

    #[test]
    fn offsets_count_characters() {
        assert_eq!(characters("éé stenosis", Span::new(5, 13)), 3);
    }

    #[test]
    fn numbers_are_positive_and_stay_the_same() {
        assert_eq!(number("n1\0f1"), number("n1\0f1"));
        assert!(["a", "b", "c", "n1\0f1", "n1\0f2"].iter().all(|name| number(name) >= 0));
        assert_ne!(number("n1\0f1"), number("n1\0f2"));
    }
}
