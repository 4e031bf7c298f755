//! `foramen lexicon`: the phrases that the engine knows, and whether files of your own can be laid over them.

use std::io::Write;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use crate::lexicon::{Lexicon, LexiconErrors, Phrase, Problem};
use crate::report::counted;

use super::{OK, complain};

/// Show the phrases of the lexicon, or check lexicon files
#[derive(Debug, Args)]
pub(super) struct LexiconArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(List),
    Check(Check),
}

/// Print phrases, what each stands for, and the file and line that say so
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  foramen lexicon list --concepts
  foramen lexicon list --concept structure.foramen
  foramen --lexicon mine.toml lexicon list --format tsv | grep mine.toml")]
struct List {
    /// Print the concepts and how many phrases each has
    #[arg(long, conflicts_with = "concept")]
    concepts: bool,
    /// Print the phrases of this concept alone
    #[arg(long, value_name = "NAME")]
    concept: Option<String>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Check lexicon files as they would be laid, in this order, over the built-in phrases
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 no problems, 2 problems or a file that cannot be read.

Examples:
  foramen lexicon check
  foramen lexicon check mine.toml")]
struct Check {
    /// The files; the built-in ones were checked when Foramen was built
    files: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Tsv,
}

impl LexiconArgs {
    /// Runs the command with the files `overlays` laid over the built-in lexicon; gives its exit code.
    pub(super) fn run(&self, overlays: &[PathBuf]) -> anyhow::Result<u8> {
        match &self.command {
            Command::List(list) => list.run(&load(overlays)?),
            Command::Check(check) => check.run(overlays),
        }
    }
}

/// The built-in lexicon with files laid over it. The problems of the first file that has any are shown on
/// standard error.
pub(super) fn load(overlays: &[PathBuf]) -> anyhow::Result<Lexicon> {
    let mut lexicon = Lexicon::embedded();
    for path in overlays {
        lay(&mut lexicon, path)?;
    }
    Ok(lexicon)
}

/// Lays the file at `path` over the lexicon; shows its problems on standard error.
fn lay(lexicon: &mut Lexicon, path: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    lexicon.overlay(&path.display().to_string(), &text).map_err(|errors| {
        show(&errors, &text);
        anyhow::anyhow!("{} has {}", path.display(), counted(errors.problems().len(), "problem"))
    })
}

/// Shows the problems of a file with this text on standard error.
fn show(errors: &LexiconErrors, text: &str) {
    for problem in errors.problems() {
        let excerpt = excerpt(problem, text, &Renderer::styled());
        // Nobody is left to be told when standard error is closed.
        let _ = writeln!(anstream::stderr(), "{excerpt}\n");
    }
}

/// A problem under the line of `text` that it is in.
fn excerpt(problem: &Problem, text: &str, renderer: &Renderer) -> String {
    let mark = AnnotationKind::Primary.span(problem.range.clone());
    let source = Snippet::source(text).path(problem.file.as_str()).annotation(mark);
    let help = Level::HELP.message(problem.fault.help());
    let title = Level::ERROR.primary_title(problem.fault.to_string());
    renderer.render(&[title.element(source).element(help)])
}

impl Check {
    fn run(&self, overlays: &[PathBuf]) -> anyhow::Result<u8> {
        let mut lexicon = Lexicon::embedded();
        let mut failed = 0;
        for path in overlays.iter().chain(&self.files) {
            if let Err(error) = lay(&mut lexicon, path) {
                complain("error", AnsiColor::Red, &format!("{error:#}"));
                failed += 1;
            }
        }
        anyhow::ensure!(failed == 0, "{} cannot be used", counted(failed, "lexicon file"));
        let phrases = counted(lexicon.phrases().len(), "phrase");
        let scales = counted(lexicon.scales().len(), "scale");
        let fingerprint = lexicon.fingerprint();
        writeln!(anstream::stdout(), "no problems: {phrases}, {scales}, fingerprint {fingerprint}")?;
        Ok(OK)
    }
}

/// A concept and how many phrases it has.
#[derive(Debug, Serialize)]
struct ConceptRow {
    concept: String,
    phrases: usize,
}

/// A phrase, what it stands for, and where that is written.
#[derive(Debug, Serialize)]
struct PhraseRow<'l> {
    phrase: &'l str,
    concept: String,
    file: &'l str,
    line: u32,
}

impl List {
    fn run(&self, lexicon: &Lexicon) -> anyhow::Result<u8> {
        anstream::stdout().write_all(&self.listing(lexicon)?)?;
        Ok(OK)
    }

    /// What is printed.
    fn listing(&self, lexicon: &Lexicon) -> anyhow::Result<Vec<u8>> {
        let mut out = Vec::new();
        if self.concepts {
            let rows = concepts(lexicon);
            match self.format {
                Format::Json => serde_json::to_writer_pretty(&mut out, &rows)?,
                Format::Tsv => {
                    writeln!(out, "concept\tphrases")?;
                    for ConceptRow { concept, phrases } in rows {
                        writeln!(out, "{concept}\t{phrases}")?;
                    }
                }
                Format::Text => {
                    for ConceptRow { concept, phrases } in rows {
                        writeln!(out, "{concept:<36}{phrases:>5}")?;
                    }
                }
            }
        } else {
            let rows = self.phrases(lexicon)?;
            match self.format {
                Format::Json => serde_json::to_writer_pretty(&mut out, &rows)?,
                Format::Tsv => {
                    writeln!(out, "phrase\tconcept\tfile\tline")?;
                    for PhraseRow { phrase, concept, file, line } in rows {
                        writeln!(out, "{phrase}\t{concept}\t{file}\t{line}")?;
                    }
                }
                Format::Text => print(&mut out, &rows)?,
            }
        }
        if self.format == Format::Json {
            out.push(b'\n');
        }
        Ok(out)
    }

