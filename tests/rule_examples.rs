//! Each rule's examples do what its page says: the bad one breaks it, the good one breaks no rule of its pack.

#![expect(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]

use foramen::Engine;
use foramen::checks::{Example, Rules, Settings};
use foramen::lexicon::Lexicon;
use foramen::model::Context;

use earlier::earlier;

mod earlier;

/// The codes of the rules that a note breaks.
fn broken(engine: &Engine, example: &Example) -> Vec<&'static str> {
    let day = |text: &Option<String>| text.as_ref().map(|day| day.parse().unwrap());
    let context = Context {
        note_type: Some(example.note_type),
        service_date: day(&example.service_date),
        today: day(&example.today),
        setting: example.setting,
        payer: example.payer,
        earlier: example.earlier.iter().map(|facts| earlier(facts)).collect(),
        ..Context::default()
    };
    let audit = engine.audit(&example.note, &context);
    audit.gaps.iter().map(|gap| gap.rule).chain(audit.flags.iter().map(|flag| flag.rule)).collect()
}

#[test]
fn bad_examples_break_their_rule_and_good_ones_keep_their_pack() {
    let default = Engine::new(Lexicon::embedded()).unwrap();
    let rules = Rules::embedded().unwrap();
    let mut wrong = Vec::new();
    for pack in rules.packs() {
        // A pack that is off by default runs alone.
        let alone = Settings { packs: Some(vec![pack.name.clone()]), ..Settings::default() };
        let own = (!pack.is_default).then(|| Engine::with_settings(Lexicon::embedded(), alone).unwrap());
        let engine = own.as_ref().unwrap_or(&default);
        for rule in &pack.rules {
            let (bad, good) = (broken(engine, &rule.bad), broken(engine, &rule.good));
            if bad != [rule.code.as_str()] {
                wrong.push(format!("{}: the bad example breaks {bad:?}", rule.code));
            }
            if pack.rules.iter().any(|r| good.contains(&r.code.as_str())) {
                wrong.push(format!("{}: the good example breaks {good:?}", rule.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
