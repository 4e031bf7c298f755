//! The note of a `DocumentReference` or a `DiagnosticReport`.

use crate::io::attachment::{ContentType, Markup, base64, text_of};
use crate::io::document::Document;
use crate::io::markup::html;
use crate::io::{Encoding, Reason};
use crate::model::NoteType;

use super::resource::Resource;

/// Who can have written a note.
const PEOPLE: &[&str] = &["Practitioner", "PractitionerRole"];
/// Where a note can have been written.
const PLACES: &[&str] = &["Organization", "Location"];

/// The note of a document: its attachment that keeps the text best, of those that are the same note in other formats.
pub(super) fn reference(resource: Resource<'_>) -> Result<Option<Document>, Reason> {
    refuse_error(resource)?;
    let attachments = resource.each("/content")?.map(|content| format!("{content}/attachment"));
    let (text, encoding) = attached(resource, attachments)?
        .ok_or_else(|| Reason::WrongField { field: resource.place("/content"), wanted: "an attachment" })?;
    let mut document = common(resource, text, encoding)?;
    document.note_type = first_type(resource, "/type", "/category")?;
    document.provider = first_person(resource, &["/author", "/authenticator"])?;
    document.facility = place(resource, "/custodian")?;
    let began = resource.day("/context/period/start")?;
    document.service_date = began.map_or_else(|| resource.day("/date"), |day| Ok(Some(day)))?;
    Ok(Some(document))
}

/// The note of a report: its presented form, else its conclusion, else a narrative that says more than the data do; none
/// where it has only data.
pub(super) fn report(resource: Resource<'_>) -> Result<Option<Document>, Reason> {
    refuse_error(resource)?;
    let (text, encoding) = match attached(resource, resource.each("/presentedForm")?)? {
        Some(found) => found,
        None => match told(resource)? {
            Some(text) => (text, resource.encoding),
            None => return Ok(None),
        },
    };
    let mut document = common(resource, text, encoding)?;
    document.note_type = first_type(resource, "/code", "/category")?;
    document.provider = first_person(resource, &["/resultsInterpreter", "/performer"])?;
    for performer in resource.each("/performer")? {
        let reference = resource.text(&format!("{performer}/reference"))?.unwrap_or_default();
        if document.facility.is_none() && PLACES.iter().any(|kind| reference.contains(kind)) {
            document.facility = place(resource, &performer)?;
        }
    }
    let moment = resource.day("/effectiveDateTime")?;
    document.service_date =
        moment.map_or_else(|| resource.day("/effectivePeriod/start"), |day| Ok(Some(day)))?;
    Ok(Some(document))
}

fn refuse_error(resource: Resource<'_>) -> Result<(), Reason> {
    let is_error = resource.text("/status")? == Some("entered-in-error");
    if is_error { Err(Reason::EnteredInError.at(resource.place("/status"))) } else { Ok(()) }
}

/// What both kinds say in the same way.
fn common(resource: Resource<'_>, text: String, encoding: Encoding) -> Result<Document, Reason> {
    Ok(Document {
        text,
        id: resource.words("/id")?,
        patient_id: resource.target("/subject", &["Patient"])?,
        encoding,
        ..Document::default()
    })
}

fn first_type(resource: Resource<'_>, concept: &str, concepts: &str) -> Result<Option<NoteType>, Reason> {
    let mut found = resource.note_type(concept)?;
    for concept in resource.each(concepts)? {
        found = found.or(resource.note_type(&concept)?);
    }
    Ok(found)
}

/// The first person of these lists or references: the id, else the name.
fn first_person(resource: Resource<'_>, pointers: &[&str]) -> Result<Option<String>, Reason> {
    for pointer in pointers {
        let is_list = resource.at(pointer).is_some_and(serde_json::Value::is_array);
        let people = if is_list { resource.each(pointer)?.collect() } else { vec![(*pointer).to_owned()] };
        for person in people {
            let id = resource.target(&person, PEOPLE)?;
            let found = id.map_or_else(|| resource.display(&person, PEOPLE), |id| Ok(Some(id)))?;
            if found.is_some() {
                return Ok(found);
            }
        }
    }
    Ok(None)
}

/// A place: its name, else its id.
fn place(resource: Resource<'_>, pointer: &str) -> Result<Option<String>, Reason> {
    let name = resource.display(pointer, PLACES)?;
    name.map_or_else(|| resource.target(pointer, PLACES), |name| Ok(Some(name)))
}

