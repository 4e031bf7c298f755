//! Suggestions: answers that complete the note, each as an update of the resource that holds it.
//!
//! Only a note of plain text that stands whole in its resource can be completed so: of any other the words and their
//! places are not the note's own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::checks::{Query, words};
use crate::session::{Edit, Session};

/// An answer.
#[derive(Serialize, ToSchema)]
#[schema(as = CdsSuggestion)]
pub(super) struct Suggestion {
    label: String,
    pub(super) uuid: String,
    actions: [Action; 1],
}

/// What choosing it does.
#[derive(Serialize, ToSchema)]
#[schema(as = CdsAction)]
struct Action {
    r#type: &'static str,
    description: String,
    #[schema(value_type = Object)]
    resource: Value,
}

/// The answers to a query of `session`, by its place among the queries, that words can be found for; none where the note
/// of `document` is not the session's, to the letter.
pub(super) fn suggestions(
    session: &mut Session,
    document: &Value,
    index: usize,
    query: &Query,
    open: &[String],
) -> Vec<Suggestion> {
    let Some(attachment) = plain(document, session.text()) else { return Vec::new() };
    let mut found = Vec::new();
    for choice in &query.choices {
        for option in choice.options.iter().filter(|option| !open.contains(option)) {
            // An answer without a place for its words is one that the user types.
            let Ok(Some(edit)) = session.apply(index, choice.element, option) else { continue };
            let Some(resource) = completed(document, attachment, session.text(), &edit) else { continue };
            let label = format!("{}: {option}", words(choice.element.name()));
            let description = format!("Complete the note with {label}");
            let actions = [Action { r#type: "update", description, resource }];
            found.push(Suggestion { label, uuid: String::new(), actions });
        }
    }
    found
}

/// The place of the attachment that is this text.
fn plain(document: &Value, text: &str) -> Option<usize> {
    let contents = document.get("content")?.as_array()?;
    let is_note = |content: &Value| {
        let attachment = content.get("attachment")?;
        let content_type = attachment.get("contentType")?.as_str()?;
        let data = STANDARD.decode(attachment.get("data")?.as_str()?).ok()?;
        (content_type.split(';').next()? == "text/plain" && data == text.as_bytes()).then_some(())
    };
    contents.iter().position(|content| is_note(content).is_some())
}

/// The resource with the completed text in its attachment.
fn completed(document: &Value, attachment: usize, text: &str, edit: &Edit) -> Option<Value> {
    let mut text = text.to_owned();
    text.replace_range(edit.range.clone(), &edit.text);
    let mut resource = document.clone();
    let attachment =
        resource.get_mut("content")?.get_mut(attachment)?.get_mut("attachment")?.as_object_mut()?;
    attachment.insert("data".to_owned(), STANDARD.encode(text).into());
    // They are those of the text as it was.
    attachment.remove("size");
    attachment.remove("hash");
    Some(resource)
}
