//! What a note tells of the encounter around a procedure, beside a procedure that was performed.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

use std::sync::LazyLock;

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::matching::FunctionWords;
use foramen::model::{
    Complaint, Drug, Encounter, EvidenceList, Lasting, Procedure, ProcedureFamily, ProcedureStatus,
    SectionKind, Status,
};
use foramen::relate::{Layers, encounter};
use foramen::text::Span;
use proptest::prelude::*;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Lexicon::try_embedded().unwrap()).unwrap());
static WORDS: LazyLock<FunctionWords> = LazyLock::new(|| FunctionWords::new(ENGINE.lexicon()));

fn procedure(status: ProcedureStatus) -> Procedure {
    Procedure {
        family: ProcedureFamily::TransforaminalEsi,
        level: None,
        side: None,
        status,
        section: SectionKind::Procedure,
        evidence: EvidenceList::new(),
    }
}

fn with(note: &str, procedures: &[Procedure]) -> Encounter {
    let seen = ENGINE.analyse(note);
    let layers = Layers {
        folded: seen.folded(),
        layout: &seen.layout,
        by_sentence: &seen.by_sentence,
        tokens: seen.tokens(),
        words: &WORDS,
        mentions: &seen.mentions,
        cues: &seen.cues,
        clinical: &seen.clinical,
        care: &seen.care,
        acts: &seen.acts,
        details: &seen.details,
        levels: &seen.levels,
    };
    encounter(&layers, procedures)
}

fn read(note: &str) -> Encounter {
    with(note, &[procedure(ProcedureStatus::Performed)])
}

/// A note's account of the procedure.
fn account(words: &str) -> Encounter {
    read(&format!("PROCEDURE: {words}"))
}

/// A drug in a line: "dexamethasone 10 mg = 1 mL x 10 mg/mL".
fn drug(drug: &Drug) -> String {
    let rounded = |value: f64| (value * 1e4).round() / 1e4;
    let parts = [
        drug.dose_mg.map(|dose| format!(" {} mg", rounded(dose))),
        drug.is_computed.then(|| " computed".to_owned()),
        drug.volume_ml.map(|volume| format!(" {volume} mL")),
        drug.mg_per_ml.map(|concentration| format!(" {} mg/mL", rounded(concentration))),
        drug.wasted_mg.map(|wasted| format!(" wasted {wasted}")),
        drug.for_skin.then(|| " skin".to_owned()),
    ];
    let amounts: String = parts.into_iter().flatten().collect();
    format!("{}{amounts}", drug.substance)
}

fn drugs(found: &Encounter) -> Vec<String> {
    found.drugs.iter().map(drug).collect()
}

