//! What JavaScript sees: classes that take and give plain objects, and throw `Error`s.

use foramen::model::Date;
use js_sys::{Error, JSON};
use wasm_bindgen::prelude::*;

use crate::{Auditor, Wrong};

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
    pub fn new(#[wasm_bindgen(unchecked_optional_param_type = "Options")] options: &JsValue) -> Result<Engine, JsValue> {
        Auditor::new(&json(options), today()).map(Engine).map_err(thrown)
    }

    /// Audits one note. Offsets count UTF-16 units, as `text.slice(start, end)` does. Throws where the context is not as it
    /// must be; no message holds a word of the note.
    #[wasm_bindgen(unchecked_return_type = "Audit")]
    pub fn audit(
        &self,
        text: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "Context")] context: &JsValue,
    ) -> Result<JsValue, JsValue> {
        plain(self.0.audit(text, &json(context)))
    }

    /// The packs of rules that it checks.
    #[wasm_bindgen(unchecked_return_type = "Pack[]")]
    pub fn rules(&self) -> Result<JsValue, JsValue> {
        plain(self.0.rules())
    }
}

/// Today in UTC, as the command line takes it.
fn today() -> Option<Date> {
    let now = String::from(js_sys::Date::new_0().to_iso_string());
    now.get(..10)?.parse().ok()
}

/// An object as JSON; `undefined` and `null` as nothing.
fn json(value: &JsValue) -> String {
    if value.is_undefined() || value.is_null() {
        return String::new();
    }
    JSON::stringify(value).ok().and_then(|text| JsValue::from(text).as_string()).unwrap_or_else(|| "?".to_owned())
}

fn plain(json: Result<String, Wrong>) -> Result<JsValue, JsValue> {
    JSON::parse(&json.map_err(thrown)?)
}

#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn thrown(wrong: Wrong) -> JsValue {
    Error::new(&wrong.to_string()).into()
}
