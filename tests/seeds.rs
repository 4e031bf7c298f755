//! The examples of `docs/seeds.md` break the rules that stand beside them, and every rule that it names is one.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]

use foramen::Engine;
use foramen::checks::{Rules, Settings};
use foramen::lexicon::Lexicon;
use foramen::model::{Concordance, Context, NoteType, Payer, Setting};

const TFESI: &str = "PROCEDURE: Left L4-L5 transforaminal epidural steroid injection.";
const ILESI: &str = "PROCEDURE: L4-L5 interlaminar epidural steroid injection.";

fn engine() -> Engine {
    let packs = Rules::embedded().unwrap().packs().iter().map(|pack| pack.name.clone()).collect();
    Engine::with_settings(Lexicon::embedded(), Settings { packs: Some(packs), ..Settings::default() })
        .unwrap()
}

#[test]
fn examples_break_the_rules_beside_them() {
    let engine = engine();
    for (note, day, rule) in [
        ("Foraminal stenosis is present.", None, "NF001"),
        ("Moderate left neural foraminal stenosis.", None, "NF001"),
        ("Severe neural foraminal narrowing at C5-C6.", None, "NF002"),
        ("Significant left neural foraminal stenosis at L5-S1.", None, "NF003"),
        ("HPI: Right leg pain. IMAGING: moderate right L4-L5 neural foraminal stenosis.", None, "NF004"),
        (&format!("Moderate central canal stenosis at L4-L5.\n\n{TFESI}"), None, "DXP003"),
        ("DIAGNOSIS: M48.06", None, "COD002"),
        (&format!("{TFESI}\n\nCPT: 64479-LT"), None, "CPT001"),
        (&format!("{TFESI}\n\nCPT: 64483-LT, 64484-LT"), None, "CNT002"),
        ("PROCEDURE: L4-L5 transforaminal epidural steroid injection.\n\nCPT: 64483-LT", None, "MOD009"),
        (&format!("{TFESI}\n\nCPT: 64483-LT, 77003"), None, "BND001"),
        ("PROCEDURE: L4-L5 laminectomy and interbody fusion.\n\nCPT: 22633, 63047", None, "BND002"),
        (&format!("DIAGNOSIS: Low back pain (M54.50).\n\n{ILESI}"), None, "DXP001"),
        ("PROCEDURE: Diagnostic left L5 selective nerve root block.\n\nCPT: 64483-LT", None, "MOD011"),
        (&format!("{TFESI}\n\nDIAGNOSIS: M54.12"), None, "ICD001"),
        (
            "DIAGNOSIS: Lumbar radiculopathy (M54.16).\n\nPROCEDURE: Left L4-L5 facet joint injection.",
            None,
            "DXP002",
        ),
        (&format!("{ILESI}\n\nCPT: 62321"), None, "CPT001"),
        (&format!("{ILESI} Under fluoroscopic guidance.\n\nCPT: 62322"), None, "CPT003"),
        (&format!("{ILESI}\n\nCPT: 62323, 62323"), None, "CNT008"),
        (&format!("{ILESI}\n\nCPT: 62323-50"), None, "MOD001"),
        (&format!("{TFESI}\n\nCPT: 64484-LT"), None, "CNT001"),
        (&format!("{TFESI}\n\nCPT: 64483-50"), None, "MOD007"),
        ("PROCEDURE: Left L3, L4, L5 medial branch block.\n\nCPT: 64493, 64494, 64495", None, "CNT003"),
        (
            "PROCEDURE: Ablation of the right L3, L4 and L5 medial branches.\n\nCPT: 64635, 64636 x2",
            None,
            "CNT003",
        ),
        (&format!("{TFESI} Depo-Medrol 80 mg.\n\nHCPCS: J1010 x1"), Some("2024-06-01"), "DRG003"),
        (&format!("{TFESI} Depo-Medrol 80 mg.\n\nHCPCS: J1020"), Some("2024-06-01"), "COD004"),
        (&format!("{TFESI} Kenalog 40 mg was injected.\n\nHCPCS: J1030"), Some("2023-06-01"), "DRG002"),
        (&format!("{TFESI} Toradol 30 mg was injected.\n\nHCPCS: J1110"), None, "DRG002"),
        (&format!("{TFESI} Kenalog was injected."), None, "DRG001"),
        (ILESI, None, "ESI002"),
        (ILESI, None, "ESI004"),
        ("PROCEDURE: Left L4-L5 facet joint injection under ultrasound guidance.", None, "FJI022"),
        ("PROCEDURE: Ablation of the right L3, L4 and L5 medial branches.", None, "FJI005"),
    ] {
        let context = Context {
            note_type: Some(NoteType::Procedure),
            service_date: day.map(|day: &str| day.parse().unwrap()),
            today: Some("2026-06-01".parse().unwrap()),
            payer: Some(Payer::Medicare),
            setting: Some(Setting::Professional),
            ..Context::default()
        };
        let audit = engine.audit(note, &context);
        let gaps = audit.gaps.iter().map(|gap| gap.rule);
        let found: Vec<_> = gaps.chain(audit.flags.iter().map(|flag| flag.rule)).collect();
        assert!(found.contains(&rule), "{note}: {found:?}, and not {rule}");
    }
}

#[test]
fn a_root_of_another_level_and_side_is_discordant() {
    let note = "ASSESSMENT: Severe right L4-L5 foraminal stenosis consistent with left S1 radiculopathy.";
    let context = Context { note_type: Some(NoteType::Clinic), ..Context::default() };
    let correlation = engine().audit(note, &context).correlation.unwrap();
    assert_eq!(correlation.concordance, Concordance::Discordant);
}

#[test]
fn every_rule_that_the_page_names_is_one() {
    let page = include_str!("../docs/seeds.md");
    let rules = Rules::embedded().unwrap();
    let named: Vec<&str> = page
        .split("(rules/")
        .skip(1)
        .filter_map(|rest| rest.split_once(".md)"))
        .map(|(name, _)| name)
        .collect();
    assert!(named.len() > 50, "{}", named.len());
    for code in named.into_iter().filter(|&code| code != "README") {
        assert!(rules.get(code).is_some(), "{code}");
    }
}
