//! Gaps and flags of one note for a person, as compilers print diagnostics: what is missing, the lines of the note
//! with the evidence underlined, and the query that asks for the rest.

use std::fmt::Write as _;

use annotate_snippets::renderer::{DEFAULT_LINE_NUM_STYLE, Style};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use crate::checks::{Query, Rules, queries, words};
use crate::model::{Audit, DateOrigin, Evidence, Fact, Flag, FlagLevel, Issue, Role, Score};
use crate::text::{LineColumn, LineIndex, Span};

use super::excerpt::{Excerpt, excerpt};

/// Columns that no excerpt needs: the excerpt has cut long lines already, around all of the evidence.
const UNCUT: usize = 1 << 16;

/// One note's gaps and flags, to be rendered.
#[derive(Clone, Copy, Debug)]
pub struct Diagnostics<'a> {
    /// Where titles and queries come from.
    pub rules: &'a Rules,
    /// The note's name, as its user gave it.
    pub name: &'a str,
    /// The note, as it was audited.
    pub note: &'a str,
    /// What was found.
    pub audit: &'a Audit,
    /// Columns to fit lines of the note into.
    pub width: usize,
    /// Whether to write ANSI colours.
    pub colour: bool,
}

/// One diagnostic, before it is laid out.
struct Diagnostic<'a> {
    level: FlagLevel,
    codes: String,
    title: String,
    /// What it is about, whose values label the evidence.
    fact: Fact<'a>,
    evidence: &'a [Evidence],
    help: Option<String>,
}

impl Diagnostics<'_> {
    /// The diagnostics and closing lines of summary; empty for a note without gaps and flags.
    pub fn render(&self) -> String {
        let mut out = String::new();
        if self.audit.gaps.is_empty() && self.audit.flags.is_empty() {
            return out;
        }
        let index = LineIndex::new(self.note);
        let asked = queries(self.rules, self.audit, self.note);
        let gaps = asked.iter().map(|query| self.gaps(query));
        for diagnostic in gaps.chain(self.audit.flags.iter().map(flag)) {
            self.lay_out(&index, diagnostic, &mut out);
        }
        out.push_str(&self.summary());
        out
    }

    fn gaps<'q>(&'q self, query: &'q Query) -> Diagnostic<'q> {
        let missing: Vec<_> = query.gaps.iter().filter_map(|&gap| self.audit.gaps.get(gap)).collect();
        let rules = missing.iter().filter_map(|gap| self.rules.get(gap.rule));
        let codes: Vec<&str> = missing.iter().map(|gap| gap.rule).collect();
        let mut help = query.text.clone();
        for choice in &query.choices {
            // Writing to a string cannot fail.
            let _ = write!(help, "\n{}: {}", words(choice.element.name()), choice.options.join(" | "));
        }
        Diagnostic {
            level: rules.map(|rule| rule.level).max().unwrap_or(FlagLevel::Warning),
            codes: codes.join(", "),
            title: query.title(self.rules, self.audit),
            fact: self.audit.fact(query.finding, query.procedure),
            evidence: &query.evidence,
            help: Some(help),
        }
    }

    /// Title, place, excerpt and help. The place is written here because an excerpt that knows its path would
    /// number columns by what is shown and not by the note.
    fn lay_out(&self, index: &LineIndex<'_>, diagnostic: Diagnostic<'_>, out: &mut String) {
        let Diagnostic { level, codes, title, fact, evidence, help } = diagnostic;
        let renderer = if self.colour { Renderer::styled() } else { Renderer::plain() }.term_width(UNCUT);
        let level = weighed(level);
        let spans: Vec<Span> = evidence.iter().map(|e| e.span).collect();
        let shown = excerpt(self.note, index, &spans, self.width);
        let gutter = shown.last_line().to_string().len();

        out.push_str(&renderer.render(&[Group::with_title(level.clone().primary_title(title).id(codes))]));
        let style = if self.colour { DEFAULT_LINE_NUM_STYLE } else { Style::new() };
        let place = self.place(index, evidence, &shown);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n{:gutter$}{style}-->{style:#} {place}", "");

        let mut labelled = None;
        let annotations = shown.pieces.iter().filter_map(|(at, bytes)| {
            let piece = evidence.get(*at)?;
            let is_first = labelled.replace(*at) != Some(*at);
            let is_anchor = piece.role == Role::Anchor;
            let kind = if is_anchor { AnnotationKind::Primary } else { AnnotationKind::Context };
            Some(kind.span(bytes.clone()).label(is_first.then(|| label(fact, piece.role))))
        });
        let mut body = Group::with_level(level);
        if !shown.pieces.is_empty() {
            let lines = Snippet::source(&shown.text).line_start(shown.first_line as usize);
            body = body.element(lines.annotations(annotations));
        }
        if let Some(help) = help {
            body = body.element(Level::HELP.message(printable(&help)));
        }
        out.push_str(&renderer.render(&[body]));
        out.push_str("\n\n");
    }

    /// The note's name, with line and column of the first anchor that is shown, or of what is shown first.
    fn place(&self, index: &LineIndex<'_>, evidence: &[Evidence], shown: &Excerpt) -> String {
        let pieces = || shown.pieces.iter().filter_map(|(at, _)| evidence.get(*at));
        let name = printable(self.name);
        match pieces().find(|e| e.role == Role::Anchor).or_else(|| pieces().next()) {
            None => name,
            Some(first) => {
                let LineColumn { line, column } = index.line_column(first.span.start);
                format!("{name}:{line}:{column}")
            }
        }
    }

    fn summary(&self) -> String {
        let Score { documented, required } = self.audit.score;
        let percent = self.audit.score.percent().map(|p| format!(" ({p:.1}%)")).unwrap_or_default();
        let gaps = counted(self.audit.gaps.len(), "gap");
        let flags = counted(self.audit.flags.len(), "flag");
        let name = printable(self.name);
        let mut summary = format!(
            "{name}: {gaps}, {flags}; {documented} of {required} required elements documented{percent}\n"
        );
        // Writing to a string cannot fail.
        for policy in &self.audit.policies {
            let (pack, number, contractor, from) =
                (policy.pack, &policy.number, &policy.contractor, policy.from);
            let _ =
                writeln!(summary, "{name}: {pack} is LCD {number} of {contractor}, in force since {from}");
        }
        if let Some(service) = self.audit.service.filter(|service| service.origin == DateOrigin::Assumed) {
            let day = service.day;
            let _ =
                writeln!(summary, "{name}: no day of service is known; judged by the rules of {day}, today");
        }
        for ignored in &self.audit.ignored {
            let rule = match &ignored.issue {
                Issue::Gap(gap) => gap.rule,
                Issue::Flag(flag) => flag.rule,
            };
            let _ = writeln!(summary, "{name}: {rule} set aside: {}", printable(&ignored.reason));
        }
        summary
    }
}

