//! A note with everything right raises nothing, whatever packs are on: one for each family of procedures, in
//! `tests/cases/complete`.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use foramen::Engine;
use foramen::checks::{Rules, Settings};
use foramen::lexicon::Lexicon;
use foramen::model::{Context, Payer, ProcedureFamily, Setting};

#[test]
fn complete_notes_of_every_family_raise_nothing() {
    let packs = Rules::embedded().unwrap().packs().iter().map(|pack| pack.name.clone()).collect();
    let all = Settings { packs: Some(packs), ..Settings::default() };
    let engine = Engine::with_settings(Lexicon::embedded(), all).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/complete");
    let mut wrong = Vec::new();
    for family in ProcedureFamily::ALL {
        let note = std::fs::read_to_string(folder.join(format!("{family}.txt"))).unwrap();
        for (payer, setting) in [
            (None, None),
            (Some(Payer::Medicare), Some(Setting::Professional)),
            (Some(Payer::Medicare), Some(Setting::Hopd)),
            (Some(Payer::Medicare), Some(Setting::Asc)),
            (Some(Payer::Commercial), Some(Setting::Professional)),
        ] {
            let context = Context { payer, setting, today: "2026-11-22".parse().ok(), ..Context::default() };
            let audit = engine.audit(&note, &context);
            if audit.procedures.iter().all(|p| p.family != *family) {
                wrong.push(format!("{family}: no such procedure is found: {:?}", audit.procedures));
            }
            let flags = audit.flags.iter().map(|flag| format!("{} {}", flag.rule, flag.message));
            let raised: Vec<String> = flags.chain(audit.gaps.iter().map(|gap| gap.rule.to_owned())).collect();
            if !raised.is_empty() {
                wrong.push(format!("{family}, {payer:?}, {setting:?}: {raised:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
