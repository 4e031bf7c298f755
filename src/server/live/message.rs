//! What a client says.

use std::borrow::Cow;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::model::Element;
use crate::server::note::{Note, OffsetUnit};
use crate::server::parse::parse;
use crate::server::problem::{Kind, Problem};

/// A message.
pub(super) enum Message<'b> {
    Open(Open<'b>),
    Edit(Edit<'b>),
    Push(Push<'b>),
    Apply(Apply<'b>),
}

/// Begins a draft, in place of any that there is.
#[derive(Deserialize, ToSchema)]
#[schema(as = SessionOpen)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Open<'b> {
    /// `open`
    #[expect(dead_code, reason = "read before")]
    #[schema(value_type = String, pattern = "^open$")]
    r#type: Cow<'b, str>,
    /// What it begins with.
    #[schema(value_type = String)]
    #[serde(default, borrow)]
    pub(super) text: Cow<'b, str>,
    /// What is known of the note, by the members of `Note`; its own `text` is passed over.
    #[schema(value_type = Object)]
    #[serde(default)]
    pub(super) context: Note,
    /// What offsets count, both ways.
    #[serde(default = "utf16")]
    pub(super) offsets: OffsetUnit,
}

const fn utf16() -> OffsetUnit {
    OffsetUnit::Utf16
}

/// Puts text in place of a part of the draft.
#[derive(Deserialize, ToSchema)]
#[schema(as = SessionEdit)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Edit<'b> {
    /// `edit`
    #[expect(dead_code, reason = "read before")]
    #[schema(value_type = String, pattern = "^edit$")]
    r#type: Cow<'b, str>,
    pub(super) start: usize,
    pub(super) end: usize,
    #[schema(value_type = String)]
    #[serde(borrow)]
    pub(super) text: Cow<'b, str>,
}

/// Puts text at the end of the draft.
#[derive(Deserialize, ToSchema)]
#[schema(as = SessionPush)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Push<'b> {
    /// `push`
    #[expect(dead_code, reason = "read before")]
    #[schema(value_type = String, pattern = "^push$")]
    r#type: Cow<'b, str>,
    #[schema(value_type = String)]
    #[serde(borrow)]
    pub(super) text: Cow<'b, str>,
}

/// Answers a query of the last update.
#[derive(Deserialize, ToSchema)]
#[schema(as = SessionApply)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Apply<'b> {
    /// `apply`
    #[expect(dead_code, reason = "read before")]
    #[schema(value_type = String, pattern = "^apply$")]
    r#type: Cow<'b, str>,
    /// Its id, `q1`.
    #[schema(value_type = String)]
    #[serde(borrow)]
    pub(super) query: Cow<'b, str>,
    pub(super) element: Element,
    /// One of the options.
    #[schema(value_type = String)]
    #[serde(borrow)]
    pub(super) option: Cow<'b, str>,
}

#[derive(Deserialize)]
struct Head<'b> {
    #[serde(borrow)]
    r#type: Cow<'b, str>,
}

impl<'b> Message<'b> {
    pub(super) fn read(bytes: &'b [u8]) -> Result<Self, Problem> {
        let text = |name| (name, "a text".to_owned());
        let place = |name| (name, "a whole number, no less than 0".to_owned());
        let head: Head<'b> = parse(bytes, &[text("type")])?;
        match &*head.r#type {
            "open" => {
                let units = ("offsets", "one of bytes, code_points, utf16".to_owned());
                let context = ("context", "an object: what is known of the note".to_owned());
                parse(bytes, &[text("text"), context, units]).map(Self::Open)
            }
            "edit" => parse(bytes, &[place("start"), place("end"), text("text")]).map(Self::Edit),
            "push" => parse(bytes, &[text("text")]).map(Self::Push),
            "apply" => {
                let elements: Vec<&str> = Element::ALL.iter().map(|element| element.name()).collect();
                let element = ("element", format!("one of {}", elements.join(", ")));
                parse(bytes, &[text("query"), element, text("option")]).map(Self::Apply)
            }
            _ => {
                let detail = "`type` must be one of open, edit, push, apply";
                Err(Problem::new(Kind::Invalid).with(detail))
            }
        }
    }
}
