//! What JavaScript sees: classes that take and give plain objects, and throw `Error`s.

use foramen::model::Date;
use js_sys::{Error, JSON};
use wasm_bindgen::prelude::*;

use crate::{Auditor, Draft, Wrong};

/// The types of all that is taken and given.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../types.ts");

/// An engine: built once (some milliseconds), then used for any number of notes.
#[wasm_bindgen]
pub struct Engine(Auditor);

#[wasm_bindgen]
impl Engine {
    /// Builds an engine. Throws where an option is not as it must be.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: &JsValue,
    ) -> Result<Engine, JsValue> {
        Auditor::new(&json(options)?, today()).map(Engine).map_err(thrown)
    }

    /// Audits one note. Offsets count UTF-16 units, as `text.slice(start, end)` does. Throws where the context is not as it
    /// must be; no message holds a word of the note.
    #[wasm_bindgen(unchecked_return_type = "Audit")]
    pub fn audit(
        &self,
        text: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "Context")] context: &JsValue,
    ) -> Result<JsValue, JsValue> {
        plain(self.0.audit(text, &json(context)?))
    }

    /// A live session with an empty draft, for an editor whose text is audited as it is written.
    pub fn session(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "Context")] context: &JsValue,
    ) -> Result<Session, JsValue> {
        self.0.draft(&json(context)?).map(Session).map_err(thrown)
    }

    /// The packs of rules that it checks.
    #[wasm_bindgen(unchecked_return_type = "Pack[]")]
    pub fn rules(&self) -> Result<JsValue, JsValue> {
        plain(self.0.rules())
    }
}

/// A draft, kept in step with an editor by its edits. Places count UTF-16 units.
#[wasm_bindgen]
pub struct Session(Draft);

#[wasm_bindgen]
impl Session {
    /// The draft.
    #[wasm_bindgen(getter)]
    pub fn text(&self) -> String {
        self.0.text().to_owned()
    }

    /// Puts `text` in place of what stands from `start` to `end`. Throws where they do not lie in the draft.
    pub fn edit(&mut self, start: u32, end: u32, text: &str) -> Result<(), JsValue> {
        self.0.edit(start, end, text).map_err(thrown)
    }

    /// Puts `text` at the end.
    pub fn push(&mut self, text: &str) -> Result<(), JsValue> {
        self.0.push(text).map_err(thrown)
    }

    /// What is so now, and what has changed since the call before.
    #[wasm_bindgen(unchecked_return_type = "Update")]
    pub fn audit(&mut self) -> Result<JsValue, JsValue> {
        plain(self.0.audit())
    }

    /// Answers a query of the last update by one of its options: the edit that the editor is to make (and to tell of by
    /// `edit`), or null where the answer puts no words into the note; it is then kept and not asked again. Throws where
    /// there is no such query, or no place for the words.
    #[wasm_bindgen(unchecked_return_type = "Edit | null")]
    pub fn apply(
        &mut self,
        query: &str,
        #[wasm_bindgen(unchecked_param_type = "Element")] element: &str,
        option: &str,
    ) -> Result<JsValue, JsValue> {
        plain(self.0.apply(query, element, option))
    }
}

/// Today in UTC, as the command line takes it.
fn today() -> Option<Date> {
    let now = String::from(js_sys::Date::new_0().to_iso_string());
    now.get(..10)?.parse().ok()
}

/// An object as JSON; `undefined` and `null` as nothing. Throws what cannot be written as JSON: an object that holds
/// itself, a function.
fn json(value: &JsValue) -> Result<String, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(String::new());
    }
    let text = JSON::stringify(value).ok().and_then(|text| JsValue::from(text).as_string());
    text.ok_or_else(|| Error::new("what was given cannot be written as JSON: give a plain object").into())
}

fn plain(json: Result<String, Wrong>) -> Result<JsValue, JsValue> {
    JSON::parse(&json.map_err(thrown)?)
}

#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn thrown(wrong: Wrong) -> JsValue {
    Error::new(&wrong.to_string()).into()
}