/// The text of the attachment that loses least: plain text before HTML before RTF. `None` without attachments.
fn attached(
    resource: Resource<'_>,
    attachments: impl Iterator<Item = String>,
) -> Result<Option<(String, Encoding)>, Reason> {
    let mut best: Option<(ContentType<'_>, &str, String)> = None;
    let mut fault = None;
    for attachment in attachments {
        match data_of(resource, &attachment) {
            Ok((kind, data)) => {
                if best.as_ref().is_none_or(|(other, ..)| kind.markup < other.markup) {
                    best = Some((kind, data, attachment));
                }
            }
            Err(reason) => fault = fault.or(Some(reason)),
        }
    }
    let Some((kind, data, attachment)) = best else { return fault.map_or(Ok(None), Err) };
    let place = || resource.place(&format!("{attachment}/data"));
    let bytes = base64(data).ok_or_else(|| Reason::NotBase64.at(place()))?;
    text_of(kind, &bytes).map(Some).map_err(|reason| reason.at(place()))
}

/// The content type and the data of an attachment.
fn data_of<'v>(resource: Resource<'v>, attachment: &str) -> Result<(ContentType<'v>, &'v str), Reason> {
    let place = || resource.place(attachment);
    let kind = match resource.text(&format!("{attachment}/contentType"))? {
        Some(kind) => ContentType::parse(kind).ok_or_else(|| Reason::ContentType.at(place()))?,
        // The bytes themselves tell a text from other things.
        None => ContentType::of(Markup::Plain),
    };
    if let Some(data) = resource.text(&format!("{attachment}/data"))? {
        return Ok((kind, data));
    }
    let is_linked = resource.text(&format!("{attachment}/url"))?.is_some();
    Err(if is_linked {
        Reason::Linked.at(place())
    } else {
        Reason::WrongField { field: place(), wanted: "data" }
    })
}

