//! The page of a run: what it shows, and that nothing which a note or its metadata holds becomes markup in it.

#![cfg(feature = "parallel")]
#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use foramen::Engine;
use foramen::batch::{Options, RunFacts, Summary, Work, run, write_page};
use foramen::io::Source;
use foramen::lexicon::Lexicon;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::{Value, json};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Lexicon::embedded()).unwrap());

/// The figures of notes, each a line of JSON.
fn summary(notes: &[Value], text: bool) -> Summary {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.jsonl");
    let lines: Vec<String> = notes.iter().map(|note| format!("{note}\n")).collect();
    fs::write(&path, lines.concat()).unwrap();
    let mut source = Source::open(vec![path]).unwrap();
    let options = Options { text, ..Options::default() };
    let mut summary =
        run(&ENGINE, &mut source, &options, |(): &mut (), _, _| (), |(), _| Ok::<_, std::io::Error>(()))
            .unwrap();
    // The one thing in the figures that the test's own folder gives.
    let json = serde_json::to_string(&summary).unwrap();
    let here = serde_json::to_string(&folder.path().to_string_lossy()).unwrap();
    summary = serde_json::from_str(&json.replace(here.trim_matches('"'), "folder")).unwrap();
    summary
}

fn facts(text: bool) -> RunFacts {
    RunFacts {
        lexicon: "0123456789abcdef".into(),
        inputs: vec!["notes.jsonl".into()],
        settings: vec![("Payer".into(), "medicare".into())],
        text,
        started: "2026-01-02 03:04 UTC".into(),
        seconds: 2.5,
        work: Work { notes: 4, bytes: 256 },
        threads: 2,
    }
}

fn page(summary: &Summary, facts: &RunFacts) -> String {
    let mut page = Vec::new();
    write_page(summary, ENGINE.rules(), facts, &mut page).unwrap();
    String::from_utf8(page).unwrap()
}

/// A page as a browser's parser reads it.
struct Html {
    root: Handle,
    errors: Vec<String>,
}

impl Html {
    fn new(page: &str) -> Self {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(page);
        Self { root: dom.document, errors: dom.errors.take().into_iter().map(String::from).collect() }
    }

    /// The texts of the elements that a selector means: each of its words a tag, an id or a class, inside the one before.
    fn texts(&self, selector: &str) -> Vec<String> {
        let mut found = vec![self.root.clone()];
        for word in selector.split(' ') {
            let inside = found.iter().flat_map(descendants);
            found = inside.filter(|node| names(node).iter().any(|name| name == word)).collect();
        }
        found.iter().map(text).collect()
    }

    /// How many elements there are of each name with the same attributes, and of what is no element.
    fn markup(&self) -> BTreeMap<String, usize> {
        let mut markup = BTreeMap::new();
        for node in descendants(&self.root) {
            let kind = match &node.data {
                NodeData::Element { name, attrs, .. } => {
                    let mut attributes: Vec<_> =
                        attrs.borrow().iter().map(|a| a.name.local.to_string()).collect();
                    attributes.sort();
                    format!("{} {}", name.local, attributes.join(" "))
                }
                NodeData::Text { .. } => continue,
                other => format!("{other:?}"),
            };
            *markup.entry(kind).or_insert(0) += 1;
        }
        markup
    }
}

/// All that is inside of a node, in the order of the page.
fn descendants(node: &Handle) -> Vec<Handle> {
    let mut found = Vec::new();
    for child in node.children.borrow().iter() {
        found.push(child.clone());
        found.extend(descendants(child));
    }
    found
}

/// The tag of an element, and its id and classes as selectors name them.
fn names(node: &Handle) -> Vec<String> {
    let NodeData::Element { name, attrs, .. } = &node.data else { return Vec::new() };
    let attrs = attrs.borrow();
    let given = attrs.iter().flat_map(|attribute| {
        let sign = match &*attribute.name.local {
            "id" => "#",
            "class" => ".",
            _ => return Vec::new(),
        };
        attribute.value.split(' ').map(|value| format!("{sign}{value}")).collect()
    });
    std::iter::once(name.local.to_string()).chain(given).collect()
}

