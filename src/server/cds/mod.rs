//! CDS Hooks 2.0 (HL7, <https://cds-hooks.hl7.org/2.0/>): what an electronic health record asks while orders are chosen
//! and notes are signed. A card is a query: what a note lacks, with its own words, and the rule that asks for it.
//!
//! Three services, each on a hook: `order-select` and `order-sign` of the standard's catalogue, and `org.foramen.note-sign`
//! of our own, named by reversed domain as the standard wants it. Notes come as prefetched FHIR resources and nothing is
//! fetched; the answer to a request without them is 412, as the standard says.

mod card;
pub(super) mod feedback;
mod request;
mod suggestion;

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use self::card::{CardsJson, cards};
use self::request::Hook;
use super::answer::{JSON, private, public};
use super::app::App;
use super::audit::elsewhere;
use super::body;
use super::gate::Place;
use super::problem::{Kind, Problem};

/// Notes that an order may rest on: the latest are asked for.
const NOTES: &str = "DocumentReference?patient={{context.patientId}}&status=current&_sort=-date&_count=3";

/// The note that is signed.
const NOTE: &str = "DocumentReference/{{context.documentReferenceId}}";

/// The services.
const SERVICES: [Service; 3] = [
    Service {
        hook: "order-select",
        title: "Foramen: what the notes behind this order lack",
        description: "Reads the patient's latest notes, and asks for what their spine findings and procedures leave out",
        id: "foramen-order-select",
        prefetch: Prefetch { notes: Some(NOTES), note: None },
    },
    Service {
        hook: "order-sign",
        title: "Foramen: what the notes behind this order lack",
        description: "Reads the patient's latest notes, and asks for what their spine findings and procedures leave out",
        id: "foramen-order-sign",
        prefetch: Prefetch { notes: Some(NOTES), note: None },
    },
    Service {
        hook: "org.foramen.note-sign",
        title: "Foramen: what this note lacks",
        description: "Reads the note that is about to be signed, and asks for what its spine findings and procedures \
                      leave out, with answers that complete it",
        id: "foramen-note-sign",
        prefetch: Prefetch { notes: None, note: Some(NOTE) },
    },
];

/// A service, as it is discovered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CdsService)]
pub(super) struct Service {
    hook: &'static str,
    title: &'static str,
    description: &'static str,
    id: &'static str,
    prefetch: Prefetch,
}

/// What is to be sent with each request: a template each.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CdsPrefetch)]
struct Prefetch {
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

impl Prefetch {
    const fn key(&self) -> &'static str {
        if self.note.is_some() { "note" } else { "notes" }
    }
}

/// What is discovered.
#[derive(Serialize, ToSchema)]
#[schema(as = CdsServices)]
pub(super) struct ServicesJson {
    services: &'static [Service],
}

/// The service of a path, which need not be UTF-8.
fn service(id: Result<Path<String>, PathRejection>) -> Result<&'static Service, Problem> {
    let found = id.ok().and_then(|Path(id)| SERVICES.iter().find(|service| service.id == id));
    found.ok_or_else(|| Problem::new(Kind::NotFound).with("`/cds-services` lists the services"))
}

/// The services of CDS Hooks
#[utoipa::path(
    get, path = "/cds-services", tag = "cds-hooks",
    responses((status = 200, description = "The services", body = ServicesJson)),
)]
pub(super) async fn discover() -> Response {
    public(&ServicesJson { services: &SERVICES })
}

/// Call a service of CDS Hooks
#[utoipa::path(
    post, path = "/cds-services/{id}", tag = "cds-hooks",
    params(("id" = String, Path, description = "The service's id")),
    request_body = Hook,
    responses((status = 200, description = "A card a query", body = CardsJson)),
    security(("token" = [])),
)]
pub(super) async fn call(
    State(app): State<Arc<App>>,
    Extension(place): Extension<Place>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let service = service(id)?;
    let (parts, body) = request.into_parts();
    body::expect(&parts.headers, &[JSON])?;
    let base = base(&app, &parts.headers);
    let bytes = body::read(&parts.headers, body, &app.limits).await?;
    let json = elsewhere(&app, place, move |app| {
        let hook = Hook::read(&bytes, service)?;
        let cards = cards(app, service, &hook, &base)?;
        // Writing to memory cannot fail.
        Ok(serde_json::to_vec(&CardsJson { cards }).unwrap_or_default())
    });
    Ok(private(json.await?))
}

/// The address at which the client has reached this server, for links to it: what it was told, else what the client
/// names.
fn base(app: &App, headers: &HeaderMap) -> String {
    app.public_url.clone().unwrap_or_else(|| {
        let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        format!("{}://{host}", if app.is_encrypted { "https" } else { "http" })
    })
}
