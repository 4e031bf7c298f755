//! What is wrong, note by note, for whoever works on the engine.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{EvidenceList, Finding, FindingKind, Role};
use crate::text::{Folded, LineIndex, Span};

use super::facts::{self, Fact, GapFact, ProcedureFact, RootFact};
use super::pairing::{self, Alone};
use super::score::{self, Scored};

const PROCEDURE: &str = "procedure";
const ROOT: &str = "root";
const GAP: &str = "gap";
const CORRELATION: &str = "correlation";
const CARE: &str = "conservative_care";
const CONTRADICTION: &str = "contradiction";

/// What can be wrong besides the kinds of finding.
pub const TOPICS: [&str; 6] = [PROCEDURE, ROOT, GAP, CORRELATION, CARE, CONTRADICTION];

/// How something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Mark {
    /// In gold, not in the audit.
    #[serde(rename = "FN")]
    Missing,
    /// In the audit, not in gold.
    #[serde(rename = "FP")]
    Spurious,
    /// Another label than gold's.
    #[serde(rename = "!=")]
    Other,
}

/// One thing that is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    /// How.
    pub mark: Mark,
    /// The kind of finding, or one of [`TOPICS`].
    pub topic: &'static str,
    /// The values.
    pub fact: String,
    /// The values in which its nearest counterpart on the other side differs; empty where it has none.
    pub differs: Vec<&'static str>,
    /// Line and column of the words, both from 1, the column in code points.
    pub place: Option<(u32, u32)>,
    /// The words of the note: gold's quote, or the audit's evidence and what stands around it.
    pub words: Option<String>,
}

/// All that is wrong in one note.
#[derive(Clone, Debug, Serialize)]
pub struct NoteErrors {
    /// The note.
    pub note_id: String,
    /// Its file.
    pub file: String,
    /// What is wrong, by kind of finding and then the rest.
    pub faults: Vec<Fault>,
}

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct ErrorFilter {
    /// Only these kinds of finding and [`TOPICS`]; all where empty.
    pub topics: Vec<String>,
    /// Only these notes; all where empty.
    pub notes: Vec<String>,
    /// At most so many faults in all.
    pub limit: Option<usize>,
    /// Without words of the notes.
    pub no_text: bool,
}

/// Lists what is wrong, in the order of the notes.
pub fn errors(scored: &[Scored], filter: &ErrorFilter) -> Vec<NoteErrors> {
    let wanted = |list: &[String], name: &str| list.is_empty() || list.iter().any(|l| l == name);
    let mut left = filter.limit.unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for scored in scored.iter().filter(|s| wanted(&filter.notes, &s.note.note_id)) {
        let mut faults = faults(scored);
        faults.retain(|f| wanted(&filter.topics, f.topic));
        faults.truncate(left);
        left -= faults.len();
        if filter.no_text {
            for fault in &mut faults {
                fault.words = None;
            }
        }
        if !faults.is_empty() {
            let (note_id, file) = (scored.note.note_id.clone(), scored.note.file.clone());
            found.push(NoteErrors { note_id, file, faults });
        }
    }
    found
}

/// Topic → what is wrong → how often. A pair of a missed and a made-up finding counts once.
pub fn categories(errors: &[NoteErrors]) -> BTreeMap<&'static str, BTreeMap<String, u32>> {
    let mut counts: BTreeMap<_, BTreeMap<String, u32>> = BTreeMap::new();
    for fault in errors.iter().flat_map(|note| &note.faults) {
        let category = match (fault.mark, fault.differs.is_empty()) {
            (Mark::Missing, true) => "not found".to_owned(),
            (Mark::Spurious, true) => "made up".to_owned(),
            (Mark::Missing, false) => format!("wrong {}", fault.differs.join(" and ")),
            (Mark::Spurious, false) => continue,
            (Mark::Other, _) => "wrong".to_owned(),
        };
        *counts.entry(fault.topic).or_default().entry(category).or_default() += 1;
    }
    counts
}

