//! An engine with what is known of all its notes, and the audit of one note as JSON.

use std::sync::Arc;

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::model::{Context, Date};
use foramen::report::AuditJson;
use foramen::text::{Offsets, Unit};

use crate::draft::Draft;
use crate::known::{Known, Options, Wrong};

/// An engine with what is known of all its notes.
#[derive(Clone, Debug)]
pub struct Auditor {
    engine: Arc<Engine>,
    of_all: Context,
}

impl Auditor {
    /// Builds it of options as JSON (none where that is empty); `today` stands in for a day of service that nothing gives.
    ///
    /// # Errors
    /// When an option is not as it must be.
    pub fn new(options: &str, today: Option<Date>) -> Result<Self, Wrong> {
        let options = Options::read(options)?;
        let of_all = options.of_all(today)?;
        let mut lexicon = Lexicon::embedded();
        for file in &options.lexicons {
            lexicon.overlay(&file.name, &file.text)?;
        }
        let mut engine = Engine::with_settings(lexicon, options.settings())?;
        if let Some(file) = &options.cpt_labels {
            engine.load_cpt_labels(&file.name, &file.text)?;
        }
        has_contractor(&engine, &of_all)?;
        Ok(Self { engine: Arc::new(engine), of_all })
    }

    /// The audit of one note as JSON, its offsets in UTF-16 units; `context` is JSON (empty where nothing is known).
    ///
    /// # Errors
    /// When the context is not as it must be.
    pub fn audit(&self, note: &str, context: &str) -> Result<String, Wrong> {
        let (context, note_id) = self.known(context)?;
        let audit = self.engine.audit(note, &context);
        let offsets = Offsets::new(note, Unit::Utf16);
        Ok(serde_json::to_string(&AuditJson {
            rules: self.engine.rules(),
            note_id: &note_id,
            note,
            audit: &audit,
            text: true,
            offsets: Some(&offsets),
        })?)
    }

    /// A live session with an empty draft.
    ///
    /// # Errors
    /// When the context is not as it must be.
    pub fn draft(&self, context: &str) -> Result<Draft, Wrong> {
        let (context, note_id) = self.known(context)?;
        Ok(Draft::new(Arc::clone(&self.engine), context, note_id))
    }

    /// What is known of a note, and its id.
    fn known(&self, json: &str) -> Result<(Context, String), Wrong> {
        let mut known = Known::read(json)?;
        let note_id = std::mem::take(&mut known.note_id);
        let context = known.over(&self.of_all)?;
        has_contractor(&self.engine, &context)?;
        Ok((context, note_id))
    }

    /// The packs of rules that it checks, as JSON.
    ///
    /// # Errors
    /// None that can happen: rules are plain data.
    pub fn rules(&self) -> Result<String, Wrong> {
        Ok(serde_json::to_string(self.engine.rules().packs())?)
    }
}

/// Whether the contractor is one of those that there are.
fn has_contractor(engine: &Engine, context: &Context) -> Result<(), Wrong> {
    let Some(key) = &context.contractor else { return Ok(()) };
    let known = engine.rules().contractors().check(key);
    known.map_err(|unknown| Wrong::Name { key: "contractor", names: unknown.known })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn auditor(options: &str) -> Auditor {
        Auditor::new(options, "2026-03-01".parse().ok()).unwrap()
    }

    fn audited(options: &str, note: &str, context: &str) -> Value {
        serde_json::from_str(&auditor(options).audit(note, context).unwrap()).unwrap()
    }

    #[test]
    fn offsets_count_utf16_units() {
        let note = "🦴🦴 ≥ L4-5: moderate left foraminal stenosis.";
        let audit = audited("", note, r#"{"note_id": "n1", "note_type": "radiology"}"#);
        assert_eq!(audit["note_id"], "n1");
        let units: Vec<u16> = note.encode_utf16().collect();
        let evidence = audit["findings"][0]["evidence"].as_array().unwrap();
        assert!(evidence.len() >= 4);
        for place in evidence {
            let at = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
            assert_eq!(String::from_utf16(&units[at("start")..at("end")]).unwrap(), place["text"]);
        }
    }

    #[test]
    fn options_choose_rules_phrases_and_what_holds_for_all_notes() {
        let note = "L4-5: severe stenosis of the left exit hole. 64483";
        assert_eq!(audited("", note, "")["findings"][0]["kind"], "central_canal_stenosis");
        let lexicon =
            "[[group]]\nconcept = \"structure.foramen\"\nsource = \"here\"\nphrases = [\"exit hole\"]\n";
        let options =
            json!({"lexicons": [{"name": "mine.toml", "text": lexicon}], "service_date": "2024-05-06"});
        let audit = audited(&options.to_string(), note, "");
        assert_eq!(audit["findings"][0]["kind"], "foraminal_stenosis");
        assert_eq!(audit["service_date"], json!({"day": "2024-05-06", "origin": "given"}));
        assert_eq!(audited("", note, "")["service_date"]["origin"], "assumed");

        let gaps = |options: &str| {
            audited(options, "L4-5: foraminal stenosis.", "")["gaps"].as_array().unwrap().len()
        };
        assert_eq!((gaps(""), gaps(r#"{"ignore": ["NF002"]}"#), gaps(r#"{"select": ["CPT"]}"#)), (2, 1, 0));
        let ignore = r#"{"ignore": [{"rule": "NF002", "reason": "stated elsewhere"}]}"#;
        assert_eq!(
            audited("", "L4-5: foraminal stenosis.", ignore)["ignored"][0]["reason"],
            "stated elsewhere"
        );
    }

    #[test]
    fn rules_tell_title_reason_and_source() {
        let packs: Vec<Value> = serde_json::from_str(&auditor("").rules().unwrap()).unwrap();
        let rules = packs.iter().flat_map(|pack| pack["rules"].as_array().unwrap());
        let rule = rules.clone().find(|rule| rule["code"] == "NF003").unwrap();
        assert_eq!(rule["element"], "severity");
        assert!(!rule["why"].as_str().unwrap().is_empty() && !rule["sources"].as_array().unwrap().is_empty());
    }

    #[test]
    fn errors_say_what_there_is_and_repeat_nothing() {
        let secret = "Zebedee";
        let options = [
            r#"["Zebedee"]"#,
            r#""Zebedee""#,
            r#"{"Zebedee": 1}"#,
            r#"{"payer": "Zebedee"}"#,
            r#"{"contractor": "Zebedee"}"#,
            r#"{"service_date": "Zebedee"}"#,
        ];
        for json in options {
            let error = Auditor::new(json, None).unwrap_err().to_string();
            assert!(!error.contains(secret) && error.contains(": "), "{error}");
        }
        assert!(Auditor::new(r#"{"packs": ["none"]}"#, None).unwrap_err().to_string().contains("lcd-esi"));
        let contexts = [
            r#""L4-5 stenosis in Zebedee""#,
            r#"{"text": "Zebedee"}"#,
            r#"{"note_type": "Zebedee"}"#,
            r#"{"ignore": "Zebedee"}"#,
            r#"{"contractor": "Zebedee"}"#,
            r#"{"service_date": "Zebedee"}"#,
            "Zebedee",
        ];
        for json in contexts {
            let error = auditor("").audit("Zebedee has stenosis.", json).unwrap_err().to_string();
            assert!(!error.contains(secret), "{error}");
        }
        let error = auditor("").audit("", r#"{"note_type": "letter"}"#).unwrap_err().to_string();
        assert_eq!(
            error,
            "note_type: no such value: there are radiology, procedure, operative, clinic, other"
        );
    }
}
