//! The command line: each command in a file, over the library's public API.
//!
//! Results go to standard output, everything else to standard error. Colours appear only on a terminal and
//! obey `NO_COLOR`. A reader that stops early (`foramen extract notes | head`) is no error.

mod audit;
mod check;
mod columns;
mod encounter;
mod eval;
mod explain;
mod extract;
mod input;
mod lexicon;
mod progress;
mod rules;
mod serve;
mod settings;
mod shell;
mod summary;

use std::io;
use std::panic::PanicHookInfo;
use std::path::PathBuf;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use clap::builder::Styles;
use clap::{Parser, Subcommand};

use crate::Engine;
use crate::checks::Settings;

/// Everything went well.
const OK: u8 = 0;
/// Some inputs could not be read; the others were.
const REJECTS: u8 = 3;
/// Stopped by Ctrl-C or by the system's wish; what is done stays.
const STOPPED: u8 = 130;
/// The command cannot do its work: wrong usage, a missing file, a full disk.
const FAILED: u8 = 2;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Reads spine notes: level, laterality, severity and clinical correlation, with the words that prove them, and
/// what the note leaves out.
#[derive(Debug, Parser)]
#[command(name = "foramen", version, styles = STYLES, max_term_width = 100, after_help = "\
Examples:
  foramen check note.txt                what one note lacks, and the query to send
  foramen extract notes/ > facts.jsonl  the facts of many notes
  foramen audit notes/ -o out           facts, tables and a summary of many notes

No note leaves this machine, and no message shows words of a note unless it is the result you asked for.")]
struct Cli {
    /// Phrases of your own: adds, replaces or retires phrases of the lexicon; may be given more than once
    #[arg(long, global = true, value_name = "FILE")]
    lexicon: Vec<PathBuf>,
    /// Labels of CPT codes, for holders of a licence: a table of `code,label`, laid over Foramen's own plain words
    #[arg(long, global = true, value_name = "FILE")]
    cpt_labels: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Extract(extract::Extract),
    Audit(audit::Audit),
    Serve(serve::Serve),
    Explain(explain::Explain),
    Eval(eval::EvalArgs),
    Lexicon(lexicon::LexiconArgs),
    Rule(rules::RulePage),
    /// List all rules
    Rules,
    Completions(shell::Completions),
    Man(shell::Man),
}

/// Runs the command of this process's arguments; gives its exit code.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(report_panic));
    let cli = Cli::parse();
    let lexicons = Lexicons { phrases: cli.lexicon, cpt_labels: cli.cpt_labels };
    let done = match cli.command {
        Command::Check(command) => command.run(&lexicons),
        Command::Extract(command) => command.run(&lexicons),
        Command::Audit(command) => command.run(&lexicons),
        Command::Serve(command) => command.run(&lexicons),
        Command::Explain(command) => command.run(&lexicons),
        Command::Eval(command) => command.run(&lexicons),
        Command::Lexicon(command) => command.run(&lexicons.phrases),
        Command::Rule(command) => command.run(),
        Command::Rules => rules::list(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_broken_pipe(&error) => ExitCode::from(OK),
        Err(error) => {
            complain("error", AnsiColor::Red, &format!("{error:#}"));
            ExitCode::from(FAILED)
        }
    }
}

/// The files of knowledge that the command line names.
#[derive(Debug)]
struct Lexicons {
    phrases: Vec<PathBuf>,
    cpt_labels: Option<PathBuf>,
}

impl Lexicons {
    /// The engine of the embedded lexicon and these files, with these settings.
    fn engine(&self, settings: Settings) -> anyhow::Result<Engine> {
        let lexicon = lexicon::load(&self.phrases)?;
        let mut engine = Engine::with_settings(lexicon, settings).context("cannot build the engine")?;
        if let (Some(path), Some(labels)) = (&self.cpt_labels, self.label_text()?) {
            engine.load_cpt_labels(&path.display().to_string(), &labels)?;
        }
        Ok(engine)
    }

    /// The table of labels, as its file has it.
    fn label_text(&self) -> anyhow::Result<Option<String>> {
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        };
        self.cpt_labels.as_ref().map(read).transpose()
    }
}

/// A message of one line to standard error.
fn complain(label: &str, color: AnsiColor, message: &str) {
    use std::io::Write as _;
    let style: Style = color.on_default().bold();
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(anstream::stderr(), "{style}{label}{style:#}: {message}");
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Tells the place of a panic and never its message, which can hold words of a note.
fn report_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
    complain("internal error", AnsiColor::Red, &format!("a defect of Foramen{place}: please report it"));
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn arguments_are_well_formed() {
        Cli::command().debug_assert();
    }
}