fn faults(scored: &Scored) -> Vec<Fault> {
    let note = &scored.note;
    let words =
        Words { note: &note.text, folded: Folded::new(&note.text), lines: LineIndex::new(&note.text) };
    let mut faults = findings(scored, &words);
    let gold_procedures = facts::procedures(&note.procedures);
    for fact in &scored.procedures.missing {
        let quote = gold_procedures.get(fact).and_then(|&r| note.procedure_quotes.get(r));
        faults.push(words.quoted(PROCEDURE, procedure(*fact), quote));
    }
    let audit_procedures = facts::procedures(&scored.audit.procedures);
    for fact in &scored.procedures.spurious {
        let record = audit_procedures.get(fact).and_then(|&r| scored.audit.procedures.get(r));
        faults.push(words.proven(Mark::Spurious, PROCEDURE, procedure(*fact), record.map(|r| &r.evidence)));
    }
    let gold_roots = facts::radiculopathies(&note.radiculopathies);
    for fact in &scored.radiculopathies.missing {
        let quote = gold_roots.get(fact).and_then(|&r| note.radiculopathy_quotes.get(r));
        faults.push(words.quoted(ROOT, root(*fact), quote));
    }
    let audit_roots = facts::radiculopathies(&scored.audit.radiculopathies);
    for fact in &scored.radiculopathies.spurious {
        let record = audit_roots.get(fact).and_then(|&r| scored.audit.radiculopathies.get(r));
        faults.push(words.proven(Mark::Spurious, ROOT, root(*fact), record.map(|r| &r.evidence)));
    }
    faults.extend(scored.gaps.missing.iter().map(|f| Fault::bare(Mark::Missing, GAP, gap(*f))));
    faults.extend(scored.gaps.spurious.iter().map(|f| Fault::bare(Mark::Spurious, GAP, gap(*f))));
    for (mark, alone) in
        [(Mark::Missing, &scored.contradictions.missing), (Mark::Spurious, &scored.contradictions.spurious)]
    {
        faults.extend(alone.iter().map(|d| {
            let fact = line(&[d.kind.name().to_owned(), d.between.to_string(), value(d.level.as_ref())]);
            Fault::bare(mark, CONTRADICTION, fact)
        }));
    }
    let audit = &scored.audit;
    faults.extend(label(
        &words,
        CORRELATION,
        score::correlation(scored),
        audit.correlation.as_ref().map(|c| &c.evidence),
    ));
    faults.extend(label(
        &words,
        CARE,
        score::conservative_care(scored),
        audit.conservative_care.as_ref().map(|c| &c.evidence),
    ));
    faults
}

fn label(
    words: &Words<'_>,
    topic: &'static str,
    (gold, audit): (Option<&'static str>, Option<&'static str>),
    evidence: Option<&EvidenceList>,
) -> Option<Fault> {
    let gold = gold.filter(|&gold| audit != Some(gold))?;
    let fact = format!("{gold}, audit says {}", audit.unwrap_or(score::UNASKED));
    Some(words.proven(Mark::Other, topic, fact, evidence))
}

