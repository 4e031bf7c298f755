//! CDS Hooks as a health record meets it. The shape of every answer is held to schemas by `scripts/server-tests`; here,
//! what cards say, and what becomes of a note whose card is accepted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::client::{Answer, SECRET, Server};

const NOTE: &str = "IMPRESSION: Left foraminal stenosis at L4-L5.";

/// A note as a record keeps it.
fn document(content_type: &str, text: &str) -> Value {
    json!({
        "resourceType": "DocumentReference", "id": "n1", "status": "current", "docStatus": "preliminary",
        "content": [{"attachment": {"contentType": content_type, "data": STANDARD.encode(text), "size": text.len()}}],
    })
}

fn call(server: &Server, id: &str, hook: &str, prefetch: Value) -> Answer {
    let body = json!({
        "hook": hook, "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "fhirServer": "https://ehr.example",
        "context": {"userId": "Practitioner/a", "patientId": "7", "documentReferenceId": "n1"}, "prefetch": prefetch,
    });
    server.post(&format!("/cds-services/{id}"), "application/json", body.to_string())
}

fn sign(server: &Server, note: Value) -> Answer {
    call(server, "foramen-note-sign", "org.foramen.note-sign", json!({"note": note}))
}

#[test]
fn the_services_are_found_and_each_answers_on_its_hook() {
    let server = Server::start(&[]);
    let services = server.get("/cds-services").json()["services"].as_array().unwrap().clone();
    let hooks: Vec<_> = services.iter().map(|service| service["hook"].as_str().unwrap()).collect();
    assert_eq!(hooks, ["order-select", "order-sign", "org.foramen.note-sign"]);
    for service in &services {
        let (key, _) = service["prefetch"].as_object().unwrap().iter().next().unwrap();
        let (id, hook) = (service["id"].as_str().unwrap(), service["hook"].as_str().unwrap());
        let bundle = json!({"resourceType": "Bundle", "type": "searchset", "entry": [
            {"resource": document("text/plain", NOTE)},
            {"resource": {"resourceType": "Patient"}},
            {"resource": document("text/plain", "Doing well.")},
        ]});
        let answer = call(&server, id, hook, json!({key: bundle}));
        assert_eq!((answer.status, answer.json()["cards"].as_array().unwrap().len()), (200, 1), "{answer:?}");
        let nothing = call(&server, id, hook, json!({key: null}));
        if key == "note" {
            // There is a note that is signed.
            assert_eq!((nothing.status, nothing.problem().as_str()), (412, "precondition"));
        } else {
            assert_eq!(nothing.json(), json!({"cards": []}));
        }
        assert_eq!(call(&server, id, "patient-view", json!({key: null})).problem(), "invalid");
        assert_eq!(
            (call(&server, id, hook, json!({})).status, call(&server, id, hook, Value::Null).status),
            (412, 412)
        );
    }
    assert_eq!(call(&server, "other", "order-sign", json!({})).problem(), "not-found");
}

