//! `foramen completions` and `foramen man`: what a package installs beside the binary.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, OK};

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  foramen completions bash > ~/.local/share/bash-completion/completions/foramen
  foramen completions zsh > ~/.zfunc/_foramen")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> anyhow::Result<u8> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "foramen", &mut script);
        io::stdout().write_all(&script)?;
        Ok(OK)
    }
}

/// Print the manual page, or write those of all commands into a folder
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  foramen man | man -l -
  foramen man ~/.local/share/man/man1")]
pub(super) struct Man {
    /// The folder for the pages; made where there is none
    folder: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self) -> anyhow::Result<u8> {
        match self.folder {
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(Cli::command()).render(&mut page)?;
                io::stdout().write_all(&page)?;
            }
            Some(folder) => {
                let failed = || format!("cannot write manual pages to {}", folder.display());
                std::fs::create_dir_all(&folder).with_context(failed)?;
                clap_mangen::generate_to(Cli::command(), &folder).with_context(failed)?;
            }
        }
        Ok(OK)
    }
}
