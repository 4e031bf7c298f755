//! A line of every kind, for notes that repeat it.

/// The name of a kind, how the note begins, and the line. `#` in a line is its number, so that no two lines are the same.
pub(crate) const LINES: &[(&str, &str, &str)] = &[
    ("findings", "FINDINGS:\n", "L4-5: Moderate left foraminal stenosis and a mild bulge.\n"),
    ("findings of one sentence", "FINDINGS: L4-5 ", "mild canal and severe left foraminal stenosis, "),
    ("words joined by commas", "FINDINGS: L4-5 ", "canal,mild,"),
    ("words joined by slashes", "", "mild/canal/"),
    ("grades alone", "FINDINGS: L4-5 foramen ", "mild moderate severe left right "),
    ("lists of levels", "IMPRESSION: ", "L2-3, L3-4, L4-5 and L5-S1, "),
    ("headings", "", "IMPRESSION:\nMild canal stenosis at L3-4.\n"),
    ("other headings", "", "SOMETHING ELSE: mild canal stenosis at L3-4.\n"),
    ("table", "| Level | Canal | Left | Right |\n|---|---|---|---|\n", "| L4-5 | mild | none | severe |\n"),
    ("table of one row", "| Level |", " L4-5 mild | severe |"),
    ("key to grades", "KEY:\n1 = mild\n2 = moderate\n\nFINDINGS:\n", "L4-5 left foramen 2, right 1\n"),
    ("misspelt words", "FINDINGS: ", "modrate forminal stenois at L4-5. "),
    ("roots", "ASSESSMENT:\n", "Left L5 radiculopathy, due to the disc herniation at L4-5.\n"),
    (
        "correlation",
        "ASSESSMENT:\n",
        "The left leg pain is consistent with the foraminal stenosis at L4-5 on MRI.\n",
    ),
    ("care", "HISTORY:\n", "Physical therapy for 6 weeks and gabapentin 300 mg without relief.\n"),
    ("denials", "FINDINGS:\n", "No evidence of canal stenosis, without herniation or possible bulge.\n"),
    ("cues of one sentence", "FINDINGS: ", "no possible prior stenosis or "),
    ("procedures", "PROCEDURES:\n", "- Right L4-5 TFESI\n"),
    ("procedures at many levels", "PROCEDURE: ", "Left L3-4 and right L4-5 transforaminal epidural, "),
    ("bare procedures", "PROCEDURE PERFORMED:\n", "Medial branch block\n"),
    ("account", "PROCEDURE: TFESI\nTECHNIQUE:\n", "A needle was directed into the right L4-5 foramen.\n"),
    ("plans", "PROCEDURE: Right L4-5 TFESI\nPLAN:\n", "If no better, a second block at the same levels.\n"),
    (
        "plans of the same",
        "PLAN:\nL2-3 and L3-4 blocks.\n",
        "RFA of the same nerves and a block of the same.\n",
    ),
    (
        "explained procedures",
        "PLAN:\n",
        "We discussed an L4-5 laminectomy and the patient wishes to proceed.\n",
    ),
    ("earlier procedures", "HISTORY:\n", "s/p L4-S1 fusion in 2019, at L4-5: old laminotomy.\n"),
    ("drugs", "PROCEDURE: Right L4-5 TFESI.\n", "Dexamethasone 10 mg was injected.\n"),
    (
        "drugs of one list",
        "PROCEDURE: Right L4-5 TFESI.\nInjected: ",
        "dexamethasone 10 mg, lidocaine 1 mL, ",
    ),
    (
        "drugs of many parts",
        "PROCEDURE: Right L4-5 TFESI.\n",
        "PROCEDURE:\nDexamethasone 10 mg was injected.\nTECHNIQUE:\nDexamethasone 10 mg.\n",
    ),
    ("waste", "PROCEDURE: Right L4-5 TFESI.\n", "1 mL of lidocaine was injected, none was wasted.\n"),
    (
        "sedation",
        "PROCEDURE: Right L4-5 TFESI.\n",
        "Midazolam 2 mg, fluoroscopy, AP and lateral views, 22 gauge needle.\n",
    ),
    ("scores", "PROCEDURE: Right L4-5 TFESI.\n", "NRS 7/10 before, 2/10 after; ODI 44%.\n"),
    ("relief", "PROCEDURE: Right L4-5 TFESI.\nHISTORY:\n", "80% relief for 6 months after the last TFESI.\n"),
    (
        "durations",
        "PROCEDURE: Right L4-5 TFESI.\nHISTORY:\n",
        "Left leg pain for 3 months, since March 2019.\n",
    ),
    ("codes", "PROCEDURE: Right L4-5 TFESI.\nCPT codes: ", "64483, 64484, M54.16, "),
    (
        "codes with modifiers",
        "PROCEDURE: Right L4-5 TFESI.\nCPT codes: ",
        "64483-RT x 2, 64484-50-59, J1100 x 10, ",
    ),
    ("further codes", "PROCEDURE: Right L4-5 TFESI.\nCPT codes: ", "CPT 1####, M##.##, "),
    ("dates", "PROCEDURE: Right L4-5 TFESI.\n", "Date of service: 03/14/2024\n"),
    ("boxes", "RADIOFREQUENCY ABLATION RECORD\n", "Side: [x] Right [ ] Left\nNerves: [ ] L1 [x] L2\n"),
    ("one word", "", "stenosis"),
    ("numbers", "FINDINGS: ", "4 5 2.5 mm L4 "),
    ("list marks", "FINDINGS:\n", "1. 2) - * "),
    ("marks", "FINDINGS: L4-5 ", "(.|//*?!;:"),
];

/// A note of at least so many bytes, with one line at least.
pub(crate) fn note(head: &str, line: &str, bytes: usize) -> String {
    let mut note = head.to_owned();
    for number in 0_u32.. {
        let digits = format!("{:08}", number.wrapping_mul(7919));
        let mut digits = digits.bytes().rev().cycle().map(char::from);
        note.extend(line.chars().map(|c| if c == '#' { digits.next().unwrap_or(c) } else { c }));
        if note.len() >= bytes {
            break;
        }
    }
    note
}