#[test]
fn drugs_with_their_amounts() {
    for (words, expected) in [
        ("40 mg of Kenalog was injected.", &["triamcinolone_acetonide 40 mg"][..]),
        ("80mg depomedrol was injected.", &["methylprednisolone_acetate 80 mg"]),
        ("Dexamethasone 10 mg/mL, 1 mL was injected.", &["dexamethasone 10 mg computed 1 mL 10 mg/mL"]),
        ("I injected 2 cc of 0.25% Marcaine.", &["bupivacaine 5 mg computed 2 mL 2.5 mg/mL"]),
        (
            "1 mL of 40 mg/mL Depo-Medrol was given.",
            &["methylprednisolone_acetate 40 mg computed 1 mL 40 mg/mL"],
        ),
        (
            "2 mL of a 10 mg/mL solution of Kenalog.",
            &["triamcinolone_acetonide 20 mg computed 2 mL 10 mg/mL"],
        ),
        ("6 mg Celestone injected.", &["betamethasone 6 mg"]),
        ("One mL of Celestone was placed.", &["betamethasone 1 mL"]),
        (
            "A solution containing 2 ml of 0.5% bupivacaine and 80 mg of methylprednisolone acetate was injected.",
            &["bupivacaine 10 mg computed 2 mL 5 mg/mL", "methylprednisolone_acetate 80 mg"],
        ),
        (
            "A total of 6 mL containing 5 mL of saline and 1 mL dexamethasone (4 mg/mL) was given.",
            &["saline 5 mL", "dexamethasone 4 mg computed 1 mL 4 mg/mL"],
        ),
        (
            "Dexamethasone 8 mg with 1 mL 1% lidocaine, negative aspiration.",
            &["dexamethasone 8 mg", "lidocaine 10 mg computed 1 mL 10 mg/mL"],
        ),
        (
            "Through each needle ropivacaine 0.2% 1 mL and triamcinolone 20 mg.",
            &["ropivacaine 2 mg computed 1 mL 2 mg/mL", "triamcinolone_acetonide 20 mg"],
        ),
        ("Forty milligrams of triamcinolone were placed.", &["triamcinolone_acetonide 40 mg"]),
        ("Depo-Medrol 80 mg/2 mL injected.", &["methylprednisolone_acetate 80 mg 2 mL"]),
        (
            "Injectate: 12 mg betamethasone diluted in 3 mL of normal saline.",
            &["betamethasone 12 mg", "saline 3 mL"],
        ),
        (
            "Kenalog 40 mg, lidocaine 1% 2 mL.",
            &["triamcinolone_acetonide 40 mg", "lidocaine 20 mg computed 2 mL 10 mg/mL"],
        ),
        ("The skin was numbed with 3 mL of 1% lidocaine.", &["lidocaine 30 mg computed 3 mL 10 mg/mL skin"]),
        (
            "Kenalog 20 mg injected; the remaining 20 mg discarded.",
            &["triamcinolone_acetonide 20 mg wasted 20"],
        ),
        ("Dexamethasone 8 mg, 2 mg discarded.", &["dexamethasone 8 mg wasted 2"]),
        ("Dexamethasone 8 mg (2 mg wasted) was injected.", &["dexamethasone 8 mg wasted 2"]),
        ("8 mg of dexamethasone; wasted 2 mg.", &["dexamethasone 8 mg wasted 2"]),
        ("8 mg of dexamethasone was injected, discarding 2 mg (0.2 mL).", &["dexamethasone 8 mg wasted 2"]),
        ("Dexamethasone 10 mg vial, 8 mg given, 2 mg wasted.", &["dexamethasone 8 mg wasted 2"]),
        ("From a 10 mg vial of dexamethasone 8 mg was injected.", &["dexamethasone 8 mg"]),
        ("Single dose vial: dexamethasone 10 mg, 8 mg used, 2 mg waste.", &["dexamethasone 8 mg wasted 2"]),
        (
            "Kenalog 40 mg vial: 20 mg injected, 20 mg discarded.",
            &["triamcinolone_acetonide 20 mg wasted 20"],
        ),
        (
            "Depo-Medrol 80 mg vial used; 60 mg administered; wastage 20 mg.",
            &["methylprednisolone_acetate 60 mg wasted 20"],
        ),
        (
            "Dexamethasone 10 mg vial. 8 mg was injected. 2 mg was discarded.",
            &["dexamethasone 8 mg wasted 2"],
        ),
        (
            "Kenalog 40 mg/mL, 1 mL vial. 0.5 mL was given, 0.5 mL discarded.",
            &["triamcinolone_acetonide 20 mg computed 0.5 mL 40 mg/mL wasted 20"],
        ),
        ("A 40 mg vial of Kenalog was injected.", &["triamcinolone_acetonide 40 mg"]),
        ("Dexamethasone 10 mg (10 mg vial), none wasted.", &["dexamethasone 10 mg wasted 0"]),
        ("Dexamethasone 10 mg injected. No wastage.", &["dexamethasone 10 mg wasted 0"]),
        ("A total of 6 mL of 1% lidocaine was injected.", &["lidocaine 60 mg computed 6 mL 10 mg/mL"]),
        ("Kenalog was injected.", &["triamcinolone_acetonide"]),
        (
            "After 1.5 mL Isovue-M 300 showed good flow, 7 mg dexamethasone went in.",
            &["contrast 1.5 mL", "dexamethasone 7 mg"],
        ),
    ] {
        assert_eq!(drugs(&account(words)), expected, "{words}");
    }
}