fn flag(flag: &Flag) -> Diagnostic<'_> {
    Diagnostic {
        level: flag.level,
        codes: flag.rule.to_owned(),
        title: flag.message.clone(),
        fact: Fact::Note,
        evidence: &flag.evidence,
        help: None,
    }
}

fn weighed(level: FlagLevel) -> Level<'static> {
    match level {
        FlagLevel::Info => Level::INFO,
        FlagLevel::Warning => Level::WARNING,
        FlagLevel::Error => Level::ERROR,
    }
}

/// "1 gap", "2 gaps".
pub(crate) fn counted(count: usize, of: &str) -> String {
    format!("{count} {of}{}", if count == 1 { "" } else { "s" })
}

/// Text of the note or its name without what a terminal would take for a command, line ends kept.
fn printable(text: &str) -> String {
    text.split('\n').map(normalize_untrusted_str).collect::<Vec<_>>().join("\n")
}

/// The value that a fact has of what a piece of evidence proves.
fn value(fact: Fact<'_>, role: Role) -> Option<String> {
    match role {
        Role::Level => fact.level().map(|level| level.to_string()),
        Role::Side => fact.side().map(|side| side.to_string()),
        Role::Severity => fact.finding()?.severity.map(|severity| words(severity.name())),
        Role::Root => fact.finding()?.root.map(|root| root.to_string()),
        _ => None,
    }
}

