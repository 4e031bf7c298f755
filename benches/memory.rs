//! Peak memory of `foramen audit` over inputs of any size: `cargo bench --bench memory -- 1 10 50` (in GB).
//!
//! Notes are made of shuffled sentences of `corpora/`, no two alike, while they are read from a pipe, so that nothing of
//! them is stored. Linux only: the peak is what the kernel tells of the process.

#![allow(clippy::print_stdout, reason = "figures for a person")]
#![allow(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "sizes, to a digit or two")]

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[path = "notes/mod.rs"]
mod notes;

/// The peak is told after each tenth of the input.
const TOLD: u64 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let sizes: Vec<f64> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let sentences = sentences();
    for size in if sizes.is_empty() { vec![1.0] } else { sizes } {
        measure((size * 1e9) as u64, &sentences)?;
    }
    Ok(())
}

/// The sentences of all notes of the corpora, as they stand in JSON.
fn sentences() -> Vec<String> {
    let (samples, _) = notes::corpora();
    let lines = samples.iter().flat_map(|sample| sample.text.split_inclusive(['\n', '.']));
    let quoted = lines.filter(|line| line.trim().len() > 3).map(|line| serde_json::json!(line).to_string());
    quoted.map(|line| line.trim_matches('"').to_owned()).collect()
}

/// Audits so many bytes, and prints the peak at each tenth and at the end.
fn measure(size: u64, sentences: &[String]) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut child = Command::new(env!("CARGO_BIN_EXE_foramen"))
        .args(["audit", "-", "--quiet", "-o"])
        .arg(folder.path().join("out"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let start = Instant::now();
    let mut out = BufWriter::with_capacity(1 << 20, child.stdin.take().ok_or("no standard input")?);
    let (mut written, mut told, mut number, mut chance) = (0_u64, 0, 0_u64, Chance(0x5eed));
    let mut note = String::new();
    while written < size {
        note.clear();
        while note.len() < 3000 {
            note.push_str(&sentences[chance.below(sentences.len() as u64) as usize]);
            note.push(' ');
        }
        let line = format!("{{\"note_id\":\"{number}\",\"text\":\"{note}Note {number}.\"}}\n");
        out.write_all(line.as_bytes())?;
        (written, number) = (written + line.len() as u64, number + 1);
        if written >= size / TOLD * (told + 1) {
            told += 1;
            print!(" {:.0}", peak(&child).unwrap_or_default());
            std::io::stdout().flush()?;
        }
    }
    drop(out);
    // Ids and texts that come again are counted after the last note.
    let mut last = 0.0;
    while child.try_wait()?.is_none() {
        last = peak(&child).unwrap_or(last);
        std::thread::sleep(Duration::from_millis(5));
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(" | {:.1} GB, {number} notes: peak {last:.0} MB, {seconds:.0} s", written as f64 / 1e9);
    Ok(())
}

/// The most memory that a process had so far, in MB; `None` once it has ended.
fn peak(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

/// Numbers by chance, the same at every run (Marsaglia's xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}