fn findings(scored: &Scored, words: &Words<'_>) -> Vec<Fault> {
    let alone = |facts: &[Fact], records: &[Finding]| {
        pairing::with_records(facts, &facts::findings(records), records)
    };
    let missing = alone(&scored.findings.missing, &scored.note.findings);
    let spurious = alone(&scored.findings.spurious, &scored.audit.findings);
    let pairs = pairing::pairs(&missing, &spurious);
    let missed = |a: &Alone, differs| Fault {
        differs,
        ..words.quoted(a.fact.kind.name(), finding(a.fact), scored.note.finding_quotes.get(a.record))
    };
    let made_up = |a: &Alone, differs| {
        let evidence = scored.audit.findings.get(a.record).map(|f| &f.evidence);
        Fault { differs, ..words.proven(Mark::Spurious, a.fact.kind.name(), finding(a.fact), evidence) }
    };
    let mut sorted: Vec<(FindingKind, Fault)> = Vec::new();
    for (index, a) in missing.iter().enumerate() {
        let counterpart = pairs.iter().find(|&&(m, _)| m == index).and_then(|&(_, s)| spurious.get(s));
        let differs = counterpart.map(|b| pairing::differences(a.fact, b.fact)).unwrap_or_default();
        sorted.push((a.fact.kind, missed(a, differs.clone())));
        sorted.extend(counterpart.map(|b| (b.fact.kind, made_up(b, differs))));
    }
    for (index, b) in spurious.iter().enumerate() {
        if pairs.iter().all(|&(_, s)| s != index) {
            sorted.push((b.fact.kind, made_up(b, Vec::new())));
        }
    }
    sorted.sort_by_key(|&(kind, _)| kind);
    sorted.into_iter().map(|(_, fault)| fault).collect()
}

fn value<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(|| "-".to_owned(), T::to_string)
}

fn line(values: &[String]) -> String {
    values.join(" ")
}

fn finding(f: Fact) -> String {
    line(&[value(f.level.as_ref()), value(f.side.as_ref()), value(f.severity.as_ref()), f.status.to_string()])
}

fn procedure(f: ProcedureFact) -> String {
    let (family, status) = (f.family.to_string(), f.status.to_string());
    line(&[family, value(f.level.as_ref()), value(f.side.as_ref()), status])
}

fn root(f: RootFact) -> String {
    line(&[value(f.root.as_ref()), value(f.side.as_ref()), f.status.to_string()])
}

fn gap(f: GapFact) -> String {
    line(&[f.element.to_string(), value(f.kind.as_ref()), value(f.level.as_ref()), value(f.side.as_ref())])
}

impl Fault {
    fn bare(mark: Mark, topic: &'static str, fact: String) -> Self {
        Self { mark, topic, fact, differs: Vec::new(), place: None, words: None }
    }
}

/// The words of one note.
struct Words<'n> {
    note: &'n str,
    folded: Folded<'n>,
    lines: LineIndex<'n>,
}

/// Bytes of the note that are shown on either side of the evidence.
const AROUND: usize = 30;
/// Bytes of evidence beyond which only its anchor is shown.
const LONGEST: u32 = 160;

