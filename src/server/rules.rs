//! `GET /v1/rules`: the rules that this server checks; `GET /rules/{code}`: the page of one.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::checks::{Pack, Rule};
use crate::model::{Element, FlagLevel};
use crate::report::rule_page;

use super::answer::public;
use super::app::App;
use super::problem::{Kind, Problem};

/// The rules that the server checks.
#[derive(Serialize, ToSchema)]
#[schema(as = Rules)]
pub(super) struct RulesJson<'r> {
    packs: Vec<PackJson<'r>>,
}

/// A set of rules.
#[derive(Serialize, ToSchema)]
#[schema(as = Pack)]
struct PackJson<'r> {
    name: &'r str,
    title: &'r str,
    summary: &'r str,
    rules: Vec<RuleJson<'r>>,
}

/// A rule.
#[derive(Serialize, ToSchema)]
#[schema(as = Rule)]
struct RuleJson<'r> {
    code: &'r str,
    title: &'r str,
    level: FlagLevel,
    /// What it requires, where its breach is a gap.
    element: Option<Element>,
    summary: &'r str,
    why: &'r str,
    sources: &'r [String],
    /// First day of service that it holds for.
    effective_from: Option<&'r str>,
    /// Last day of service that it holds for.
    effective_to: Option<&'r str>,
    /// Its page, below this server's address.
    page: String,
}

impl<'r> From<&'r Pack> for PackJson<'r> {
    fn from(pack: &'r Pack) -> Self {
        let rules = pack.rules.iter().map(RuleJson::from).collect();
        Self { name: &pack.name, title: &pack.title, summary: &pack.summary, rules }
    }
}

impl<'r> From<&'r Rule> for RuleJson<'r> {
    fn from(rule: &'r Rule) -> Self {
        Self {
            code: &rule.code,
            title: &rule.title,
            level: rule.level,
            element: rule.element,
            summary: &rule.summary,
            why: &rule.why,
            sources: &rule.sources,
            effective_from: rule.effective_from.as_deref(),
            effective_to: rule.effective_to.as_deref(),
            page: format!("/rules/{}", rule.code),
        }
    }
}

/// The rules that this server checks
#[utoipa::path(
    get, path = "/v1/rules", tag = "rules",
    responses((status = 200, description = "The rules, by pack", body = RulesJson<'_>)),
)]
pub(super) async fn rules(State(app): State<Arc<App>>) -> Response {
    let packs = app.engine.rules().packs().iter().map(PackJson::from).collect();
    public(&RulesJson { packs })
}

/// The page of a rule, as Markdown
#[utoipa::path(
    get, path = "/rules/{code}", tag = "rules", params(("code" = String, Path, description = "The rule's code")),
    responses((status = 200, description = "The page", content_type = "text/markdown", body = String)),
)]
pub(super) async fn page(
    State(app): State<Arc<App>>,
    code: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let page = code.ok().and_then(|Path(code)| rule_page(app.engine.rules(), &code));
    let page = page.ok_or_else(|| Problem::new(Kind::NotFound).with("`/v1/rules` lists the rules"))?;
    Ok(([(CONTENT_TYPE, "text/markdown; charset=utf-8")], page).into_response())
}
