//! What a client of CDS Hooks sends.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::Service;
use crate::io::{Note, Reason, Record};
use crate::server::parse::parse;
use crate::server::problem::{Kind, Problem};

/// A hook that was triggered. Members that are not used here (`fhirServer`, `fhirAuthorization`, …) are passed over.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CdsRequest)]
#[expect(clippy::struct_field_names, reason = "the names of the standard")]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct Hook {
    /// Which.
    hook: String,
    /// A UUID of this call, from which the ids of its cards are made.
    pub(super) hook_instance: String,
    /// What it was triggered on.
    #[expect(dead_code, reason = "it must be there, and is not used")]
    context: Context,
    /// FHIR resources, each under the key of its template; `null` where there is none.
    #[schema(value_type = Option<Prefetched>)]
    prefetch: Option<Prefetched>,
}

/// What every hook here has in its context.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CdsContext)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "they must be there, and are not used")]
struct Context {
    user_id: String,
    patient_id: String,
}

/// The resources, as they stand in the request, `null` included.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CdsPrefetched)]
#[serde(from = "BTreeMap<String, Box<RawValue>>")]
struct Prefetched {
    #[schema(value_type = Option<Object>)]
    notes: Option<Box<RawValue>>,
    #[schema(value_type = Option<Object>)]
    note: Option<Box<RawValue>>,
}

impl From<BTreeMap<String, Box<RawValue>>> for Prefetched {
    fn from(mut given: BTreeMap<String, Box<RawValue>>) -> Self {
        Self { notes: given.remove("notes"), note: given.remove("note") }
    }
}

impl Hook {
    /// The request of a call of `service`.
    pub(super) fn read(body: &[u8], service: &Service) -> Result<Self, Problem> {
        let hook: Self = parse(
            body,
            &[
                ("hook", "a text: the hook of this service".to_owned()),
                ("hookInstance", "a text: a UUID".to_owned()),
                ("context", "an object".to_owned()),
                ("context.userId", "a text: who is at work".to_owned()),
                ("context.patientId", "a text: the patient".to_owned()),
                ("prefetch", "an object: the resources that the service asks for".to_owned()),
            ],
        )?;
        if hook.hook != service.hook {
            let detail = format!("this service is on the hook {}", service.hook);
            return Err(Problem::new(Kind::Invalid).with(detail));
        }
        Ok(hook)
    }

    /// The resource that the service asks for; `None` where the patient has no notes.
    pub(super) fn resource(&self, service: &Service) -> Result<Option<&str>, Problem> {
        let prefetch = self.prefetch.as_ref();
        let resource = prefetch
            .and_then(|p| if service.prefetch.note.is_some() { p.note.as_ref() } else { p.notes.as_ref() });
        match resource.map(|resource| resource.get().trim()) {
            Some("null") if service.prefetch.note.is_none() => Ok(None),
            Some("null") => {
                let detail = "the prefetch `note` is null: send the note that is signed";
                Err(Problem::new(Kind::Precondition).with(detail))
            }
            Some(resource) => Ok(Some(resource)),
            None => {
                let detail =
                    format!("send the prefetch `{}`: nothing is fetched from here", service.prefetch.key());
                Err(Problem::new(Kind::Precondition).with(detail))
            }
        }
    }
}

/// The notes of a resource, and why others of it cannot be read. Where none can, that is a problem.
pub(super) fn notes(record: &Record) -> Result<(Vec<Note<'_>>, Vec<Reason>), Problem> {
    let (mut notes, mut faults) = (Vec::new(), Vec::new());
    for note in record.notes() {
        match note {
            Ok(note) => notes.push(note),
            Err(reject) => faults.push(reject.reason),
        }
    }
    match faults.first() {
        Some(reason) if notes.is_empty() => {
            Err(Problem::new(Kind::Precondition).with(format!("no note can be read: {reason}")))
        }
        _ => Ok((notes, faults)),
    }
}