impl Words<'_> {
    /// A missed fact with gold's quote.
    fn quoted(&self, topic: &'static str, fact: String, quote: Option<&String>) -> Fault {
        let at = quote.filter(|q| !q.is_empty()).and_then(|q| {
            let at = self.folded.text().find(Folded::new(q).text())?;
            Some(self.folded.note_offset(at as u32))
        });
        Fault {
            place: at.map(|at| self.place(at)),
            words: quote.filter(|q| !q.is_empty()).map(|q| on_one_line(q)),
            ..Fault::bare(Mark::Missing, topic, fact)
        }
    }

    /// A fact of the audit with its evidence and what stands around it.
    fn proven(
        &self,
        mark: Mark,
        topic: &'static str,
        fact: String,
        evidence: Option<&EvidenceList>,
    ) -> Fault {
        let anchor = evidence.and_then(|list| {
            list.iter().find(|e| e.role == Role::Anchor).or_else(|| list.first()).map(|e| e.span)
        });
        let words = evidence.zip(anchor).map(|(list, anchor)| {
            let parts: Vec<String> =
                list.iter().map(|e| format!("{}={}", e.role, on_one_line(e.span.of(self.note)))).collect();
            let all = list.iter().fold(anchor, |all, e| all.union(e.span));
            let shown = if all.len() <= LONGEST { all } else { anchor };
            format!("{} \u{2039}{}\u{203a}", parts.join(", "), on_one_line(self.around(shown)))
        });
        Fault { place: anchor.map(|a| self.place(a.start)), words, ..Fault::bare(mark, topic, fact) }
    }

    fn place(&self, offset: u32) -> (u32, u32) {
        let place = self.lines.line_column(offset);
        (place.line, place.column)
    }

    fn around(&self, span: Span) -> &str {
        let start = self.note.floor_char_boundary((span.start as usize).saturating_sub(AROUND));
        let end = self.note.ceil_char_boundary((span.end as usize + AROUND).min(self.note.len()));
        self.note.get(start..end).unwrap_or_default()
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::sample::{audit, note, proven};

    const TEXT: &str = "Level four-five:\nsevere left narrowing there, mild on the other one";

    fn listed(gold: &[&str], found: &[&str], filter: &ErrorFilter) -> String {
        let found = found.iter().map(|f| proven(f, 29, 38)).collect();
        written(&errors(&[Scored::new(note(TEXT, gold), audit(found))], filter))
    }

    fn written(errors: &[NoteErrors]) -> String {
        let mut out = Vec::new();
        crate::eval::write_errors(&mut out, errors).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn findings_only() -> ErrorFilter {
        ErrorFilter { topics: vec!["foraminal_stenosis".to_owned()], ..ErrorFilter::default() }
    }

    #[test]
    fn a_wrong_value_shows_both_sides_of_the_pair() {
        let mut gold = note(
            TEXT,
            &["foraminal_stenosis L4-L5 left mild present", "foraminal_stenosis L5-S1 bilateral - absent"],
        );
        gold.finding_quotes = vec!["Severe LEFT\nnarrowing".to_owned(), String::new()];
        let found = audit(vec![
            proven("foraminal_stenosis L4-L5 left severe present", 29, 38),
            proven("foraminal_stenosis - - - possible", 29, 38),
        ]);
        let text = written(&errors(&[Scored::new(gold, found)], &findings_only()));
        let around = "‹Level four-five: severe left narrowing there, mild on the other one›";
        let lines = [
            "n1 (g.jsonl)".to_owned(),
            "  FN foraminal_stenosis L4-L5 left mild present ≠severity | 2:1 | Severe LEFT narrowing"
                .to_owned(),
            format!(
                "  FP foraminal_stenosis L4-L5 left severe present ≠severity | 2:13 | anchor=narrowing {around}"
            ),
            "  FN foraminal_stenosis L5-S1 bilateral - absent".to_owned(),
            format!("  FP foraminal_stenosis - - - possible | 2:13 | anchor=narrowing {around}"),
        ];
        assert_eq!(text.trim_start().lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn categories_count_a_pair_once() {
        let gold = note(TEXT, &["foraminal_stenosis L4-L5 left mild present"]);
        let found = audit(vec![
            proven("foraminal_stenosis L4-L5 right mild present", 0, 5),
            proven("foraminal_stenosis C2-C3 right - absent", 0, 5),
        ]);
        let errors = errors(&[Scored::new(gold, found)], &findings_only());
        let categories = categories(&errors);
        assert_eq!(
            categories["foraminal_stenosis"],
            BTreeMap::from([("made up".to_owned(), 1), ("wrong side".to_owned(), 1)])
        );
    }

    #[test]
    fn the_filter_chooses_notes_and_kinds_and_hides_words() {
        let gold = ["foraminal_stenosis L4-L5 left mild present", "disc_displacement L4-L5 - - present"];
        let filter = |change: fn(&mut ErrorFilter)| {
            let mut filter = findings_only();
            change(&mut filter);
            listed(&gold, &[], &filter)
        };
        assert_eq!(filter(|f| f.notes = vec!["other".to_owned()]), "");
        assert_eq!(filter(|f| f.limit = Some(0)), "");
        assert_eq!(
            filter(|f| f.no_text = true),
            "\nn1 (g.jsonl)\n  FN foraminal_stenosis L4-L5 left mild present\n"
        );
        assert!(filter(|f| f.topics.clear()).contains("FN disc_displacement L4-L5 - - present"));
    }
}
