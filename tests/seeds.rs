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

/// The rules that speak of a procedure note of a day, for Medicare.
fn raised(engine: &Engine, note: &str, day: Option<&str>) -> Vec<&'static str> {
    let context = Context {
        note_type: Some(NoteType::Procedure),
        service_date: day.map(|day| day.parse().unwrap()),
        today: Some("2026-06-01".parse().unwrap()),
        payer: Some(Payer::Medicare),
        setting: Some(Setting::Professional),
        ..Context::default()
    };
    let audit = engine.audit(note, &context);
    let gaps = audit.gaps.iter().map(|gap| gap.rule);
    gaps.chain(audit.flags.iter().map(|flag| flag.rule)).collect()
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
        (
            &format!("{TFESI} Left L5-S1 transforaminal epidural steroid injection.\n\nCPT: 64483-LT"),
            None,
            "CNT004",
        ),
        (&format!("{TFESI}\n\nCPT: 64483-LT, 64483-LT"), None, "CNT005"),
        (&format!("{TFESI}\n\nCPT: 64483-RT"), None, "MOD008"),
        (&format!("{ILESI}\n\nCPT: 62323-LT"), None, "MOD002"),
        (&format!("{ILESI} L5-S1 interlaminar epidural steroid injection."), None, "CNT009"),
        (&format!("{ILESI} L5-S1 interlaminar epidural steroid injection."), None, "ESI020"),
        (&format!("{ILESI} Without fluoroscopy."), None, "ESI024"),
        (&format!("{ILESI}\n\nHISTORY: Physical therapy for two weeks failed."), None, "ESI023"),
        (
            "PROCEDURE: Bilateral L3-L4, L4-L5 and L5-S1 facet joint injections.\n\nCPT: 64493-50, 64494-50, 64495-50",
            None,
            "CNT007",
        ),
        ("PROCEDURE: Left L3-L4, L4-L5 and L5-S1 facet joint injections.", None, "FJI020"),
        (
            "PROCEDURE: Left L3-L4, L4-L5 and L5-S1 facet joint injections.\n\nCPT: 64493-LT, 64494-LT, 64495-LT x2",
            None,
            "CNT006",
        ),
        ("DIAGNOSIS: M47.26, M54.16", Some("2025-06-01"), "BND007"),
        ("DIAGNOSIS: M47.26, M47.816", Some("2025-06-01"), "BND008"),
        (
            &format!("{TFESI} Depo-Medrol 60 mg was injected, 20 mg wasted.\n\nHCPCS: J1010 x 60"),
            Some("2025-06-01"),
            "DRG004",
        ),
        (
            &format!("{TFESI} Dexamethasone 8 mg was injected.\n\nHCPCS: J1100 x 8, J1100-JW x 2"),
            None,
            "DRG005",
        ),
        (&format!("{TFESI}\n\nDIAGNOSIS: M48.03"), None, "ICD001"),
        (
            "PROCEDURE: Left C5-C6 transforaminal epidural steroid injection with Kenalog 40 mg.",
            None,
            "DRG006",
        ),
        (&format!("{TFESI} Left L4-L5 facet joint injection."), None, "BND005"),
        (&format!("{TFESI} {}", ILESI.trim_start_matches("PROCEDURE: ")), None, "BND006"),
        (&format!("{TFESI}\n\nDIAGNOSIS: M51.36"), Some("2025-06-01"), "COD002"),
        (&format!("{TFESI}\n\nCPT: 62330"), Some("2025-06-01"), "COD003"),
    ] {
        let found = raised(&engine, note, day);
        assert!(found.contains(&rule), "{note}: {found:?}, and not {rule}");
    }
}

#[test]
fn a_root_of_another_level_and_side_is_discordant() {
    let note = "ASSESSMENT: Severe right L4-L5 foraminal stenosis consistent with left S1 radiculopathy.";
    let context = Context { note_type: Some(NoteType::Clinic), ..Context::default() };
    let audit = engine().audit(note, &context);
    assert_eq!(audit.correlation.unwrap().concordance, Concordance::Discordant);
    assert!(audit.flags.iter().any(|flag| flag.rule == "NC005"), "{:?}", audit.flags);
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