#[test]
fn drugs_that_were_not_injected() {
    for note in [
        "HISTORY: She took a methylprednisolone taper.\nPROCEDURE: The needle was placed.",
        "ALLERGIES: lidocaine, dexamethasone.\nPROCEDURE: The needle was placed.",
        "PLAN: Next time 40 mg of Kenalog.\nPROCEDURE: The needle was placed.",
        "MEDICATIONS: dexamethasone 4 mg tablet, lidocaine patch.\nPROCEDURE: The needle was placed.",
        "PROCEDURE: She is allergic to lidocaine. The needle was placed.",
        "PROCEDURE: No steroid, no dexamethasone was used.",
        "CONSENT: The risks of Kenalog 40 mg were told.\nPROCEDURE: The needle was placed.",
    ] {
        assert_eq!(drugs(&read(note)), [""; 0], "{note}");
    }
    let planned = with("PROCEDURE: 40 mg of Kenalog.", &[procedure(ProcedureStatus::Planned)]);
    assert_eq!(drugs(&planned), [""; 0]);
    assert_eq!(with("PROCEDURE: 40 mg of Kenalog, VAS 6.", &[]), Encounter::default());
}

#[test]
fn a_drug_told_in_two_parts_of_a_note_is_one() {
    let note = "PROCEDURE: L5-S1 injection with 80 mg of Depo-Medrol\n\nINDICATION: Leg pain.\n\n\
                DESCRIPTION OF PROCEDURE: 2 mL of 40 mg/mL Depo-Medrol was injected.";
    assert_eq!(drugs(&read(note)), ["methylprednisolone_acetate 80 mg computed 2 mL 40 mg/mL"]);
    let two = account("Left: dexamethasone 5 mg. Right: dexamethasone 5 mg.");
    assert_eq!(drugs(&two), ["dexamethasone 5 mg", "dexamethasone 5 mg"]);
}

#[test]
fn guidance_contrast_images_and_views() {
    let words = |e: &Encounter| {
        let mut seen = Vec::new();
        seen.extend(e.guidance.map(|g| g.value.to_string()));
        seen.extend(e.contrast.map(|c| if c.value { "contrast" } else { "no contrast" }.to_owned()));
        seen.extend(e.contrast_barrier.map(|_| "barrier".to_owned()));
        seen.extend(e.images_retained.map(|_| "images".to_owned()));
        seen.extend(e.views.map(|v| format!("{} views", v.value)));
        seen.join(", ")
    };
    for (note, expected) in [
        ("Under fluoroscopic guidance the needle was advanced.", "fluoroscopy"),
        ("The C-arm was brought in.", "fluoroscopy"),
        ("CT-guided placement of the needle.", "ct"),
        ("Under ultrasound guidance the needle was placed.", "ultrasound"),
        ("The injection was done without fluoroscopy.", "none"),
        ("Fluoroscopy was not used.", "none"),
        ("Landmark-guided technique.", "none"),
        ("1 mL of Omnipaque 240 spread along the root.", "contrast"),
        ("Contrast confirmed epidural spread.", "contrast"),
        ("Non-ionic contrast showed no vascular uptake.", "contrast"),
        ("No vascular uptake of contrast was seen.", "contrast"),
        ("Contrast was not used because of a contrast allergy.", "no contrast, barrier"),
        ("No contrast, as the patient is pregnant.", "no contrast, barrier"),
        ("No contrast allergy.", ""),
        ("No contrast due to allergy.", "no contrast, barrier"),
        ("No contrast (allergy).", "no contrast, barrier"),
        ("Contrast omitted, patient pregnant.", "no contrast, barrier"),
        ("Contrast was not given: pregnancy.", "no contrast, barrier"),
        ("Contrast was held because of prior anaphylaxis.", "no contrast, barrier"),
        ("No dye because he is allergic to it.", "no contrast, barrier"),
        ("No contrast used, no allergies.", "no contrast"),
        ("No contrast. NKDA.", "no contrast"),
        ("No contrast was used; allergies: penicillin.", "no contrast"),
        ("AP and lateral views confirmed the position; images were saved.", "images, 2 views"),
        ("Hard copies were retained.", "images"),
        ("Films were stored.", "images"),
        ("The MRI films were stored.", ""),
        ("Permanent images were obtained under fluoroscopy.", "fluoroscopy, images"),
        ("Position was checked in an AP view. The lateral view agreed.", "2 views"),
        ("Confirmed in AP, lateral, and oblique projections.", "3 views"),
    ] {
        assert_eq!(words(&account(note)), expected, "{note}");
    }
    let elsewhere = "HISTORY: Prior injection under fluoroscopy.\nIMAGING: MRI with contrast.\n\
                     CONSENT: Risks of fluoroscopy and contrast.\nPROCEDURE: The needle was placed.";
    assert_eq!(words(&read(elsewhere)), "");
    for (list, expected) in [
        ("PROCEDURES:\n1. Left L4-L5 transforaminal injection.\n2. Fluoroscopic guidance.", "fluoroscopy"),
        ("PROCEDURES:\n1. Left L4-L5 transforaminal injection\n2. Fluoroscopy", "fluoroscopy"),
        (
            "PROCEDURE:\n- Left L4-L5 transforaminal injection\n- Fluoroscopy\n\nINDICATION: Leg pain.",
            "fluoroscopy",
        ),
        ("PROCEDURE: Left L4-L5 transforaminal injection\nFLUOROSCOPY:\n\nINDICATION: Leg pain.", ""),
        ("CONSENT:\n1. Injection\n2. Fluoroscopy\n\nPROCEDURE: The needle was placed.", ""),
    ] {
        assert_eq!(words(&read(list)), expected, "{list}");
    }
    let terse = "IMAGING: MRI without contrast, images saved.\nRADIOLOGY: 3 cc of Omnipaque spread well.";
    assert_eq!(words(&read(terse)), "contrast");
    let led_by_history = "HISTORY: Leg pain. A 22-gauge needle was advanced. 1 mL of Omnipaque spread well.";
    assert_eq!(words(&read(led_by_history)), "contrast");
    let run_on =
        "CONSENT: Signed. Risks told: infection. Prone, prepped. Needle under fluoro. 2 mL of Omnipaque.";
    assert_eq!(words(&read(run_on)), "fluoroscopy, contrast");
    let risks = "CONSENT: Risks of the needle and of contrast were told.\nPROCEDURE: The needle was placed.";
    assert_eq!(words(&read(risks)), "");
    let listed = "ALLERGIES: Iodinated contrast (hives).\nPROCEDURE: The needle was placed.";
    assert_eq!(words(&read(listed)), "barrier");
}

