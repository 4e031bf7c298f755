//! From the bytes of a JSON body to its values; what is wrong is told by the place of it, and nothing is quoted.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::problem::{Kind, Problem};

/// The value of a body that must be an object.
///
/// `members` says what each member must hold, by its path (`context.payer`), for those of which more can be told than
/// that they are wrong.
pub(super) fn parse<'b, T: Deserialize<'b>>(
    body: &'b [u8],
    members: &[(&str, String)],
) -> Result<T, Problem> {
    // What ends too early ends with its last letter, not in the line after it.
    let body = body.trim_ascii_end();
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => {}
        None => return Err(Problem::new(Kind::BrokenJson).with("the body is empty")),
        // A list would do for a struct.
        Some(_) => {
            let error = serde_json::from_slice::<IgnoredAny>(body).err();
            let no_object = || Problem::new(Kind::Invalid).with("the body must be a JSON object");
            return Err(error.map_or_else(no_object, |error| broken(&error)));
        }
    }
    serde_json::from_slice(body).map_err(|error| {
        // A number where a name should stand counts as broken there, and is not.
        let is_json =
            || str::from_utf8(body).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        if error.classify() == Category::Data || is_json() {
            invalid::<T>(body, members)
        } else {
            broken(&error)
        }
    })
}

/// JSON that is none, told by the place at which that shows.
fn broken(error: &serde_json::Error) -> Problem {
    let what = if error.is_eof() { "ends too early" } else { "broken" };
    Problem::new(Kind::BrokenJson).with(format!("{what} at line {}, column {}", error.line(), error.column()))
}

/// Reads the body again to tell the member that is wrong.
fn invalid<'b, T: Deserialize<'b>>(body: &'b [u8], members: &[(&str, String)]) -> Problem {
    let mut json = serde_json::Deserializer::from_slice(body);
    let error = serde_path_to_error::deserialize::<_, T>(&mut json).err();
    let (path, message) =
        error.map(|error| (error.path().to_string(), error.inner().to_string())).unwrap_or_default();
    // The name in this message is that of a field of ours.
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
    let known = members.iter().find(|(name, _)| *name == path);
    let detail = match (missing, known) {
        (Some((name, _)), _) => format!("the member `{name}` is missing"),
        (None, Some((name, wanted))) => format!("`{name}` must be {wanted}"),
        (None, None) => {
            let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
            format!("a member is of the wrong kind or stands twice; the members are {}", names.join(", "))
        }
    };
    Problem::new(Kind::Invalid).with(detail)
}
