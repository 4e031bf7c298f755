//! The library in a program: notes as JSON Lines on standard input, their audits on standard output.
//!
//! `cargo run --release --example audit < corpora/imaging.jsonl`

use std::error::Error;
use std::io::Write as _;

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::model::{Context, NoteType};
use foramen::report::AuditJson;
use serde::Deserialize;

#[derive(Deserialize)]
struct Note {
    #[serde(rename = "note_id")]
    id: String,
    #[serde(rename = "note_type")]
    kind: Option<NoteType>,
    text: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let engine = Engine::new(Lexicon::try_embedded()?)?;
    // The engine has no clock: what holds today is the caller's to say.
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lines() {
        let Note { id, kind, text } = serde_json::from_str(&line?)?;
        let context = Context { note_type: kind, today: Some(today), ..Context::default() };
        let audit = engine.audit(&text, &context);
        let json = AuditJson {
            rules: engine.rules(),
            note_id: &id,
            note: &text,
            audit: &audit,
            text: true,
            offsets: None,
        };
        writeln!(out, "{}", serde_json::to_string(&json)?)?;
    }
    Ok(())
}