#[test]
fn the_needle_with_its_size() {
    for (words, expected) in [
        ("A 25-gauge 5 inch spinal needle was advanced.", "25-gauge 5 inch spinal needle"),
        ("A #20-gauge Tuohy needle was advanced.", "20-gauge Tuohy needle"),
        ("A 20 gauge Tuohy needle was used.", "20 gauge Tuohy needle"),
        ("25-gauge needle for the skin. A 22G Quincke needle was then placed.", "22G Quincke needle"),
    ] {
        let note = format!("PROCEDURE: {words}");
        assert_eq!(read(&note).needle.map(|span| span.of(&note)), Some(expected), "{words}");
    }
}

#[test]
fn sedation_and_complications() {
    let words = |e: &Encounter| {
        let sedation = e.sedation.map_or("unknown", |s| s.value.name());
        let complications = e.complications.map_or("unknown", |c| if c.value { "stated" } else { "none" });
        format!("{sedation}, {complications}")
    };
    for (note, expected) in [
        ("PROCEDURE: Monitored anesthesia care was given.", "deep, unknown"),
        ("PROCEDURE: Sedation with IV Versed 2 mg and fentanyl.", "moderate, unknown"),
        ("PROCEDURE: Conscious sedation was used.", "moderate, unknown"),
        ("PROCEDURE: No sedation was given.", "none, unknown"),
        ("PROCEDURE: Needle placed.\n\nANESTHESIA: Local anesthesia only.", "none, unknown"),
        ("PROCEDURE: Needle placed.\n\nANESTHESIA: Local.", "none, unknown"),
        ("PROCEDURE: Needle placed.\n\nANESTHESIA: None.", "none, unknown"),
        ("PROCEDURE: Needle placed.\n\nANESTHESIA: General endotracheal.", "general, unknown"),
        ("PROCEDURE: Needle placed.\n\nANESTHESIA: MAC.\n\nCOMPLICATIONS: None.", "deep, none"),
        ("PROCEDURE: There were no complications.", "unknown, none"),
        ("PROCEDURE: Tolerated well without complication.", "unknown, none"),
        ("PROCEDURE: A dural puncture occurred.", "unknown, stated"),
        ("PROCEDURE: No dural puncture occurred.", "unknown, unknown"),
        ("PROCEDURE: Needle placed.\n\nCOMPLICATIONS: Vasovagal reaction.", "unknown, stated"),
        ("CONSENT: Complications such as dural puncture were told.\nPROCEDURE: Done.", "unknown, unknown"),
        ("PROCEDURE: The skin was anesthetized. In general she did well.", "unknown, unknown"),
    ] {
        assert_eq!(words(&read(note)), expected, "{note}");
    }
}

