//! The `foramen` command: see [`foramen::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    foramen::cli::main()
}