fn text(node: &Handle) -> String {
    let of = |node: &Handle| match &node.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        _ => String::new(),
    };
    descendants(node).iter().map(of).collect()
}

#[test]
fn the_page_of_a_small_run() {
    let notes = [
        json!({"note_id": "mri-1", "provider": "Dr. Adams", "facility": "North", "service_date": "2025-11-03",
               "text": "IMPRESSION: L4-5: right foraminal stenosis.\nL5-S1: severe left foraminal stenosis."}),
        json!({"note_id": "mri-2", "provider": "Dr. Brown", "service_date": "2026-01-20",
               "text": "IMPRESSION: Moderate right foraminal stenosis at C5-6. No canal stenosis at C6-7."}),
        json!({"note_id": "mri-2", "provider": "Dr. Brown", "service_date": "2026-01-21",
               "text": "FINDINGS: L3-4: mild left foraminal stenosis.\nIMPRESSION: L3-4: mild right foraminal stenosis."}),
        json!({"note_id": "lost"}),
    ];
    let page = page(&summary(&notes, true), &facts(true));
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    insta::assert_snapshot!(format!("{head}<style></style>{body}"));
}

/// What somebody could put where a page shows what it was given.
const PAYLOADS: &[&str] = &[
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style></title><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "`onload=alert(1)`",
    "<svg/onload=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "javascript:alert(1)",
    "<!-- --!> <![CDATA[ ]]> <?php ?>",
    "&lt;b&gt;&#60;i&#62;&amp;",
    "expression(alert(1)); background:url(//example.invalid)",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "<plaintext>",
    "<math><mtext></table><style><!--</style><img title=\"--&gt;\" onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "שלום \u{202e}txt.exe\u{2066}",
    "\0\u{1b}[31m\u{7f}\u{9f}",
    "\u{feff}\u{fffe}\u{fdd0}",
];

/// Figures in which the payload stands wherever a page shows what it was given.
fn summary_of(payload: &str) -> Summary {
    let text = format!("{payload}\nIMPRESSION: Foraminal stenosis at L4-5.\n{payload}");
    let note = |id: &str, day| json!({"note_id": id, "provider": payload, "facility": payload, "service_date": day, "text": text});
    let mut json = json!(summary(&[note(payload, "2025-12-01"), note("plain", "2026-01-01")], true));
    json["rejects"] = json!({payload: 1});
    json["flags"] = json!({payload: 1});
    let worst = &mut json["worst"][0];
    worst["file"] = payload.into();
    worst["queries"][0]["rules"] = json!([payload]);
    worst["queries"][0]["text"] = payload.into();
    worst["queries"][0]["choices"][0]["options"] = json!([payload, payload]);
    serde_json::from_value(json).unwrap()
}

fn facts_of(payload: &str) -> RunFacts {
    RunFacts {
        lexicon: payload.into(),
        inputs: vec![payload.into(), payload.into()],
        settings: vec![(payload.into(), payload.into())],
        started: payload.into(),
        ..facts(true)
    }
}

/// A payload as the page shows it: hidden characters by their codes.
fn shown(payload: &str) -> String {
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{202e}' | '\u{2066}' | '\u{feff}' | '\u{fffe}' | '\u{fdd0}')
    };
    payload
        .chars()
        .map(|c| if hidden(c) { format!("[U+{:04X}]", u32::from(c)) } else { c.to_string() })
        .collect()
}

