//! Cards: one a query, and one for the notes that could not be read.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Service;
use super::request::{Hook, notes};
use super::suggestion::{Suggestion, suggestions};
use crate::checks::{Query, Rule, words};
use crate::io::{Note, Reason, Record};
use crate::model::{Audit, Context, FlagLevel};
use crate::server::app::App;
use crate::server::note::fits;
use crate::server::problem::Problem;
use crate::session::Session;

/// Characters of a summary: the standard has fewer than 140.
const SUMMARY: usize = 139;

/// What the codes of answers that leave a query open belong to.
const OPEN_ANSWERS: &str = "urn:foramen:open-answer";

/// The answer to a call.
#[derive(Serialize, ToSchema)]
#[schema(as = CdsCards)]
pub(in crate::server) struct CardsJson {
    pub(super) cards: Vec<Card>,
}

/// A query, or what could not be read.
#[derive(Serialize, ToSchema)]
#[schema(as = CdsCard)]
#[serde(rename_all = "camelCase")]
pub(super) struct Card {
    uuid: String,
    /// What is missing, of what.
    summary: String,
    /// The query with the note's own words, and the answers, in Markdown.
    detail: String,
    indicator: &'static str,
    source: Source,
    /// Each answer that completes the note, as an update of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    selection_behavior: Option<&'static str>,
    /// The answers that leave it open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    override_reasons: Vec<Coding>,
    /// The rules that ask.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link>,
}

/// Where a card comes from.
#[derive(Serialize, ToSchema)]
#[schema(as = CdsSource)]
struct Source {
    label: String,
    url: String,
}

impl Source {
    fn at(base: &str) -> Self {
        Self { label: "Foramen".to_owned(), url: format!("{base}/v1/rules") }
    }
}

/// A code.
#[derive(Serialize, ToSchema)]
#[schema(as = CdsCoding)]
struct Coding {
    code: String,
    system: &'static str,
    display: String,
}

/// A link.
#[derive(Serialize, ToSchema)]
#[schema(as = CdsLink)]
struct Link {
    label: String,
    url: String,
    r#type: &'static str,
}

/// The cards of a call; `base` is the server's own address.
pub(super) fn cards(app: &App, service: &Service, hook: &Hook, base: &str) -> Result<Vec<Card>, Problem> {
    let Some(resource) = hook.resource(service)? else { return Ok(Vec::new()) };
    let record = Record::fhir("prefetch", resource.as_bytes().to_vec());
    // Only the note at hand is the user's to change.
    let document = service.prefetch.note.and_then(|_| serde_json::from_str::<Value>(resource).ok());
    let (mut cards, of_all) = (Vec::new(), app.context());
    let (readable, faults) = notes(&record)?;
    let all = readable.len() + faults.len();
    for note in readable {
        fits(&note.text, app)?;
        let context = note.context(&of_all);
        add(app, &note, &context, document.as_ref(), base, &mut cards);
    }
    if !faults.is_empty() {
        cards.push(Card::of_unread(&faults, all, base));
    }
    for (number, card) in cards.iter_mut().enumerate() {
        card.name(&format!("urn:foramen:{}:{}:{number}", service.id, hook.hook_instance));
    }
    Ok(cards)
}

/// Adds the cards of a note.
fn add(
    app: &App,
    note: &Note<'_>,
    context: &Context,
    document: Option<&Value>,
    base: &str,
    cards: &mut Vec<Card>,
) {
    let mut session = Session::new(app.engine.clone(), context.clone());
    if session.push(&note.text).is_err() {
        return;
    }
    let update = session.audit();
    app.metrics.audited(1, note.text.len() as u64);
    let (audit, queries) = (update.audit.clone(), update.queries.to_vec());
    for (index, query) in queries.iter().enumerate() {
        let suggestions = document.map_or_else(Vec::new, |document| {
            suggestions(&mut session, document, index, query, app.engine.rules().open_answers())
        });
        cards.push(Card::new(app, &audit, query, suggestions, base));
    }
}

impl Card {
    fn new(app: &App, audit: &Audit, query: &Query, suggestions: Vec<Suggestion>, base: &str) -> Self {
        let rules = app.engine.rules();
        let gaps = query.gaps.iter().filter_map(|&gap| audit.gaps.get(gap));
        let mut asked: Vec<&Rule> = Vec::new();
        for rule in gaps.filter_map(|gap| rules.get(gap.rule)) {
            if !asked.iter().any(|known| known.code == rule.code) {
                asked.push(rule);
            }
        }
        let link = |rule: &&Rule| Link {
            label: format!("{}: {}", rule.code, rule.title),
            url: format!("{base}/rules/{}", rule.code),
            r#type: "absolute",
        };
        let reason = |answer: &String| Coding {
            code: answer.replace(' ', "-"),
            system: OPEN_ANSWERS,
            display: answer.clone(),
        };
        Self {
            uuid: String::new(),
            summary: summary(query.title(rules, audit)),
            detail: detail(query),
            // What is not documented is never an emergency.
            indicator: match asked.iter().map(|rule| rule.level).max() {
                Some(FlagLevel::Info) => "info",
                _ => "warning",
            },
            source: Source::at(base),
            selection_behavior: (!suggestions.is_empty()).then_some("at-most-one"),
            suggestions,
            override_reasons: rules.open_answers().iter().map(reason).collect(),
            links: asked.iter().map(link).collect(),
        }
    }

    /// What is said where some of `all` notes could not be read: without it they would count as complete.
    fn of_unread(faults: &[Reason], all: usize, base: &str) -> Self {
        let mut detail = "Nothing is known of these notes:\n".to_owned();
        for reason in faults {
            // Writing to a string cannot fail.
            let _ = write!(detail, "\n- {}", escaped(&reason.to_string()));
        }
        Self {
            uuid: String::new(),
            summary: format!("{} of {all} notes could not be read", faults.len()),
            detail,
            indicator: "info",
            source: Source::at(base),
            suggestions: Vec::new(),
            selection_behavior: None,
            override_reasons: Vec::new(),
            links: Vec::new(),
        }
    }

    /// Gives ids to the card and its suggestions, the same for the same call.
    fn name(&mut self, name: &str) {
        let id = |name: &str| Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string();
        self.uuid = id(name);
        for (number, suggestion) in self.suggestions.iter_mut().enumerate() {
            suggestion.uuid = id(&format!("{name}:{number}"));
        }
    }
}

/// A title, as short as the standard has it.
fn summary(title: String) -> String {
    if title.chars().count() <= SUMMARY {
        return title;
    }
    title.chars().take(SUMMARY - 1).chain(['…']).collect()
}

/// The query and its answers, in GitHub's Markdown.
fn detail(query: &Query) -> String {
    let mut text = escaped(&query.text);
    text.push('\n');
    for choice in &query.choices {
        let options: Vec<String> = choice.options.iter().map(|option| escaped(option)).collect();
        // Writing to a string cannot fail.
        let _ = write!(text, "\n- **{}**: {}", words(choice.element.name()), options.join(" | "));
    }
    text
}

/// Text as Markdown shows it: words of a note make no link, no image and no markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '!' | '|' | '~' | '&' => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_note_are_no_markup() {
        assert_eq!(escaped("L4-5: <b>mild</b> [x](http://y)"), r"L4-5: \<b\>mild\</b\> \[x\](http://y)");
        assert_eq!(escaped("a\r\nb *c* `d` &amp;"), r"a  b \*c\* \`d\` \&amp;");
    }
}