    /// The phrases asked for, by concept, in the order of their files.
    fn phrases<'l>(&self, lexicon: &'l Lexicon) -> anyhow::Result<Vec<PhraseRow<'l>>> {
        let only = match &self.concept {
            Some(name) => Some(lexicon.concept(name).map_err(|f| anyhow::anyhow!("{f}; {}", f.help()))?),
            None => None,
        };
        let asked = |phrase: &&Phrase| only.is_none_or(|only| phrase.concept == only);
        let mut phrases: Vec<_> = lexicon.phrases().iter().filter(asked).collect();
        phrases.sort_by_key(|phrase| phrase.concept);
        let row = |phrase: &'l Phrase| PhraseRow {
            phrase: &phrase.words,
            concept: lexicon.concept_name(phrase.concept),
            file: lexicon.file(phrase),
            line: phrase.line(),
        };
        Ok(phrases.into_iter().map(row).collect())
    }
}

/// Every concept, those without a phrase too.
fn concepts(lexicon: &Lexicon) -> Vec<ConceptRow> {
    let phrases = |concept| lexicon.phrases().iter().filter(|phrase| phrase.concept == concept).count();
    let row = |&concept: &_| ConceptRow { concept: lexicon.concept_name(concept), phrases: phrases(concept) };
    lexicon.concepts().iter().map(row).collect()
}

/// Prints phrases under the names of their concepts.
fn print(out: &mut impl Write, rows: &[PhraseRow<'_>]) -> std::io::Result<()> {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    for group in rows.chunk_by(|a, b| a.concept == b.concept) {
        if let Some(first) = group.first() {
            writeln!(out, "{bold}{}{bold:#}", first.concept)?;
        }
        for PhraseRow { phrase, file, line, .. } in group {
            writeln!(out, "  {phrase:<40} {dim}{file}:{line}{dim:#}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: &str = "\
[[group]]
concept = \"normal\"
source = \"test\"
phrases = [\"in form\", \"Open\"]

[[scale]]
name = \"house\"
source = \"test\"
structure = \"canal\"
phrases = [\"house grade\"]
grades = { a = \"mild\" }
";

    fn listing(concepts: bool, concept: Option<&str>, format: Format) -> Result<String, String> {
        let mut lexicon = Lexicon::default();
        lexicon.overlay("mine.toml", MINE).expect("no problems");
        let list = List { concepts, concept: concept.map(str::to_owned), format };
        let listing = list.listing(&lexicon).map_err(|error| error.to_string())?;
        Ok(anstream::adapter::strip_str(&String::from_utf8_lossy(&listing)).to_string())
    }

    #[test]
    fn phrases_are_listed_under_their_concepts() {
        let wanted = "\
normal
  in form                                  mine.toml:4
  open                                     mine.toml:4
scale.house
  house grade                              mine.toml:10
";
        assert_eq!(listing(false, None, Format::Text).as_deref(), Ok(wanted));
    }

    #[test]
    fn a_concept_is_asked_for_by_name() {
        let wanted = "phrase\tconcept\tfile\tline\nhouse grade\tscale.house\tmine.toml\t10\n";
        assert_eq!(listing(false, Some("scale.house"), Format::Tsv).as_deref(), Ok(wanted));
        let error = listing(false, Some("scale.horse"), Format::Tsv).expect_err("unknown");
        assert_eq!(error, "unknown concept `scale.horse`; did you mean `scale.house`?");
    }

    #[test]
    fn json_holds_the_same_rows() {
        let rows = listing(false, Some("scale.house"), Format::Json).expect("known");
        let rows: serde_json::Value = serde_json::from_str(&rows).expect("JSON");
        let wanted = serde_json::json!([
            {"phrase": "house grade", "concept": "scale.house", "file": "mine.toml", "line": 10}
        ]);
        assert_eq!(rows, wanted);
    }

    #[test]
    fn concepts_without_phrases_are_listed_too() {
        let rows = listing(true, None, Format::Tsv).expect("no name to look up");
        assert!(rows.contains("\nnormal\t2\n") && rows.contains("\nscale.house\t1\n"), "{rows}");
        assert!(rows.contains("\nstructure.disc\t0\n"), "{rows}");
    }

    #[test]
    fn a_problem_is_shown_under_its_line() {
        let text = MINE.replace("normal", "normale");
        let errors = Lexicon::default().overlay("mine.toml", &text).expect_err("a concept is misspelt");
        let shown: Vec<String> =
            errors.problems().iter().map(|p| excerpt(p, &text, &Renderer::plain())).collect();
        let wanted = "\
error: unknown concept `normale`
 --> mine.toml:2:11
  |
2 | concept = \"normale\"
  |           ^^^^^^^^^
  |
  = help: did you mean `normal`?";
        assert_eq!(shown, [wanted]);
    }
}
