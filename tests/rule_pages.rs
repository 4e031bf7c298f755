//! The pages in `docs/rules` are those that the rules give. `FORAMEN_UPDATE=1 cargo test --test rule_pages`
//! writes them anew.
#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use foramen::checks::Rules;
use foramen::report::{rule_index, rule_page};

#[test]
fn pages_are_those_that_the_rules_give() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let rules = Rules::embedded().unwrap();
    let mut pages = BTreeMap::from([("README.md".to_owned(), rule_index(&rules))]);
    for rule in rules.iter() {
        pages.insert(format!("{}.md", rule.code), rule_page(&rules, &rule.code).unwrap());
    }
    if std::env::var_os("FORAMEN_UPDATE").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (name, page) in &pages {
            std::fs::write(folder.join(name), page).unwrap();
        }
    }
    let written: BTreeMap<String, String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    let again = "run `FORAMEN_UPDATE=1 cargo test --test rule_pages` and commit docs/rules";
    assert_eq!(written.keys().collect::<Vec<_>>(), pages.keys().collect::<Vec<_>>(), "{again}");
    for (name, page) in &pages {
        assert!(written.get(name) == Some(page), "docs/rules/{name} is stale: {again}");
    }
}

#[test]
fn there_is_no_page_of_an_unknown_rule() {
    assert_eq!(rule_page(&Rules::embedded().unwrap(), "NF999"), None);
}