#[test]
fn intent_and_series() {
    let words = |e: &Encounter| {
        let intent = e.intent.map_or("unknown", |i| i.value.name());
        format!("{intent} {}", e.series.map_or(0, |s| s.value))
    };
    for (note, expected) in [
        ("Diagnostic left L3, L4 and L5 medial branch block.", "diagnostic 0"),
        ("Done for diagnostic purposes.", "diagnostic 0"),
        ("Diagnostic and therapeutic transforaminal injection.", "both 0"),
        ("Therapeutic facet joint injection.", "therapeutic 0"),
        ("Diagnostic imaging was reviewed.", "unknown 0"),
        ("This is the second in a series of three.", "unknown 2"),
        ("Injection #2 of 3.", "unknown 2"),
        ("Medial branch block (#2).", "unknown 2"),
        ("This was her first injection.", "unknown 1"),
        ("The fascia was closed with #1 suture.", "unknown 0"),
        ("The first injection gave 80% relief.", "unknown 0"),
    ] {
        assert_eq!(words(&account(note)), expected, "{note}");
    }
}

/// How long in a word: "90d", "365d+", "?+" where no number is told.
fn lasting(lasted: Lasting) -> String {
    let days = lasted.days.map_or_else(|| "?".to_owned(), |days| format!("{days}d"));
    if lasted.or_longer { format!("{days}+") } else { days }
}

/// Relief in a line: `80% 180d after transforaminal_esi before`.
fn reliefs(e: &Encounter) -> Vec<String> {
    let shown = |r: &foramen::model::Relief| {
        let mut words = Vec::new();
        words.extend(r.percent.map(|p| format!("{p}%")));
        words.extend(r.lasted.map(lasting));
        words.extend(r.ongoing.then(|| "ongoing".to_owned()));
        words.push(r.moment.to_string());
        words.join(" ")
    };
    e.reliefs.iter().map(shown).collect()
}

#[test]
fn relief_with_its_figures() {
    for (note, expected) in [
        ("HISTORY: 80% relief for 6 months after the last injection.", &["80% 180d before"][..]),
        ("HISTORY: She had greater than 50% pain relief lasting 3 months.", &["50% 90d before"]),
        ("HISTORY: The injection gave no relief.", &["0% before"]),
        ("HISTORY: 70-80% improvement for 10 weeks.", &["70% 70d before"]),
        ("HISTORY: Pain relief of 60 percent for four months.", &["60% 120d before"]),
        ("HISTORY: The relief lasted 3 months.", &["90d before"]),
        ("HISTORY: 70% better till April after an epidural.", &["70% ?+ before"]),
        ("HISTORY: She had RFA in 2022 which lasted about 14 months.", &["420d before"]),
        ("HISTORY: Her last caudal took the edge off for four months.", &["120d before"]),
        ("HISTORY: Two S1 transforaminal injections gave her a month each.", &["30d before"]),
        ("HISTORY: A right S1 TFESI on the 4th. It was great for 2 weeks.", &["14d before"]),
        ("HISTORY: The pain lasted 3 months.", &[]),
        ("HISTORY: An ESI. She worked for 20 years as a cook.", &[]),
        ("HISTORY: Complete relief after the last block.", &["100% before"]),
        ("HISTORY: 90% relief which is ongoing.", &["90% ongoing before"]),
        ("POST-PROCEDURE: She reported 90% relief immediately after the procedure.", &["90% after"]),
        ("PLAN: If there is less than 50% relief, see surgery.", &[]),
        ("HISTORY: Therapy with partial relief.", &[]),
        ("HISTORY: Oxygen 95% on room air.", &[]),
    ] {
        assert_eq!(
            reliefs(&read(&format!("{note}\nPROCEDURE: Needle placed, no wastage."))),
            expected,
            "{note}"
        );
    }
}

