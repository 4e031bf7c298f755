//! Compiles `lexicons/*.toml`, so that a phrase that is wrong stops the build, at its file, line and column, and a program
//! starts without reading TOML. The modules that read a user's file at run time read these files here.

#![allow(unused, unreachable_pub, reason = "the build needs a part of what the modules of the library have")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a build script speaks to cargo and to a person"
)]

#[path = "src/lexicon/mod.rs"]
mod lexicon;
#[path = "src/model/mod.rs"]
mod model;
#[path = "src/text/mod.rs"]
mod text;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use lexicon::Lexicon;

fn main() -> ExitCode {
    match compile() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compile() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=lexicons");
    let folder = Path::new("lexicons");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok::<_, std::io::Error>((name, fs::read_to_string(path)?))
    };
    let files = paths.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let compiled = Lexicon::read(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))?.compiled();
    fs::write(Path::new(&env::var("OUT_DIR")?).join("lexicon.txt"), compiled)?;
    Ok(())
}
