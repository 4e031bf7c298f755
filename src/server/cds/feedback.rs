//! What became of cards: counted by outcome, and nothing of it kept.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::service;
use crate::server::answer::{JSON, public};
use crate::server::app::App;
use crate::server::body;
use crate::server::metrics::Outcome;
use crate::server::parse::parse;
use crate::server::problem::{Kind, Problem};

/// What a client tells of cards.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CdsFeedback)]
pub(in crate::server) struct Feedback {
    feedback: Vec<Entry>,
}

/// What became of a card. Reasons and comments are passed over: users write them freely.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CdsFeedbackEntry)]
#[serde(tag = "outcome", rename_all = "lowercase")]
enum Entry {
    /// Suggestions of it were taken.
    Accepted {
        /// The card's id.
        #[expect(dead_code, reason = "it must be there, and is not used")]
        card: String,
        /// The suggestions' ids.
        #[schema(min_items = 1)]
        #[serde(rename = "acceptedSuggestions")]
        accepted_suggestions: Vec<Suggestion>,
        #[serde(rename = "outcomeTimestamp")]
        outcome_timestamp: Time,
    },
    /// It was dismissed.
    Overridden {
        /// The card's id.
        #[expect(dead_code, reason = "it must be there, and is not used")]
        card: String,
        #[serde(rename = "outcomeTimestamp")]
        outcome_timestamp: Time,
    },
}

/// A suggestion that was taken.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CdsAcceptedSuggestion)]
struct Suggestion {
    #[expect(dead_code, reason = "it must be there, and is not used")]
    id: String,
}

/// When the user acted, in UTC.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CdsTime, value_type = String, format = DateTime)]
#[serde(transparent)]
struct Time(String);

/// Tell what became of cards
#[utoipa::path(
    post, path = "/cds-services/{id}/feedback", tag = "cds-hooks",
    params(("id" = String, Path, description = "The service's id")),
    request_body = Feedback,
    responses((status = 200, description = "It is counted", body = Object)),
    security(("token" = [])),
)]
pub(in crate::server) async fn feedback(
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    service(id)?;
    let (parts, body) = request.into_parts();
    body::expect(&parts.headers, &[JSON])?;
    let bytes = body::read(&parts.headers, body, &app.limits).await?;
    let told: Feedback = parse(&bytes, &[("feedback", "a list of what became of cards".to_owned())])?;
    for entry in &told.feedback {
        entry.check()?;
    }
    told.feedback.iter().for_each(|entry| app.metrics.told(entry.outcome()));
    Ok(public(&serde_json::Map::new()))
}

impl Entry {
    fn check(&self) -> Result<(), Problem> {
        let (Self::Accepted { outcome_timestamp: Time(time), .. }
        | Self::Overridden { outcome_timestamp: Time(time), .. }) = self;
        let detail = if matches!(self, Self::Accepted { accepted_suggestions, .. } if accepted_suggestions.is_empty())
        {
            "`acceptedSuggestions` must name a suggestion where the outcome is `accepted`"
        } else if time.parse::<jiff::Timestamp>().is_err() {
            "`outcomeTimestamp` must be a time such as 2024-03-10T08:30:00Z"
        } else {
            return Ok(());
        };
        Err(Problem::new(Kind::Invalid).with(detail))
    }

    const fn outcome(&self) -> Outcome {
        match self {
            Self::Accepted { .. } => Outcome::Accepted,
            Self::Overridden { .. } => Outcome::Overridden,
        }
    }
}