/// Scores in a line each: "7 before".
fn scores(e: &Encounter) -> Vec<String> {
    e.pain_scores.iter().map(|s| format!("{} {}", s.value, s.moment)).collect()
}

#[test]
fn pain_scores_before_and_after() {
    for (note, expected) in [
        ("HISTORY: Leg pain 7/10.", &["7 before"][..]),
        ("HISTORY: Pain is 8 out of 10 today.", &["8 before"]),
        ("HISTORY: VAS 6.", &["6 before"]),
        ("PROCEDURE: NRS 7→2.", &["7 before", "2 after"]),
        ("PROCEDURE: Leg pain went from 8 to 3.", &["8 before", "3 after"]),
        ("PROCEDURE: Arm pain 7 -> 1.", &["7 before", "1 after"]),
        ("PROCEDURE: Neck pain 6 then 2.", &["6 before", "2 after"]),
        ("PROCEDURE: Leg pain 2 to 3 times a week.", &[]),
        ("HISTORY: Leg pain from 8 to 3.", &[]),
        ("PROCEDURE: NRS 7 -> 2 after.", &["7 before", "2 after"]),
        ("PROCEDURE: NRS 7 before and 1 after.", &["7 before", "1 after"]),
        ("PROCEDURE: VAS pre 8, post 2.", &["8 before", "2 after"]),
        ("PROCEDURE: VAS 8 before, 1 after.", &["8 before", "1 after"]),
        ("PROCEDURE: VAS: pre-procedure 8, post-procedure 2.", &["8 before", "2 after"]),
        ("PROCEDURE: Pain level 6 preop and 0 postop.", &["6 before", "0 after"]),
        ("PROCEDURE: VAS 7, worse after 3 weeks.", &["7 before"]),
        ("PROCEDURE: VAS 7 before, 3 levels after that.", &["7 before"]),
        ("PROCEDURE: Pre-procedure pain score 7/10, post-procedure 2/10.", &["7 before", "2 after"]),
        ("PROCEDURE: Pain was 8/10 before and 1/10 after.", &["8 before", "1 after"]),
        ("PROCEDURE: Pain fell from 7/10 to 2/10 after the procedure.", &["7 before", "2 after"]),
        ("PROCEDURE: Post: 8/10 -> 1/10 at 20 min.", &["8 before", "1 after"]),
        ("PROCEDURE: Pre 6/10 post 1/10.", &["6 before", "1 after"]),
        ("PROCEDURE: Pain went from 7/10 to 2/10.", &["7 before", "2 after"]),
        ("PROCEDURE: 7/10 before, 2/10 at half an hour.", &["7 before", "2 after"]),
        ("PROCEDURE: VAS 15 min: 1", &["1 after"]),
        ("HISTORY: Low back pain. Severity: 6/10.", &["6 before"]),
        ("HISTORY: The average is 6.", &["6 before"]),
        ("HISTORY: Pain 6-7/10 at rest.", &["7 before"]),
        ("EXAM: Strength 5/5, reflexes 2/4.", &[]),
        ("EXAM: 10/10 strength throughout.", &[]),
        ("HISTORY: Seen on 7/10/2023 with pain.", &[]),
        ("HISTORY: Pain since 7/10 of this year.", &[]),
        ("IMAGING: MRI 7/10: no stenosis.", &[]),
        ("HISTORY: A numeric rating scale of 0 to 10 was explained.", &[]),
    ] {
        assert_eq!(scores(&read(&format!("{note}\nPROCEDURE NOTE: No wastage."))), expected, "{note}");
    }
}

#[test]
fn function_scores_with_their_value() {
    for (note, expected) in [
        ("ODI 42%.", &[Some(42.0)][..]),
        ("Oswestry Disability Index score: 38.", &[Some(38.0)]),
        ("NDI was 28/50 today.", &[Some(28.0)]),
        ("RMDQ of 14, PROMIS 38.", &[Some(14.0), Some(38.0)]),
        ("Oswestry was filled in.", &[None]),
        ("If pain goes on, get an ODI.", &[]),
    ] {
        let found = read(&format!("HISTORY: {note}"));
        let values: Vec<_> = found.function_scores.iter().map(|s| s.value).collect();
        assert_eq!(values, expected, "{note}");
    }
}