#[test]
fn a_card_is_a_query_with_the_words_and_the_rule() {
    let server = Server::start(&["--public-url", "https://cds.example/"]);
    let answer =
        sign(&server, document("text/html", "<p>IMPRESSION: Foraminal stenosis at L4-L5.</p>")).json();
    let card = &answer["cards"][0];
    assert_eq!(card["summary"], "foraminal stenosis (L4-L5): no laterality, no severity");
    let detail = card["detail"].as_str().unwrap();
    assert!(detail.contains("“Foraminal stenosis at L4-L5”"), "{detail}");
    assert!(
        detail.contains("- **severity**: mild \\| moderate")
            || detail.contains("- **severity**: mild | moderate"),
        "{detail}"
    );
    assert_eq!(card["indicator"], "warning");
    assert_eq!(card["links"][0]["url"], "https://cds.example/rules/NF002");
    assert_eq!(card["links"][1]["type"], "absolute");
    let reasons: Vec<_> =
        card["overrideReasons"].as_array().unwrap().iter().map(|r| r["display"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["other", "unable to determine"]);
    // The words of a note in HTML are not those of its resource, so none can be put in.
    assert!(card.get("suggestions").is_none() && card.get("selectionBehavior").is_none());
    assert!(card["summary"].as_str().unwrap().chars().count() < 140);
}

#[test]
fn an_accepted_suggestion_completes_the_note() {
    let server = Server::start(&[]);
    let answer = sign(&server, document("text/plain", NOTE)).json();
    let card = &answer["cards"][0];
    assert_eq!(card["selectionBehavior"], "at-most-one");
    let suggestions = card["suggestions"].as_array().unwrap();
    let labels: Vec<_> = suggestions.iter().map(|suggestion| suggestion["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["severity: mild", "severity: moderate", "severity: severe"]);
    let action = &suggestions[1]["actions"][0];
    assert_eq!((&action["type"], &action["resource"]["id"]), (&json!("update"), &json!("n1")));
    let attachment = &action["resource"]["content"][0]["attachment"];
    let text = String::from_utf8(STANDARD.decode(attachment["data"].as_str().unwrap()).unwrap()).unwrap();
    assert_eq!(text, "IMPRESSION: Moderate left foraminal stenosis at L4-L5.");
    assert!(attachment.get("size").is_none());
    assert_eq!(sign(&server, action["resource"].clone()).json(), json!({"cards": []}));
    let feedback = json!({"feedback": [{
        "card": card["uuid"], "outcome": "accepted", "acceptedSuggestions": [{"id": suggestions[1]["uuid"]}],
        "outcomeTimestamp": "2026-03-10T08:30:00Z",
    }]});
    let told =
        server.post("/cds-services/foramen-note-sign/feedback", "application/json", feedback.to_string());
    assert_eq!(told.status, 200);
    assert!(server.get("/metrics").body.contains("foramen_cds_feedback_total{outcome=\"Accepted\"} 1\n"));
}

#[test]
fn a_note_that_cannot_be_read_is_told_beside_one_that_can() {
    let server = Server::start(&[]);
    let linked = json!({
        "resourceType": "DocumentReference", "content": [{"attachment": {"url": "Binary/SECRETNAME"}}],
    });
    let complete = document("text/plain", "IMPRESSION: Moderate left foraminal stenosis at L4-L5.");
    let bundle = json!({"resourceType": "Bundle", "entry": [{"resource": linked}, {"resource": complete}]});
    let answer = call(&server, "foramen-order-sign", "order-sign", json!({"notes": bundle}));
    assert!(answer.status == 200 && !answer.body.contains(SECRET), "{answer:?}");
    let json = answer.json();
    let cards = json["cards"].as_array().unwrap();
    assert_eq!(cards.len(), 1, "{json}");
    assert_eq!(cards[0]["summary"], "1 of 2 notes could not be read");
    assert_eq!(cards[0]["indicator"], "info");
    assert!(cards[0]["detail"].as_str().unwrap().contains("only links to the note"), "{json}");
    assert!(cards[0]["uuid"].as_str().is_some_and(|id| !id.is_empty()), "{json}");
    assert!(cards[0].get("links").is_none() && cards[0].get("overrideReasons").is_none(), "{json}");
}

#[test]
fn what_cannot_be_used_is_told() {
    let server = Server::start(&[]);
    let linked = json!({"resourceType": "DocumentReference", "content": [{"attachment": {"url": "Binary/SECRETNAME"}}]});
    let answer = sign(&server, linked);
    assert_eq!((answer.status, answer.problem().as_str()), (412, "precondition"));
    for body in [
        json!({"hook": "order-sign"}),
        json!({"hook": "order-sign", "hookInstance": "a", "context": {"userId": "a"}}),
        json!({"hook": "order-sign", "hookInstance": "a", "context": [SECRET]}),
        json!({"hook": SECRET, "hookInstance": "a", "context": {"userId": "a", "patientId": "b"}}),
    ] {
        let answer = server.post("/cds-services/foramen-order-sign", "application/json", body.to_string());
        assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid"), "{body}");
    }
    let time = "2026-03-10T08:30:00Z";
    for entry in [
        json!({"card": "a", "outcome": "ignored", "outcomeTimestamp": time}),
        json!({"card": "a", "outcome": "accepted", "outcomeTimestamp": time}),
        json!({"card": "a", "outcome": "overridden", "outcomeTimestamp": SECRET}),
        json!({"card": "a", "outcome": "overridden"}),
    ] {
        let body = json!({"feedback": [entry]}).to_string();
        let answer = server.post("/cds-services/foramen-order-sign/feedback", "application/json", body);
        assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid"), "{answer:?}");
    }
}
