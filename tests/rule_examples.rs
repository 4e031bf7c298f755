//! Each rule's examples do what its page says: the bad one breaks it, the good one breaks no rule of its pack.

#![expect(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]

use foramen::Engine;
use foramen::checks::{Example, Rules, Settings};
use foramen::lexicon::Lexicon;
use foramen::model::{Context, EarlierService, Level, ProcedureFamily, Side};

/// An earlier service from its day, family, level and side.
fn earlier(facts: &str) -> EarlierService {
    let words = || facts.split(' ');
    let level: Option<Level> = words().find_map(|word| word.parse().ok());
    EarlierService {
        day: words().next().unwrap().parse().unwrap(),
        family: *ProcedureFamily::ALL.iter().find(|f| words().any(|word| word == f.name())).unwrap(),
        region: level.map(|level| level.upper().region()),
        level,
        side: Side::ALL.iter().copied().find(|side| words().any(|word| word == side.name())),
        is_diagnostic: None,
    }
}

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