#[test]
fn for_how_long() {
    for (note, symptom, care) in [
        ("Left leg pain for the past 3 months.", Some("90d"), None),
        ("A 6-week history of radicular pain.", Some("42d"), None),
        ("Neck pain x 5 months.", Some("150d"), None),
        ("Low back pain that began about two years ago.", Some("730d"), None),
        ("Leg pain of 4 months' duration.", Some("120d"), None),
        ("6 weeks of physical therapy did not help.", None, Some("42d")),
        ("She failed 3 months of conservative care.", None, Some("90d")),
        ("PT x 8 wk without relief.", None, Some("56d")),
        ("Leg pain for 3 months. Tried physical therapy for 6 weeks and naproxen.", Some("90d"), Some("42d")),
        ("A 52-year-old man with leg pain.", None, None),
        ("Leg pain. Return in 2 weeks.", None, None),
        ("Seven months ago, after a fall, he developed low back pain.", Some("210d"), None),
        ("Two years ago she had surgery. Leg pain.", None, None),
        ("Leg pain since 2019.", Some("?+"), None),
        ("Leg pain for over a year.", Some("365d+"), None),
        ("Low back pain 3 yr, worse standing.", Some("1095d"), None),
        ("Hx: LBP 3 yr, no leg pain.", Some("1095d"), None),
        ("Leg pain for the past several months.", Some("?+"), None),
        ("Neck pain for years.", Some("?+"), None),
        ("Leg pain worse over the past 3 weeks.", Some("21d+"), None),
        ("Rib pain since November.", Some("?+"), None),
        ("Neck pain, MVA 7 months ago.", Some("?+"), None),
        ("Rear-ended 14 months ago. Neck pain.", Some("?+"), None),
        ("Leg pain twice a week.", None, None),
        ("Leg pain. She moved here a year ago.", None, None),
        ("No leg pain since the injection.", None, None),
        ("80% relief of leg pain for 3 months after the last injection.", None, None),
    ] {
        let found = read(&format!("HISTORY: {note}\nPROCEDURE: Needle placed, no wastage."));
        let told = [found.symptom_days, found.care_days].map(|d| d.map(|d| lasting(d.value)));
        assert_eq!(told, [symptom, care].map(|d| d.map(str::to_owned)), "{note}");
    }
}

#[test]
fn complaints_with_their_status() {
    use Complaint::{Axial, HerpesZoster, NeurogenicClaudication, Postlaminectomy, Radicular};
    for (note, expected) in [
        ("Left L5 radiculopathy.", &[(Radicular, Status::Present)][..]),
        (
            "Axial low back pain without radiculopathy.",
            &[(Axial, Status::Present), (Radicular, Status::Absent)],
        ),
        ("Non-radicular back pain.", &[(Axial, Status::Present)]),
        ("Neurogenic claudication.", &[(NeurogenicClaudication, Status::Present)]),
        ("Acute herpes zoster.", &[(HerpesZoster, Status::Present)]),
        ("Failed back surgery syndrome.", &[(Postlaminectomy, Status::Present)]),
    ] {
        let found = read(&format!("HISTORY: {note}\nPROCEDURE: No wastage."));
        let seen: Vec<_> = found.complaints.iter().map(|(c, status)| (c.value, *status)).collect();
        assert_eq!(seen, expected, "{note}");
    }
}

/// Every place that an encounter points at.
fn spans(e: &Encounter) -> Vec<Span> {
    let mut all: Vec<Span> = Vec::new();
    all.extend(e.guidance.map(|s| s.span));
    all.extend(e.contrast.map(|s| s.span));
    all.extend([e.contrast_barrier, e.images_retained, e.needle].into_iter().flatten());
    all.extend(e.views.map(|s| s.span));
    all.extend(e.drugs.iter().map(|d| d.span));
    all.extend(e.sedation.map(|s| s.span));
    all.extend(e.complications.map(|s| s.span));
    all.extend(e.intent.map(|s| s.span));
    all.extend(e.series.map(|s| s.span));
    all.extend(e.reliefs.iter().map(|r| r.span));
    all.extend(e.pain_scores.iter().map(|s| s.span));
    all.extend(e.function_scores.iter().map(|s| s.span));
    all.extend(e.symptom_days.map(|s| s.span));
    all.extend(e.care_days.map(|s| s.span));
    all.extend(e.complaints.iter().map(|(c, _)| c.span));
    all
}

