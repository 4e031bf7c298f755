//! The reference pages of the rules, in Markdown, made of the rules' own data.
//!
//! `docs/rules` holds them; a test compares, and writes them anew where `FORAMEN_UPDATE` is set.

use std::fmt::Write as _;

use crate::checks::{Example, Rule, Rules};
use crate::model::Element;

const LEVELS_OF_NOTE: &str =
    "the levels that the note itself states, less those at which it denies the finding";

/// The page of the rule of a code; `None` where there is no such rule.
pub fn rule_page(rules: &Rules, code: &str) -> Option<String> {
    let (pack, rule) = rules.packs().iter().find_map(|pack| {
        let rule = pack.rules.iter().find(|rule| rule.code == code)?;
        Some((pack, rule))
    })?;
    let mut page = format!("# {}: {}\n\n", rule.code, rule.title);
    for (name, value) in [
        ("pack", Some(pack.name.as_str())),
        ("level", Some(rule.level.name())),
        ("element", rule.element.map(Element::name)),
        ("in effect from", rule.effective_from.as_deref()),
        ("in effect to", rule.effective_to.as_deref()),
        ("setting", rule.setting.as_deref()),
    ] {
        if let Some(value) = value {
            put(&mut page, format_args!("- {name}: `{value}`\n"));
        }
    }
    for limit in &rule.limits {
        let value = rules.limit(*limit).map(|value| format!(" = {value}")).unwrap_or_default();
        put(
            &mut page,
            format_args!("- limit: `{}{value}`, set under `[limits]` in `foramen.toml`\n", limit.name()),
        );
    }
    section(&mut page, "What it says", &rule.summary);
    section(&mut page, "Why", &rule.why);
    if let Some(correction) = &rule.correction {
        section(&mut page, "What is often said", correction);
    }
    let lists = rule.codes.iter().chain(&pack.codes);
    let lists: Vec<String> = lists.map(|(name, codes)| format!("- {name}: {}", codes.join(", "))).collect();
    if !lists.is_empty() {
        section(&mut page, "Codes that it names", &lists.join("\n"));
    }
    example(&mut page, "A note that breaks it", &rule.bad);
    example(&mut page, "A note that keeps it", &rule.good);
    if let Some(query) = &rule.query {
        let levels = query.levels_of_note.then_some(LEVELS_OF_NOTE);
        let answers = query.options.iter().map(String::as_str).chain(levels);
        let answers: Vec<&str> = answers.chain(rules.open_answers().iter().map(String::as_str)).collect();
        section(&mut page, "What it asks for", &format!("{}: {}.", query.ask, answers.join("; ")));
    }
    let sources: Vec<String> = rule.sources.iter().map(|source| format!("- {source}")).collect();
    section(&mut page, "Sources", &sources.join("\n"));
    Some(page)
}

/// The page that lists all rules.
pub fn rule_index(rules: &Rules) -> String {
    let mut page = "# Rules\n".to_owned();
    for pack in rules.packs() {
        let off = if pack.is_default { "" } else { ", off by default" };
        section(&mut page, &format!("{} (`{}`{off})", pack.title, pack.name), &pack.summary);
        page.push_str("\n| code | title | level |\n| --- | --- | --- |\n");
        for Rule { code, title, level, .. } in &pack.rules {
            put(&mut page, format_args!("| [{code}]({code}.md) | {title} | {level} |\n"));
        }
    }
    page
}

fn section(page: &mut String, heading: &str, body: &str) {
    put(page, format_args!("\n## {heading}\n\n{}\n", body.trim()));
}

fn example(page: &mut String, heading: &str, example: &Example) {
    let known = [
        example.service_date.as_ref().map(|day| format!(", service on {day}")),
        example.today.as_ref().map(|day| format!(", read on {day}")),
        example.setting.map(|setting| format!(", setting `{setting}`")),
        example.payer.map(|payer| format!(", payer `{payer}`")),
        (!example.earlier.is_empty()).then(|| format!(", after {}", example.earlier.join("; "))),
    ];
    let known: String = known.into_iter().flatten().collect();
    let body = format!("```text\n{}\n```\n\n(`{}` note{known})", example.note.trim(), example.note_type);
    section(page, heading, &body);
}

/// Writing to a string cannot fail.
fn put(page: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = page.write_fmt(text);
}
