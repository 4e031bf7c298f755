//! The `foramen` command.

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
enum Cli {
    Eval(foramen::cli::eval::EvalArgs),
}

fn main() -> anyhow::Result<ExitCode> {
    let Cli::Eval(args) = Cli::parse();
    foramen::cli::eval::run(&args)
}