/// What a piece of evidence says: its part in the fact, and the value that the fact has of it.
fn label(fact: Fact<'_>, role: Role) -> String {
    match (fact, role) {
        (Fact::Finding(finding), Role::Anchor) => words(finding.kind.name()),
        (Fact::Procedure(procedure), Role::Anchor) => words(procedure.family.name()),
        _ => value(fact, role).map_or_else(|| role.to_string(), |value| format!("{role} {value}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::sample::{evidence, finding_in};
    use crate::checks::{Settings, completeness, contradiction_flags};
    use crate::model::{
        Between, Concordance, Contradiction, Correlation, CorrelationStatus, Finding, NoteType, ScaleGrade,
    };

    fn audit(note_type: NoteType, findings: Vec<Finding>, contradictions: Vec<Contradiction>) -> Audit {
        let found = completeness(note_type, &findings, Some(CorrelationStatus::None), &Settings::default());
        let flags = contradiction_flags(&Rules::embedded().unwrap(), &findings, &contradictions);
        Audit {
            findings,
            contradictions,
            score: found.score(),
            gaps: found.gaps,
            flags,
            ..Audit::empty(note_type)
        }
    }

    fn rendered(note: &str, audit: &Audit) -> String {
        let rules = Rules::embedded().unwrap();
        Diagnostics { rules: &rules, name: "note.txt", note, audit, width: 100, colour: false }.render()
    }

    #[test]
    fn gaps_of_one_finding_are_one_diagnostic() {
        let note = "FINDINGS:\nL4-5: Broad bulge. There is foraminal narrowing.\n\nIMPRESSION: as above.\n";
        let finding =
            finding_in(note, "foraminal_stenosis L4-L5", &["level L4-5", "anchor foraminal narrowing"]);
        insta::assert_snapshot!(rendered(note, &audit(NoteType::Radiology, vec![finding], vec![])));
    }

    #[test]
    fn the_note_as_a_whole_is_asked_for_correlation() {
        let note = "HPI: Tingling in the left thumb.\nMRI: moderate left C5-6 foraminal stenosis.\n";
        let pieces = ["severity moderate", "side left C", "level C5-6", "anchor foraminal stenosis"];
        let finding = finding_in(note, "foraminal_stenosis C5-C6 left moderate", &pieces);
        let mut audit = audit(NoteType::Clinic, vec![finding], vec![]);
        audit.correlation = Some(Correlation {
            status: CorrelationStatus::Implicit,
            concordance: Concordance::Undetermined,
            evidence: evidence(note, &["symptom Tingling in the left thumb"]).into_iter().collect(),
        });
        insta::assert_snapshot!(rendered(note, &audit));
    }

    #[test]
    fn a_flag_shows_both_places() {
        let note = "FINDINGS:\nL5-S1: Mild left foraminal stenosis.\nOther levels normal.\nNo fracture.\n\n\
                    IMPRESSION:\nMild right L5-S1 foraminal narrowing.\n";
        let left = ["level L5-S1:", "severity Mild", "side left", "anchor foraminal stenosis"];
        let right = ["severity Mild right", "side right", "anchor foraminal narrowing"];
        let findings = vec![
            finding_in(note, "foraminal_stenosis L5-S1 left mild", &left),
            finding_in(note, "foraminal_stenosis L5-S1 right mild", &right),
        ];
        let both = Contradiction { between: Between::Side, first: 0, second: 1 };
        insta::assert_snapshot!(rendered(note, &audit(NoteType::Radiology, findings, vec![both])));
    }

    #[test]
    fn a_note_of_one_long_line_is_shown_around_its_evidence() {
        let filler = "The vertebral bodies are of normal height and signal. ".repeat(40);
        let note =
            format!("{filler}At L4-5, facet hypertrophy. {filler}Foraminal narrowing on the left. {filler}");
        let pieces = ["level L4-5", "anchor Foraminal narrowing", "side left"];
        let finding = finding_in(&note, "foraminal_stenosis L4-L5 left", &pieces);
        let shown = rendered(&note, &audit(NoteType::Radiology, vec![finding], vec![]));
        assert!(shown.lines().all(|line| line.contains("help") || line.chars().count() <= 240), "{shown}");
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn tabs_wide_letters_line_ends_and_wrapped_evidence_stay_in_place() {
        let note = "L4-5:\t椎間孔 – foraminal\r\n\tstenosis, “moderate”\r\n";
        let pieces = ["level L4-5", "anchor foraminal\r\n\tstenosis", "severity moderate"];
        let finding = finding_in(note, "foraminal_stenosis L4-L5 moderate", &pieces);
        insta::assert_snapshot!(rendered(note, &audit(NoteType::Radiology, vec![finding], vec![])));
    }

    #[test]
    fn a_complete_note_is_met_with_silence() {
        let note = "Mild left L4-5 foraminal stenosis.";
        let mut finding = finding_in(note, "foraminal_stenosis L4-L5 left", &["anchor foraminal stenosis"]);
        finding.grade = Some(ScaleGrade { scale: 0, span: Span::new(0, 4) });
        assert_eq!(rendered(note, &audit(NoteType::Radiology, vec![finding], vec![])), "");
    }

    #[test]
    fn the_notes_own_control_characters_reach_no_terminal() {
        let note = "\u{1b}[31mforaminal \u{1b}]0;x\u{7}stenosis";
        let pieces = ["anchor foraminal \u{1b}]0;x\u{7}stenosis"];
        let finding = finding_in(note, "foraminal_stenosis", &pieces);
        let shown = rendered(note, &audit(NoteType::Radiology, vec![finding], vec![]));
        assert!(!shown.contains(['\u{1b}', '\u{7}']), "{shown:?}");
    }

    #[test]
    fn evidence_outside_the_note_is_no_ground_to_fail() {
        let finding = finding_in("foraminal stenosis", "foraminal_stenosis", &["anchor foraminal stenosis"]);
        let shown = rendered("é", &audit(NoteType::Radiology, vec![finding], vec![]));
        assert!(shown.contains("NF001") && shown.contains("note.txt"), "{shown}");
    }

    #[test]
    fn colours_are_written_only_where_asked_for() {
        let note = "foraminal stenosis";
        let finding = finding_in(note, "foraminal_stenosis", &["anchor foraminal stenosis"]);
        let (audit, rules) = (audit(NoteType::Radiology, vec![finding], vec![]), Rules::embedded().unwrap());
        let plain = Diagnostics { rules: &rules, name: "n", note, audit: &audit, width: 80, colour: false };
        assert!(!plain.render().contains('\u{1b}'));
        assert!(Diagnostics { colour: true, ..plain }.render().contains('\u{1b}'));
    }
}