proptest! {
    #[test]
    fn any_note_gives_places_of_the_note_and_doses_that_can_be(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "PROCEDURE: ", "\n\nANESTHESIA: ", "COMPLICATIONS: ", "HISTORY: ", "40 mg", "2 cc of", "0.25%", "Marcaine",
            "dexamethasone", "10 mg/mL", ", ", ". ", "Kenalog", "wasted", "no wastage", "discarded", "VAS", "7/10", "→",
            "80% relief", "for 3 months", "after the procedure", "ODI", "28/50", "AP and lateral", "images", "saved",
            "22-gauge", "needle", "Omnipaque", "no contrast", "(#2)", "x", "leg pain", "6 weeks of", "physical therapy",
            "ago", "began", "½", "µg", "–", "0", "99999999", "-5 mg", " ", "\n", "é", "and", "with", "of", "total volume",
        ]), 0..40),
        noise in "\\PC{0,20}",
    ) {
        let note = format!("{}{noise}", pieces.join(" "));
        let found = read(&note);
        for span in spans(&found) {
            prop_assert!(note.get(span.range()).is_some_and(|words| !words.is_empty()), "{span:?} in {note:?}");
        }
        for drug in &found.drugs {
            let amounts = [drug.dose_mg, drug.volume_ml, drug.mg_per_ml, drug.wasted_mg];
            prop_assert!(amounts.iter().flatten().all(|&amount| amount >= 0.0 && amount.is_finite()));
            if drug.is_computed {
                let product = drug.volume_ml.zip(drug.mg_per_ml).map(|(volume, concentration)| volume * concentration);
                prop_assert_eq!(drug.dose_mg, product);
            }
        }
        for relief in &found.reliefs {
            prop_assert!(relief.percent.is_none_or(|percent| percent <= 100));
        }
        for score in &found.pain_scores {
            prop_assert!((0.0..=10.0).contains(&score.value));
        }
        prop_assert!(with(&note, &[]) == Encounter::default());
    }
}

#[test]
fn relief_told_of_two_procedures_at_once() {
    for (note, times) in [
        ("Two medial branch blocks with 90% relief.", 2),
        ("Medial branch blocks with 85% relief each time.", 2),
        ("Medial branch blocks with 90% and 85% relief.", 2),
        ("Medial branch blocks 5/1 and 5/20, relief 90% / 90%.", 2),
        ("2 sets of MBB 9/5 and 9/26 (90%, 85%).", 2),
        ("A medial branch block with 90% relief.", 1),
        ("A medial branch block with 80-90% relief.", 1),
    ] {
        let found = read(&format!("HISTORY: {note}"));
        assert_eq!(found.reliefs.iter().map(|r| r.times).collect::<Vec<_>>(), [times], "{note}");
    }
}

#[test]
fn a_word_that_means_nothing_is_one_word_however_long() {
    let told = |note: &str, word: &str| {
        let found = account(&note.replace('W', word));
        let drugs: Vec<String> = found.drugs.iter().map(drug).collect();
        let scores: Vec<f64> = found.pain_scores.iter().map(|score| score.value).collect();
        let percents: Vec<Option<u8>> = found.reliefs.iter().map(|relief| relief.percent).collect();
        let intent = found.intent.map(|intent| intent.value);
        format!("{drugs:?} {scores:?} {percents:?} {intent:?} {}", found.images_retained.is_some())
    };
    for (note, due) in [
        ("diagnostic W W W W L4-5 medial branch block", "[] [] [] Some(Diagnostic) false"),
        (
            "Discarded W W 20 mg of triamcinolone.",
            r#"["triamcinolone_acetonide wasted 20"] [] [] None false"#,
        ),
        ("Images W W W W W were saved.", "[] [] [] None true"),
        ("Pain W W W W W W W was 7/10 before.", "[] [7.0] [] None false"),
        ("After the last one W relief W W W W W W of 70%.", "[] [] [Some(70)] None false"),
    ] {
        for word in ["zub", "zubenelgenubizubenel"] {
            assert_eq!(told(note, word), due, "{note}");
        }
    }
}