#[test]
fn whatever_is_shown_is_text() {
    let harmless = Html::new(&page(&summary_of("word"), &facts_of("word")));
    assert_eq!(harmless.errors, [] as [String; 0]);
    let expected = harmless.markup();
    for payload in PAYLOADS {
        let page = page(&summary_of(payload), &facts_of(payload));
        let html = Html::new(&page);
        assert_eq!(html.errors, [] as [String; 0], "{payload}");
        assert_eq!(html.markup(), expected, "{payload}");
        let shown = shown(payload);
        let is_shown = |selector: &str| {
            assert!(html.texts(selector).iter().any(|text| text.contains(&shown)), "{payload} in {selector}");
        };
        let notes = ["article h3 bdi", "article p bdi", "article .code", "blockquote", "textarea"];
        let run = ["header p", "#run dd", "#run dt", "#run tbody th"];
        let keys = ["#providers th bdi", "#facilities th bdi", "#flags .code"];
        notes.into_iter().chain(run).chain(keys).for_each(is_shown);
    }
}

#[test]
fn the_page_loads_and_runs_nothing() {
    let html = Html::new(&page(&summary_of("<script>"), &facts(true)));
    for node in descendants(&html.root) {
        let NodeData::Element { name, attrs, .. } = &node.data else { continue };
        let forbidden = ["script", "iframe", "img", "link", "object", "embed", "base", "form"];
        assert!(!forbidden.contains(&&*name.local), "{}", name.local);
        for attribute in attrs.borrow().iter() {
            let (name, value) = (&*attribute.name.local, &*attribute.value);
            assert!(!name.starts_with("on") && name != "src", "{name}");
            assert!(name != "href" || value.starts_with('#'), "{value}");
        }
    }
    let head = page(&Summary::default(), &facts(true));
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">";
    assert!(head.contains(policy));
    assert!(html.texts("style").iter().all(|style| !style.contains("url(") && !style.contains("@import")));
}

#[test]
fn without_text_no_word_of_a_note_is_shown() {
    let notes = [json!({
        "note_id": "n1",
        "text": "IMPRESSION: Zebrafish foraminal stenosis of the quokka. Wombat with foraminal narrowing, platypus left."
    })];
    let html = |text| page(&summary(&notes, text), &facts(text)).to_lowercase();
    let (with, without) = (html(true), html(false));
    for word in ["zebrafish", "quokka", "wombat", "platypus"] {
        assert!(with.contains(word), "{word}");
        assert!(!without.contains(word), "{word}");
    }
    assert!(without.contains("words of the notes were left out"));
    assert!(without.contains("please document, in your clinical judgment"));
}

#[test]
fn the_page_stays_small() {
    let long = "W".repeat(10 << 20);
    let note = |id: &str, provider: &str, stenoses| {
        let text = "Foraminal stenosis. ".repeat(stenoses);
        json!({"note_id": id, "provider": provider, "facility": provider, "text": text})
    };
    let mut notes = vec![note(&long, &long, 500)];
    notes.extend((0..400).map(|n| note("n", &format!("provider {n}"), 9)));
    let mut many = summary(&notes, true);
    // Some 400 million notes.
    for _ in 0..20 {
        many.merge(many.clone());
    }
    let page = page(&many, &facts(true));
    assert!(page.len() < 2 << 20, "{} bytes", page.len());
    let html = Html::new(&page);
    assert_eq!(html.texts(".tiles dd")[0], "420,478,976");
    assert_eq!(html.texts("article").len(), 25);
    assert!(html.texts("#providers details").concat().contains("more are in summary.json"));
}

#[test]
fn a_run_without_notes_has_a_page() {
    let html = Html::new(&page(&Summary::default(), &facts(true)));
    assert_eq!(html.errors, [] as [String; 0]);
    let text = html.texts("main").concat();
    for sentence in [
        "Nothing that is required is missing.",
        "No note states a finding.",
        "No statement disagrees with another or with a rule.",
        "No note lacks anything that is required of it.",
        "Every record was read.",
        "No note tells its provider, facility or month of service",
    ] {
        assert!(text.contains(sentence), "{sentence}");
    }
}
