//! Radiculopathies, correlation, conservative care and the type of a note, in real phrasing.

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::model::{Audit, Concordance, Context, CorrelationStatus, NoteType, Radiculopathy, Role};

fn engine() -> Engine {
    Engine::new(Lexicon::embedded()).expect("the embedded lexicon builds")
}

fn audit(engine: &Engine, note: &str, note_type: NoteType) -> Audit {
    engine.audit(note, &Context { note_type: Some(note_type), ..Context::default() })
}

/// Fails with every row that is not as it should be.
#[track_caller]
fn assert_rows<T: PartialEq + std::fmt::Debug>(rows: impl IntoIterator<Item = (&'static str, T, T)>) {
    let wrong: Vec<String> = rows
        .into_iter()
        .filter(|(_, found, expected)| found != expected)
        .map(|(note, found, expected)| format!("{note}\n  found    {found:?}\n  expected {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn radiculopathies_have_the_roots_and_sides_said_with_them() {
    let engine = engine();
    let rows = [
        ("Left L5 radiculopathy.", "L5 left present"),
        ("Radiculopathy, left C7.", "C7 left present"),
        ("Cervical radiculopathy, bilateral C6 and left C7.", "C6 bilateral present; C7 left present"),
        ("Left C5 and bilateral C6 radiculopathy.", "C5 left present; C6 bilateral present"),
        ("R L4 and L5 radicular pain x 3 mo.", "L4 right present; L5 right present"),
        ("Right leg pain in an S1 distribution.", "S1 right present"),
        ("Pinprick is reduced in the left C8 dermatome.", "C8 left present"),
        ("Numbness follows the right L4 and L5 dermatomes.", "L4 right present; L5 right present"),
        ("Lumbar radiculopathy, right.", "- right present"),
        ("Sciatica on the left.", "- left present"),
        ("Radicular pain down the right arm.", "- right present"),
        ("Bilateral lower extremity radiculopathy.", "- bilateral present"),
        ("Lumbar radiculopathy.", "- - present"),
        ("Lumbar radiculopathy (L5).", "L5 - present"),
        ("Radiculopathy due to right L4-5 foraminal stenosis.", "- - present"),
        ("L5-S1 disc herniation with radiculopathy.", "- - present"),
        ("No radiculopathy.", "- - absent"),
        ("No evidence of right C7 radiculopathy.", "C7 right absent"),
        ("Possible left S1 radiculopathy.", "S1 left possible"),
        ("Rule out cervical radiculopathy.", "- - hypothetical"),
        ("History of right L3 radiculopathy before surgery.", "L3 right historical"),
        ("Mother has sciatica.", ""),
        ("Left leg weakness. Sensation follows no dermatome.", ""),
        ("Right sciatica. Right S1 radiculopathy.", "S1 right present"),
        ("Left cervical radiculopathy. Clinically this is a C6 radiculopathy.", "C6 left present"),
        ("Lumbar radiculopathy, right L5 injection planned.", "- - present"),
        ("Pain radiates along the L3 dermatome on the left.", "L3 left present"),
        ("A/P: L5 radic, R > L", "L5 bilateral present"),
        ("Weakness in an L4 myotomal pattern, left.", "L4 left present"),
        ("Left thigh pain, L3 radiculopathy.", "L3 left present"),
        ("Right L5-S1 radiculopathy.", "L5 right present; S1 right present"),
        ("Reduced sensation from L4 to S1.", "L4 - present; L5 - present; S1 - present"),
        ("Decreased sensation to light touch in the left L5 and S1.", "L5 left present; S1 left present"),
        ("Pinprick is diminished over the right C6 and left C7.", "C6 right present; C7 left present"),
        ("Tingling in a C5-C6 distribution on the right.", "C5 right present; C6 right present"),
        ("No sensory loss from L2 to S1.", ""),
        ("Sensory loss below T10.", ""),
        ("Left leg pain that is radicular in nature.", "- left present"),
        ("Pain in the right arm of radicular character.", "- right present"),
        ("Her back pain is non-radicular.", ""),
        ("She presents with a history of left L5 radiculopathy.", "L5 left present"),
        ("Right sciatica. Numbness in an L5 distribution.", "- right present; L5 - present"),
        ("T9 radicular pain around the right chest wall.", "T9 right present"),
        ("Bilateral leg pain, right L5 and left S1 distributions.", "L5 right present; S1 left present"),
        ("Sensation intact to light touch in the L4, L5 and S1 dermatomes.", ""),
        ("INDICATION: ?left L5 radiculopathy", "L5 left hypothetical"),
        ("INDICATION: Possible left L5 radiculopathy.", "L5 left possible"),
        ("Right-sided chest wall pain since March in a T9 distribution.", "T9 right present"),
        ("Tingling in the left C7 territory.", "C7 left present"),
    ];
    let said = |note: &str| radiculopathies(&engine, note, NoteType::Clinic).join("; ");
    assert_rows(rows.map(|(note, expected)| (note, said(note), expected.to_owned())));
}

/// The radiculopathies of a note, each as "root side status".
fn radiculopathies(engine: &Engine, note: &str, note_type: NoteType) -> Vec<String> {
    let record = |r: &Radiculopathy| {
        let root = r.root.map_or("-".to_owned(), |v| v.to_string());
        let side = r.side.map_or("-".to_owned(), |s| s.to_string());
        format!("{root} {side} {}", r.status)
    };
    audit(engine, note, note_type).radiculopathies.iter().map(record).collect()
}

#[test]
fn radiculopathies_of_notes_in_many_styles() {
    let engine = engine();
    let mut cases: Vec<(NoteType, String, Vec<String>)> = Vec::new();
    let lines = include_str!("cases/radiculopathies/told.txt").lines();
    for line in lines.filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if let Some(record) = line.strip_prefix("  ") {
            cases.last_mut().expect("a record follows its note").2.push(record.to_owned());
        } else {
            let (kind, text) = line.split_once(": ").expect("a note starts with its type");
            let kind = NoteType::ALL.iter().copied().find(|t| t.name() == kind).expect("a type of note");
            cases.push((kind, text.replace("\\n", "\n"), Vec::new()));
        }
    }
    let mut wrong = Vec::new();
    for (note_type, note, mut due) in cases {
        let mut found = radiculopathies(&engine, &note, note_type);
        found.sort();
        due.sort();
        if found != due {
            wrong.push(format!("{note}\n  due   {due:?}\n  found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn correlation_is_explicit_only_where_words_join_imaging_to_symptoms() {
    use CorrelationStatus::{Explicit, Implicit, None};
    let engine = engine();
    let imaging = "MRI shows severe left foraminal stenosis at L4-5.";
    let rows = [
        ("His leg pain is consistent with the L4-5 stenosis.", Explicit),
        ("Left leg pain due to the L4-5 disc herniation.", Explicit),
        ("The extrusion explains her foot numbness.", Explicit),
        (
            "Left leg pain. MRI shows severe left foraminal stenosis at L4-5. This correlates with his symptoms.",
            Explicit,
        ),
        ("Left leg pain. MRI shows severe left foraminal stenosis at L4-5. Symptoms concordant.", Explicit),
        ("Radiculopathy likely secondary to lateral recess stenosis at L5-S1.", Explicit),
        ("Imaging findings correlate well with the clinical picture.", Explicit),
        ("Left L4 radiculopathy from foraminal stenosis at L4-5.", Explicit),
        ("Left leg pain. MRI shows severe left foraminal stenosis at L4-5.", Implicit),
        ("L4-5 stenosis is the likely etiology of his leg pain.", Explicit),
        ("The pain generator is felt to be the L4-5 facet arthropathy.", Explicit),
        (
            "The stenosis on MRI (severe at L4-5, no stenosis at L5-S1) is responsible for his claudication.",
            Explicit,
        ),
        ("Left leg pain with foraminal stenosis at L4-5.", Implicit),
        ("Right arm pain. MRI shows right foraminal stenosis at L4-5.", None),
        ("Headache. MRI shows right foraminal stenosis at L4-5.", None),
        ("Pain in the left leg. MRI shows left foraminal stenosis at C5-6.", None),
        ("Numbness of both legs. MRI shows severe canal stenosis at C5-6.", Implicit),
        ("Neck and left leg pain. MRI shows left foraminal stenosis at L4-5.", Implicit),
        ("Leg pain. MRI shows L4-5 stenosis secondary to facet hypertrophy.", Implicit),
        ("Chest pain due to reflux. Back pain. MRI shows stenosis at L4-5.", Implicit),
        ("Left leg pain from a fall. MRI shows left foraminal stenosis at L4-5.", Implicit),
        ("MRI from March shows left foraminal stenosis at L4-5. Left leg pain.", Implicit),
        ("Left leg pain. No MRI yet; rule out stenosis causing pain.", None),
        ("Left leg pain. The foraminal stenosis at L4-5 does not explain the pain.", None),
        ("Right leg pain. MRI shows severe left foraminal stenosis at L4-5.", None),
        ("Back pain. MRI shows no stenosis.", None),
        ("No correlation between the MRI and symptoms. L4-5 bulge. Leg pain.", None),
        ("L5-S1 bulge is likely incidental and unrelated to his leg pain.", None),
        (
            "Left leg pain. MRI: L4-5 extrusion, no stenosis. This would account for all of his symptoms.",
            Explicit,
        ),
        (
            "Arm pain. CT: severe right C5-6 foraminal stenosis. In my view this explains everything.",
            Explicit,
        ),
        ("Low back pain. Listhesis at L4-5. The slip is felt to be the pain generator.", Explicit),
        ("Acute L2 fx, cause of her back pain. XR: L2 compression fx.", Explicit),
        ("Exam and imaging are concordant. MRI L5-S1 left protrusion.", Explicit),
        (
            "There is good agreement between the MRI, severe L3-4 central stenosis, and her leg heaviness.",
            Explicit,
        ),
        ("His claudication I put down to the severe canal stenosis at L4-5.", Explicit),
        ("Burning in the left arm that I attribute to the C6-7 disc herniation.", Explicit),
        ("Leg pain. L4-5 synovial cyst on MRI which is very likely the culprit.", Explicit),
        ("L4-5 bulge. The L4-5 disc is the source of his back pain.", Explicit),
        ("Foot weakness accounted for by the L4-5 level, where there is severe recess stenosis.", Explicit),
        ("Left C7 radiculitis. The foraminal stenosis at C6-7 explains it.", Explicit),
        ("MRI: L3-4 and L4-5 canal stenosis. The claudication is attributed to these two levels.", Explicit),
        ("Scar about the left L5 root. This fibrosis is probably responsible for the leg pain.", Explicit),
        ("Right facet arthropathy at C4-5, which agrees with the side of her neck pain.", Explicit),
        ("L4-5 extrusion. Objective findings match the imaging.", Explicit),
        ("Her back pain sits in that spot, which is in keeping with the two acute fractures.", Explicit),
        ("L4-5 stenosis. Is the leg pain explained by the imaging? No.", None),
        ("L4-5 stenosis. Is the leg pain explained by the imaging? Yes.", Explicit),
        ("L4-5 stenosis. Leg pain. Symptoms concordant with imaging? [x] Y  [ ] N", Explicit),
        ("L4-5 stenosis. Is the leg pain explained by the imaging?", Implicit),
        ("Bulge at L4-5. Leg pain. Please correlate.", Implicit),
        ("Cord compression at C5-6. C3-4 was the source of neck pain.", Implicit),
        ("Herniation at L5-S1. L3-4 is the source of her back pain.", Implicit),
        ("Back pain and fever. The bone scan shows osteomyelitis of the lumbar spine.", Implicit),
        ("Vertebral osteomyelitis. He walks with severe back pain.", Implicit),
        ("L4-5 stenosis. I told him that the risks include pain.", None),
        ("PROCEDURE: L4-5 facet injection for low back pain. Severe L4-5 facet arthropathy.", Implicit),
        ("PROCEDURE: L4-5 facet injection. Pain on needle entry. Severe L4-5 facet arthropathy.", None),
        ("Both legs give out after two blocks. MRI: severe L3-4 canal stenosis.", Implicit),
        ("Trouble walking. L4-5 severe central canal stenosis.", Implicit),
        (
            "em are eye of the lumber spine: moderate canal stenosis at L four five. Trouble standing.",
            Implicit,
        ),
        ("Lumbar spondylosis on films. Axial back pain.", Implicit),
        ("Left leg goes dead when she stands. Moderate left foraminal stenosis at L5-S1.", Implicit),
        ("MRI: L4-5 disc bulge. This bulge cannot account for her leg pain.", None),
        ("Leg pain. The L3-4 stenosis on MRI is not the pain generator.", None),
        ("MRI: severe L4-5 stenosis. He is pain free.", None),
        ("Return precautions (cord compression, weakness) reviewed. Back sore.", None),
        ("Pain clinic. MRI: L4-5 stenosis.", None),
        (imaging, None),
        ("Left leg pain for six months.", None),
    ];
    let status = |note| audit(&engine, note, NoteType::Clinic).correlation.map(|c| c.status);
    assert_rows(rows.map(|(note, expected)| (note, status(note), Some(expected))));
}

#[test]
fn correlation_knows_plain_words_for_symptoms_and_scans() {
    use CorrelationStatus::{Explicit, Implicit};
    let engine = engine();
    let rows = [
        ("L4-5 canal stenosis. Left foot numb, plus the absent ankle jerk, fit with this.", Explicit),
        (
            "Her legs give up at one block, and the L3-4 canal stenosis is responsible for her walking.",
            Explicit,
        ),
        ("L4-5 canal stenosis. Her calf heaviness is in keeping with these appearances.", Explicit),
        (
            "L5-S1 central protrusion on MRI. Discogram: concordant pain only at L5-S1. Low back pain.",
            Implicit,
        ),
        (
            "PROCEDURE: Vertebroplasty. TECHNIQUE: L1 pathologic fracture entered. Back pain 8/10 before.",
            Implicit,
        ),
    ];
    let status = |note| audit(&engine, note, NoteType::Clinic).correlation.map(|c| c.status);
    assert_rows(rows.map(|(note, expected)| (note, status(note), Some(expected))));
}

#[test]
fn correlation_is_not_asked_of_reports() {
    let engine = engine();
    let note = "Left leg pain due to the L4-5 disc herniation.";
    for (note_type, asked) in [
        (NoteType::Radiology, false),
        (NoteType::Other, false),
        (NoteType::Clinic, true),
        (NoteType::Procedure, true),
        (NoteType::Operative, true),
    ] {
        assert_eq!(audit(&engine, note, note_type).correlation.is_some(), asked, "{note_type}");
    }
}

#[test]
fn correlation_shows_its_words_and_whether_the_root_fits() {
    let engine = engine();
    let note = "Left L4 radiculopathy due to severe left foraminal stenosis at L4-5.";
    let correlation = audit(&engine, note, NoteType::Clinic).correlation.expect("asked of a clinic note");
    assert_eq!(correlation.concordance, Concordance::Concordant);
    let words: Vec<_> = correlation.evidence.iter().map(|e| (e.role, e.span.of(note))).collect();
    assert_eq!(
        words,
        [(Role::Symptom, "radiculopathy"), (Role::Link, "due to"), (Role::Imaging, "stenosis")]
    );
    let note = "Left S1 radiculopathy due to severe left foraminal stenosis at L4-5.";
    let correlation = audit(&engine, note, NoteType::Clinic).correlation.expect("asked of a clinic note");
    assert_eq!(correlation.concordance, Concordance::Discordant);
}

#[test]
fn symptoms_that_a_finding_does_not_fit_are_flagged_where_the_note_joins_them() {
    let engine = engine();
    for (note, expected) in [
        ("Left L5 radiculopathy due to severe right foraminal stenosis at L5-S1.", true),
        ("Left S1 radiculopathy due to severe left foraminal stenosis at L4-5.", true),
        ("Right C5 radiculopathy secondary to severe right foraminal stenosis at C5-6.", true),
        ("Left L4 radiculopathy due to severe left foraminal stenosis at L4-5.", false),
        ("Left C6 radiculopathy due to severe bilateral foraminal stenosis at C5-6.", false),
        ("Left L5 radiculopathy due to severe left lateral recess stenosis at L4-5.", false),
        ("Left S1 radiculopathy. Severe left foraminal stenosis at L4-5.", false),
        ("The left foraminal stenosis at L4-5 does not explain the left S1 radiculopathy.", false),
        ("Left radiculopathy due to severe left foraminal stenosis at L4-5.", false),
        (
            "Left L5 radiculopathy. Left foraminal stenosis at L4-5. Scarring is responsible for the leg pain.",
            false,
        ),
    ] {
        let flags = audit(&engine, note, NoteType::Clinic).flags;
        assert_eq!(flags.iter().any(|flag| flag.rule == "NC005"), expected, "{note}: {flags:?}");
    }
}

#[test]
fn care_counts_where_it_was_had() {
    let engine = engine();
    let rows = [
        ("He failed physical therapy and gabapentin.", true),
        ("HPI: PT x 8 weeks, naproxen, no relief.", true),
        ("No better after chiropractic care.", true),
        ("L4-5 ILESI in May, 60% for two months.", true),
        ("He is for left L5-S1 TFESI tomorrow.", false),
        ("MRI: L4-5 stenosis.\nSix weeks of PT, no gain.", true),
        ("PHYSICAL THERAPY INITIAL EVALUATION\nLumbar stenosis.", false),
        ("Pain persists despite NSAIDs.", true),
        ("Two prior epidural steroid injections gave relief.", true),
        ("MEDICATIONS: gabapentin 300 mg TID for leg pain", true),
        ("CURRENT SPINE MEDICATIONS: tizanidine and naproxen", true),
        ("MEDICATIONS:\n1. Lisinopril 10 mg daily.\n2. Cyclobenzaprine 5 mg p.r.n. back spasms.", true),
        ("MEDICATIONS: She takes lisinopril, celecoxib and atorvastatin.", false),
        ("HOME MEDICATIONS: metformin, meloxicam, aspirin", false),
        ("MEDICATIONS: Medications taken at home are Zoloft, Relafen and iron.", false),
        ("MEDICATIONS PRESCRIBED: tizanidine 4 mg at bedtime", false),
        ("Meds: apixaban, gabapentin. PT in the spring.", true),
        ("Neck pain. He takes naproxen and uses a TENS unit.", true),
        ("Her neck pain has been relieved with facet injections.", true),
        ("Buttock pain that was relieved by an epidural for a month.", true),
        ("HPI: He had radiation therapy in 2001 and is on hormone therapy.", false),
        ("HPI: Intravenous antibiotic therapy through a central line.", false),
        ("HPI: She went to speech therapy after the stroke and wore a knee brace.", false),
        ("HPI: He was given a prescription for physical therapy.", false),
        ("Nonoperative treatment was not felt to be appropriate in view of the myelopathy.", false),
        ("Follow up in 3 weeks, depending on the response to therapy.", false),
        ("PLAN: continue home exercise program.", true),
        ("He responded well to the last L5 TFESI.", true),
        ("PT, NSAIDs and massage: temporary.", true),
        ("Physiotherapy and ibuprofen have been of limited use.", true),
        ("Low back pain.\nTreatment rendered: PT 12/12.", true),
        ("Injections have included two L5 TFESIs.", true),
        ("A methylprednisolone pack bought him a week.", true),
        ("Alternatives: doing nothing, physical therapy, surgery.", false),
        ("Has finished therapy.", true),
        ("Neck pain. PT already done x8.", true),
        ("Neck pain. He went thru PT and chiro; a steroid taper got nowhere.", true),
        ("CT: moderate stenosis at L4-5.\nGabapentin, acupuncture.", true),
        ("Left sciatica. Seen after caudals x2 last winter, which did nothing.", true),
        ("Six weeks of PT, no gain.", true),
        ("PHYSICAL THERAPY INITIAL EVALUATION. Back pain.", false),
        ("Outpatient PT daily note. Back pain.", false),
        ("We'd move to medial branch blocks.", false),
        ("No formal PT. Not interested in chiropractic.", false),
        ("Recommend trial of gabapentin and PT.", false),
        ("We discussed PT, NSAIDs and injections.", false),
        ("PT ordered.", false),
        ("PLAN: start physical therapy and meloxicam.", false),
        ("Refer to physical therapy.", false),
        ("He has not tried physical therapy.", false),
        ("HPI: Declined physical therapy.", false),
        ("HPI: Refused PT and NSAIDs.", false),
        ("HPI: Left leg pain. Physical therapy was declined.", false),
        ("HPI: Declined PT, chiropractic care, and NSAIDs.", false),
        ("HPI: She does not want physical therapy.", false),
        ("HPI: Physical therapy for 6 weeks, declined surgery.", true),
        ("HPI: Declined surgery, physical therapy for 6 weeks.", true),
        ("HPI: Failed PT, declined injections.", true),
        ("HPI: Declined further physical therapy.", true),
        ("HPI: She completed PT and declined chiropractic care.", true),
        ("Pt denies weakness.", false),
        ("ALLERGIES: ibuprofen", false),
        ("PROCEDURE: Transforaminal epidural steroid injection, left L5.", false),
        ("TECHNIQUE: 1% lidocaine was given, then dexamethasone 10 mg.", false),
        ("Risks of NSAIDs were discussed.", false),
        ("Would consider an epidural steroid injection.", false),
        ("Left leg pain for six months.", false),
    ];
    let care = |note| {
        let care = audit(&engine, note, NoteType::Clinic).conservative_care.expect("asked of a clinic note");
        assert_eq!(care.documented, !care.evidence.is_empty(), "{note}");
        care.documented
    };
    assert_rows(rows.map(|(note, expected)| (note, care(note), expected)));
    assert_eq!(audit(&engine, "He failed PT.", NoteType::Radiology).conservative_care, None);
}

#[test]
fn the_type_of_a_note_is_read_where_nobody_gives_it() {
    let engine = engine();
    let rows = [
        (
            "MRI LUMBAR SPINE WITHOUT CONTRAST\nCOMPARISON: None.\nFINDINGS: L4-5: Moderate foraminal stenosis.\nIMPRESSION: As above.",
            NoteType::Radiology,
        ),
        ("L4-5: diffuse bulge narrowing both foramina. L5-S1: normal.", NoteType::Radiology),
        (
            "PROCEDURE NOTE\nConsent was signed. A 22 gauge needle was advanced under fluoroscopy to the left L5 foramen. Lidocaine and dexamethasone were injected.",
            NoteType::Procedure,
        ),
        (
            "OPERATIVE REPORT\nPREOPERATIVE DIAGNOSIS: Stenosis L4-5.\nSURGEON: X\nANESTHESIA: General endotracheal.\nESTIMATED BLOOD LOSS: 50 mL.\nThe fascia was opened and retractors placed.",
            NoteType::Operative,
        ),
        (
            "CHIEF COMPLAINT: Leg pain.\nHPI: Six months of left leg pain.\nEXAM: SLR positive.\nASSESSMENT: Stenosis at L4-5.\nPLAN: MRI.",
            NoteType::Clinic,
        ),
        ("Grocery list: milk, eggs.", NoteType::Other),
        // Drafts and excerpts, without a heading that tells.
        ("CLINIC NOTE\nASSESSMENT: Severe left L4-5 foraminal stenosis.", NoteType::Clinic),
        ("OFFICE VISIT\nLeft C5-6 foraminal stenosis, moderate.", NoteType::Clinic),
        ("She has severe left foraminal stenosis at L4-5 and wants an injection.", NoteType::Clinic),
        (
            "The MRI of his neck has moderate right C5-6 foraminal narrowing. PT has not helped.",
            NoteType::Clinic,
        ),
        (
            "Referred with arm pain. Scan: C6-7 foramen narrowed on the left. Spurling positive. Tried collar.",
            NoteType::Clinic,
        ),
        ("Indication: her left leg pain.\nL4-5: Severe left foraminal stenosis.", NoteType::Radiology),
        ("Grade I slip of L4 on L5. Moderate foraminal narrowing on both sides.", NoteType::Radiology),
        ("MR C-spine, prelim: C5/6 mod L NFS. Alignment ok.", NoteType::Radiology),
        (
            "NAME OF OPERATION: L4-5 laminectomy.\nSevere canal stenosis was met. The dura was decompressed and lay free.",
            NoteType::Operative,
        ),
        (
            "Patient portal message: my back is worse, and the report says severe foraminal stenosis.",
            NoteType::Other,
        ),
        ("Prior authorization: right L4-5 TFESI for severe foraminal stenosis.", NoteType::Other),
    ];
    let read = |note| engine.audit(note, &Context::default()).note_type;
    assert_rows(rows.map(|(note, expected)| (note, read(note), expected)));
}

#[test]
fn a_contradiction_is_of_two_statements() {
    let engine = engine();
    let found = |note| audit(&engine, note, NoteType::Radiology).contradictions.len();
    let rows = [
        ("L4-5: Moderate left foraminal stenosis.\n\nIMPRESSION: Severe left foraminal stenosis at L4-5.", 1),
        ("L4-5: No canal stenosis.\n\nIMPRESSION: Canal stenosis at L4-5.", 1),
        (
            "L4-5: Moderate left foraminal stenosis.\n\nIMPRESSION: Moderate right foraminal stenosis at L4-5.",
            1,
        ),
        ("L4-5 left foraminal stenosis was mild then and is severe now.", 0),
        ("At L4-5 severe left foraminal stenosis should read mild left foraminal stenosis at L4-5.", 0),
        (
            "L4-5: No foraminal stenosis.\n\nADDENDUM: On review there is mild left foraminal stenosis at L4-5.",
            0,
        ),
        (
            "C5-6: Mild foraminal stenosis bilaterally.\n\n\
             IMPRESSION: Mild bilateral foraminal stenosis at C5-6 and C6-7.",
            0,
        ),
    ];
    assert_rows(rows.map(|(note, expected)| (note, found(note), expected)));
}