/// The conclusion of a report, or the narrative of one where the narrative alone says something.
fn told(resource: Resource<'_>) -> Result<Option<String>, Reason> {
    if let Some(conclusion) = resource.text("/conclusion")?.filter(|text| !text.trim().is_empty()) {
        return Ok(Some(conclusion.to_owned()));
    }
    // A generated narrative repeats data, and `extensions` is one too; `additional` is what people wrote.
    let is_written = resource.text("/text/status")? == Some("additional");
    let narrative = resource.text("/text/div")?.filter(|_| is_written);
    Ok(narrative.map(html::text).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::super::documents;
    use super::*;
    use serde_json::{Value, json};

    fn read(resource: &Value) -> Option<Result<Document, String>> {
        let mut found = documents(resource.to_string().as_bytes());
        assert!(found.len() < 2);
        found.pop().map(|(_, item)| item.map_err(|reason| reason.to_string()))
    }

    fn fault(resource: &Value) -> String {
        read(resource).unwrap().unwrap_err()
    }

    /// "MRI" in the three formats, and a document of these attachments.
    const PLAIN: &str = "TVJJ";
    const HTML: &str = "PHA+TVJJPC9wPg==";
    const RTF: &str = "e1xydGYxIE1SSX0=";

    fn document(attachments: &[Value]) -> Value {
        let content: Vec<Value> =
            attachments.iter().map(|attachment| json!({"attachment": attachment})).collect();
        json!({"resourceType": "DocumentReference", "status": "current", "content": content})
    }

    #[test]
    fn a_document_is_read_with_what_is_known_of_it() {
        let mut resource = document(&[json!({"contentType": "text/plain", "data": PLAIN})]);
        let more = json!({
            "id": "d1",
            "subject": {"reference": "Patient/7"},
            "type": {"coding": [{"system": "http://local", "code": "11488-4"}, {"system": "http://loinc.org", "code": "11504-8"}]},
            "category": [{"coding": [{"system": "http://loinc.org", "code": "11506-3"}]}],
            "author": [{"reference": "Organization/o"}, {"reference": "Practitioner/p1", "display": "Ann Hall"}],
            "custodian": {"reference": "Organization/o2", "display": "North Clinic"},
            "date": "2024-03-12T01:00:00Z",
            "context": {"period": {"start": "2024-03-10T23:30:00-05:00"}},
        });
        resource.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let found = read(&resource).unwrap().unwrap();
        assert_eq!((found.text.as_str(), found.id.as_deref()), ("MRI", Some("d1")));
        assert_eq!((found.patient_id.as_deref(), found.provider.as_deref()), (Some("7"), Some("p1")));
        assert_eq!(
            (found.facility.as_deref(), found.note_type),
            (Some("North Clinic"), Some(NoteType::Operative))
        );
        assert_eq!(found.service_date.map(|day| day.to_string()).as_deref(), Some("2024-03-10"));
    }

    #[test]
    fn attachments_are_one_note_in_several_formats() {
        let text = |attachments: &[Value]| read(&document(attachments)).unwrap().map(|note| note.text);
        let [plain, html, rtf] =
            [("text/plain", PLAIN), ("application/xhtml+xml", HTML), ("application/rtf", RTF)]
                .map(|(kind, data)| json!({"contentType": kind, "data": data}));
        let pdf = json!({"contentType": "application/pdf", "data": "JVBERi0="});
        for attachments in
            [vec![rtf.clone()], vec![pdf.clone(), rtf, html.clone()], vec![html, plain, pdf.clone()]]
        {
            assert_eq!(text(&attachments).as_deref(), Ok("MRI"), "{attachments:?}");
        }
        assert_eq!(text(&[json!({"data": "TV\r\nJJ"})]).as_deref(), Ok("MRI"));
        let kind = "`/content/0/attachment`: has no content type that is read";
        assert!(text(&[pdf]).unwrap_err().starts_with(kind));
        let link = json!({"contentType": "text/plain", "url": "http://SECRET"});
        assert!(text(&[link]).unwrap_err().starts_with("`/content/0/attachment`: only links to the note"));
        for (attachment, expected) in [
            (
                json!({"data": "*SECRET"}),
                "`/content/0/attachment/data`: not base64: encode the data again, or give them as plain text",
            ),
            (
                json!({"data": 17}),
                "the field `/content/0/attachment/data` does not hold text: correct it where it was made",
            ),
            (
                json!({"contentType": "text/plain"}),
                "the field `/content/0/attachment` does not hold data: correct it where it was made",
            ),
            (
                json!({"contentType": "text/rtf", "data": PLAIN}),
                "`/content/0/attachment/data`: broken RTF at byte 0: it does not start with {\\rtf; save the note again, or as plain text",
            ),
        ] {
            assert_eq!(text(&[attachment]).unwrap_err(), expected);
        }
        assert_eq!(
            text(&[]).unwrap_err(),
            "the field `/content` does not hold an attachment: correct it where it was made"
        );
        assert_eq!(
            fault(&json!({"resourceType": "DocumentReference", "content": {}})),
            "the field `/content` does not hold a list: correct it where it was made"
        );
    }

    #[test]
    fn a_report_is_its_form_or_its_conclusion() {
        let report = |more: Value| {
            let mut resource = json!({"resourceType": "DiagnosticReport", "status": "final"});
            resource.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            read(&resource).map(|item| item.map(|note| note.text))
        };
        let form = json!([{"contentType": "text/html", "data": HTML}]);
        let narrative = |status: &str| json!({"text": {"status": status, "div": "<div>a<br/>b</div>"}});
        let text = |text: &str| Some(Ok(text.to_owned()));
        assert_eq!(report(json!({"presentedForm": form, "conclusion": "c"})), text("MRI"));
        assert_eq!(report(json!({"presentedForm": [], "conclusion": "c"})), text("c"));
        assert_eq!(report(narrative("additional")), text("a\nb"));
        assert_eq!(report(narrative("generated")), None);
        assert_eq!(report(json!({"conclusion": " "})), None);
        // The conclusion alone would lack what the form says.
        let pdf =
            json!({"presentedForm": [{"contentType": "application/pdf", "data": ""}], "conclusion": "c"});
        assert!(report(pdf).unwrap().unwrap_err().starts_with("`/presentedForm/0`: has no content type"));
        let error = report(json!({"status": "entered-in-error", "conclusion": "c"})).unwrap().unwrap_err();
        assert_eq!(
            error,
            "`/status`: marked as entered in error, so it is left out: send what stands in its place"
        );
    }

    #[test]
    fn a_report_names_people_and_places_apart() {
        let found = read(&json!({
            "resourceType": "DiagnosticReport",
            "conclusion": "c",
            "performer": [{"reference": "Organization/o1"}, {"reference": "Practitioner/p1"}],
            "effectivePeriod": {"start": "2024-03-10"},
            "category": [{"coding": [{"system": "http://loinc.org", "code": "18748-4"}]}],
        }))
        .unwrap()
        .unwrap();
        assert_eq!((found.provider.as_deref(), found.facility.as_deref()), (Some("p1"), Some("o1")));
        assert_eq!(found.note_type, Some(NoteType::Radiology));
        assert_eq!(found.service_date.map(|day| day.to_string()).as_deref(), Some("2024-03-10"));
        let wrong =
            json!({"resourceType": "DiagnosticReport", "conclusion": "c", "subject": {"reference": 7}});
        assert_eq!(
            fault(&wrong),
            "the field `/subject/reference` does not hold text: correct it where it was made"
        );
    }
}
