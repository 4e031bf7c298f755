//! The description of the server: what is committed is what the code gives, and what the server serves.

use std::path::Path;

use serde_json::Value;

use super::client::Server;

#[test]
fn the_committed_description_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let description = foramen::server::description();
    if std::env::var_os("FORAMEN_UPDATE").is_some() {
        std::fs::write(&path, &description).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == description,
        "run `FORAMEN_UPDATE=1 cargo test --test server description`, and read the change"
    );
    let server = Server::start(&[]);
    assert_eq!(server.get("/openapi.json").body, description);
}

#[test]
fn the_messages_of_a_session_are_described() {
    let description: Value = serde_json::from_str(&foramen::server::description()).unwrap();
    let schemas = &description["components"]["schemas"];
    for (name, members) in [
        ("SessionOpen", vec!["context", "offsets", "text", "type"]),
        ("SessionEdit", vec!["end", "start", "text", "type"]),
        ("SessionPush", vec!["text", "type"]),
        ("SessionApply", vec!["element", "option", "query", "type"]),
        ("SessionWords", vec!["end", "start", "text", "type"]),
        ("SessionProblem", vec!["detail", "kind", "status", "title", "type"]),
        ("Update", vec!["audit", "changes", "left_open", "queries"]),
    ] {
        let mut found: Vec<&String> = schemas[name]["properties"].as_object().unwrap().keys().collect();
        found.sort();
        assert_eq!(found, members, "{name}");
    }
    assert!(schemas["SessionUpdate"].to_string().contains("#/components/schemas/Update"));
    let told = description["paths"]["/v1/session"]["get"]["description"].as_str().unwrap();
    assert!(["SessionOpen", "SessionUpdate"].iter().all(|name| told.contains(name)), "{told}");
}

#[test]
fn every_place_that_is_described_answers() {
    let description: Value = serde_json::from_str(&foramen::server::description()).unwrap();
    let server = Server::start(&[]);
    let paths = description["paths"].as_object().unwrap();
    assert!(paths.len() > 12);
    for (path, methods) in paths {
        let url = path.replace("{code}", "NF003").replace("{id}", "foramen-order-sign");
        for (method, what) in methods.as_object().unwrap() {
            let answer = match method.as_str() {
                "get" => server.get(&url),
                _ => server.post(&url, "application/json", "{"),
            };
            let status = answer.status.to_string();
            assert!(![404, 405].contains(&answer.status), "{path} {answer:?}");
            assert!(what["responses"].get(&status).is_some(), "{path} gives {status}");
        }
    }
}
