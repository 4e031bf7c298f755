use std::fmt::Write as _;

use super::*;
use crate::lexicon::Word;

/// A few headings, longest first at each place as the automaton gives them all.
const HEADINGS: &[(&str, SectionKind)] = &[
    ("findings", SectionKind::Findings),
    ("impression", SectionKind::Impression),
    ("impression and plan", SectionKind::Plan),
    ("indication", SectionKind::Indication),
    ("history", SectionKind::History),
    ("comparison", SectionKind::Comparison),
    ("family history", SectionKind::FamilyHistory),
    ("assessment", SectionKind::Impression),
    ("a/p", SectionKind::Plan),
    ("o", SectionKind::Exam),
    ("plan", SectionKind::Plan),
    ("key", SectionKind::Key),
];

fn marks(folded: &Folded<'_>) -> Vec<Mention<Concept>> {
    let stop = [("period", Concept::Word(Word::Stop))];
    let phrases = HEADINGS.iter().map(|&(words, kind)| (words, Concept::Section(kind))).chain(stop);
    let mut marks: Vec<_> = phrases
        .flat_map(|(words, concept)| {
            folded.text().match_indices(words).map(move |(at, _)| Mention {
                concept,
                span: FoldSpan::new(at as u32, (at + words.len()) as u32),
            })
        })
        .filter(|m| {
            let word = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
            let before = m.span.start.checked_sub(1).and_then(|i| folded.bytes().get(i as usize));
            !word(before) && !word(folded.bytes().get(m.span.end as usize))
        })
        .collect();
    marks.sort_by_key(|m| m.span.start);
    marks
}

/// Sentences of a note: `¶` starts a logical line; `§kind` a section.
fn cut(note: &str) -> String {
    let folded = Folded::new(note);
    let layout = segment(&folded, &marks(&folded));
    let mut out = String::new();
    let mut section = None;
    for s in &layout.sentences {
        let opened = section.replace(s.section) != Some(s.section);
        let kind = layout.sections[s.section as usize].kind;
        if opened && (s.section > 0 || kind != SectionKind::Unknown) {
            let _ = write!(out, "§{kind} ");
        }
        let cell = s.cell.map(|c| format!("<{}/{}>", folded.slice(c.row), folded.slice(c.header)));
        let mark = if s.starts_line { "¶" } else { "" };
        let _ = write!(out, "{mark}{}{} | ", cell.unwrap_or_default(), folded.slice(s.span));
    }
    out.trim_end_matches(" | ").to_owned()
}

#[test]
fn full_stops() {
    for (note, sentences) in [
        ("No bulge. No stenosis.", "¶no bulge. | no stenosis."),
        ("Seen by Dr. Ruiz. Approx. 3 mm vs. 4 mm.", "¶seen by dr. ruiz. | approx. 3 mm vs. 4 mm."),
        ("Bupivacaine 0.25% used. Tolerated.", "¶bupivacaine 0.25% used. | tolerated."),
        ("L. foramen narrow. R. foramen patent.", "¶l. foramen narrow. | r. foramen patent."),
        (
            "Lt. foramen is narrow. Measures 5 mm. The rest is well.",
            "¶lt. foramen is narrow. | measures 5 mm. | the rest is well.",
        ),
        ("5 mm. in depth, e.g. at L4-5", "¶5 mm. in depth, e.g. at l4-5"),
        ("Seen at 9 a.m. by nurse. Ok", "¶seen at 9 a.m. by nurse. | ok"),
        ("Grew E. coli, says K. Ito, M.D. on call", "¶grew e. coli, says k. | ito, m.d. on call"),
        (
            "Pain R > L. Relief if bent, on the R. Pt walks. L. foramen ok",
            "¶pain r > l. | relief if bent, on the r. | pt walks. | l. foramen ok",
        ),
        ("Canal B. Recess 1.", "¶canal b. | recess 1."),
        ("Level No. 5 treated. Allergies? No. Stop", "¶level no. 5 treated. | allergies? | no. | stop"),
        ("Foramina patent.No canal stenosis.", "¶foramina patent. | no canal stenosis."),
        ("narrowing . Severe", "¶narrowing . | severe"),
        ("[Facets: normal]. [Canal: patent].", "¶facets: normal]. | canal: patent]."),
        ("Bulge; roots are free; no cyst", "¶bulge; roots are free; no cyst"),
        ("Narrow ? cyst at L4-5. ?mild", "¶narrow ? cyst at l4-5. | ?mild"),
        ("AT L4-5 LT. FORAMEN OF 5 MM. THE CANAL", "¶at l4-5 lt. foramen of 5 mm. | the canal"),
        ("canal is patent period No cyst period", "¶canal is patent | no cyst"),
        ("for a period of weeks", "¶for a period of weeks"),
        ("", ""),
        (" .. -- \n ...", ""),
    ] {
        assert_eq!(cut(note), sentences, "{note:?}");
    }
}

#[test]
fn lines_and_lists() {
    for (note, sentences) in [
        ("1. Bulge\n2) Cyst\n#3 Tear\n(4) Spur\n5.Gas", "¶bulge | ¶cyst | ¶tear | ¶spur | ¶gas"),
        (
            "- L4-5: bulge\n* cyst\n\u{2022} tear\no spur\n-5 mm gap",
            "¶l4-5: bulge | ¶cyst | ¶tear | ¶spur | ¶5 mm gap",
        ),
        ("1) DDD 2) Stenosis at L4-5 3) Cyst", "¶ddd | ¶stenosis at l4-5 | ¶cyst"),
        ("1. Bulge. 2. Cyst. 3. Tear at 2. 5", "¶bulge. | ¶cyst. | ¶tear at 2. | 5"),
        (
            "mild bulge at L4-5\nno root contact\nadequate canal",
            "¶mild bulge at l4-5 | ¶no root contact | ¶adequate canal",
        ),
        ("mild bulge at L4-5 with\nroot contact", "¶mild bulge at l4-5 with root contact"),
        ("bulge at L4-5, left,\nL5-S1", "¶bulge at l4-5, left, l5-s1"),
        (
            "Key\n  Foramen: 1 mild, 2 severe\n  Canal: A mild, B severe",
            "§key ¶foramen: 1 mild, 2 severe | ¶canal: a mild, b severe",
        ),
        (
            "L3-4: A bulge of the disc, with no stenosis of the canal.\nL4-5: A bulge of the disc, with no stenosis.",
            "¶l3-4: a bulge of the disc, with no stenosis of the canal. | ¶l4-5: a bulge of the disc, with no stenosis.",
        ),
        ("bulge at L4-5// cyst /// tear", "¶bulge at l4-5 | ¶cyst | ¶tear"),
        ("see http://x.org now", "¶see http://x.org now"),
        ("bulge \u{2022} cyst \u{2022} tear", "¶bulge | ¶cyst | ¶tear"),
        ("L4-L5\nMild bulge.\nL5-S1:\nCyst", "¶l4-l5 | ¶mild bulge. | ¶l5-s1: | ¶cyst"),
        ("Bulge\r\nCyst\r\n\r\nTear", "¶bulge | ¶cyst | ¶tear"),
        ("Severity is moder-\nate. Ok", "¶severity is moderate. | ok"),
    ] {
        assert_eq!(cut(note), sentences, "{note:?}");
    }
}

#[test]
fn wrapped_lines_go_on() {
    let wrapped = "At L3-4 there is a broad bulge of the disc with\nmoderate narrowing of the left foramen at\nL3-4 and the canal is patent. No cyst and no\nfracture is seen at this level.\n\nL5-S1: Mild bulge.";
    assert_eq!(
        cut(wrapped),
        "¶at l3-4 there is a broad bulge of the disc with moderate narrowing of the left foramen at l3-4 and the \
         canal is patent. | no cyst and no fracture is seen at this level. | ¶l5-s1: mild bulge."
    );
    let colon = "The study of this spring was read again and shows:\nmild narrowing of the foramen on the left side, and\nnone at L4-5.";
    assert_eq!(
        cut(colon),
        "¶the study of this spring was read again and shows: mild narrowing of the foramen on the left side, and none at l4-5."
    );
    let label = "The study of this spring was read again on Monday.\nForamina:\nmild narrowing on the left side, and none on the\nright.";
    assert_eq!(
        cut(label),
        "¶the study of this spring was read again on monday. | ¶foramina: | ¶mild narrowing on the left side, and none on the right."
    );
    let capitals = "C5-C6:  BROAD BULGE WITH MODERATE LEFT FORAMINAL\nSTENOSIS.  MODERATE CANAL NARROWING AND A SMALL\nCYST.\nC6-C7:  NORMAL.";
    assert_eq!(
        cut(capitals),
        "¶c5-c6: broad bulge with moderate left foraminal stenosis. | moderate canal narrowing and a small cyst. | ¶c6-c7: normal."
    );
    let short_statements =
        "mild diffuse disc bulge at L4/L5 level indenting the sac\nno root compression\nadequate canal";
    assert_eq!(
        cut(short_statements),
        "¶mild diffuse disc bulge at l4/l5 level indenting the sac | ¶no root compression | ¶adequate canal"
    );
}

#[test]
fn headings_open_sections() {
    for (note, sentences) in [
        ("MRI\nFINDINGS: Bulge.\nImpression - Cyst", "¶mri | §findings ¶bulge. | §impression ¶cyst"),
        (
            "INDICATION: pain COMPARISON: None FINDINGS: Bulge",
            "§indication ¶pain | §comparison ¶none | §findings ¶bulge",
        ),
        ("[Indication]: {LBP}\n** Assessment **\nBulge", "§indication ¶lbp} | §impression ¶bulge"),
        ("O: SLR neg\nA/P: bulge", "§exam ¶slr neg | §plan ¶bulge"),
        ("HISTORY / PLAN\nrest", "§plan ¶rest"),
        ("Findings and Assessment: bulge", "§impression ¶bulge"),
        ("HISTORY&FINDINGS:\nbulge", "§findings ¶bulge"),
        ("O/PLAN: rest", "¶o/plan: rest"),
        ("findings colon there is a bulge", "§findings ¶there is a bulge"),
        ("1. Impression: Bulge", "§impression ¶bulge"),
        ("FINDINGS (continued): Bulge", "§findings ¶bulge"),
        ("FINDINGS LUMBAR SPINE: Bulge", "§findings ¶bulge"),
        ("HISTORY Low back pain", "§history ¶low back pain"),
        ("IMPRESSION AND PLAN:\n1. Bulge", "§plan ¶bulge"),
        ("The findings are new. Plan for surgery", "¶the findings are new. | plan for surgery"),
        (
            "There is no sign of instability, and no acute\nfindings.",
            "¶there is no sign of instability, and no acute findings.",
        ),
        ("Findings\nBulge\nImpression\nCyst", "§findings ¶bulge | §impression ¶cyst"),
        (
            "FAMILY HISTORY: None.\nSOCIAL: Smokes\nFINDINGS: Ok",
            "§family_history ¶none. | §other ¶smokes | §findings ¶ok",
        ),
        ("O- slow\nT- none", "§exam ¶slow | ¶t- none"),
        ("FINDINGS: Ok\nDISCS: Bulge", "§findings ¶ok | ¶discs: bulge"),
        ("HISTORY: pain\nLEFT: none\nL4-L5: bulge", "§history ¶pain | ¶left: none | ¶l4-l5: bulge"),
        ("FINDINGS\nKEY: 0 none, 1 mild\n\nL4-5: grade 1", "§key ¶0 none, 1 mild | §findings ¶l4-5: grade 1"),
        ("** Plan **   Rest\n[x] PT [ ] MRI\n[Findings] ok", "§plan ¶rest | ¶[x] pt [ ] mri | §findings ¶ok"),
        ("## Findings\nBulge", "§findings ¶bulge"),
        ("*Findings*: Bulge", "§findings ¶bulge"),
    ] {
        assert_eq!(cut(note), sentences, "{note:?}");
    }
}

#[test]
fn tables_are_read_by_cell() {
    let note =
        "Level | Disc | Canal\n------|------|-----\nL4-5 | bulge | \nL5-S1 | nl. | mild\nEnd | of\nDone.";
    assert_eq!(
        cut(note),
        "¶level | disc | canal | ¶<l4-5/level>l4-5 | <l4-5/disc>bulge | ¶<l5-s1/level>l5-s1 | <l5-s1/disc>nl. | \
         <l5-s1/canal>mild | ¶<end/level>end | <end/disc>of | ¶done."
    );
    assert_eq!(
        cut("|L4-5|mild|\n|L5-S1|none|"),
        "¶<l4-5/>l4-5 | <l4-5/>mild | ¶<l5-s1/>l5-s1 | <l5-s1/>none"
    );
    assert_eq!(cut("|VlRl OF L-SPINE"), "¶vlrl of l spine");
}

#[test]
fn endless_sentences_are_parted_between_words() {
    let note = "bulge and ".repeat(1000);
    let folded = Folded::new(&note);
    let sentences = segment(&folded, &[]).sentences;
    assert_eq!(sentences.len(), 5);
    assert!(
        sentences.iter().all(|s| s.span.len() <= 2000 && folded.slice(s.span).trim() == folded.slice(s.span))
    );
    assert_eq!(sentences.iter().map(|s| folded.slice(s.span).split(' ').count()).sum::<usize>(), 2000);
    assert!(sentences.iter().all(|s| s.line == sentences[0].line));
}

#[test]
fn endless_words_are_parted_as_well() {
    for note in [
        format!("FINDINGS: L4-5 {}", "canal,mild,".repeat(4000)),
        "mild/canal/".repeat(4000),
        format!("{}{}", "x".repeat(2001), " mild canal and".repeat(4000)),
        "\u{e9}".repeat(4000),
        format!("x{}", "\u{4e00}".repeat(4000)),
        format!("| {0} | {0} |\n|---|---|\n| {0} | {0} |\n", "disc,bulge,".repeat(400)),
    ] {
        let folded = Folded::new(&note);
        let sentences = segment(&folded, &[]).sentences;
        let spans = sentences.iter().flat_map(|s| {
            let cell = s.cell.map(|cell| [cell.header, cell.row]);
            std::iter::once(s.span).chain(cell.into_iter().flatten())
        });
        for span in spans {
            assert!(span.len() <= 2000, "{} bytes", span.len());
            assert!(folded.text().get(span.range()).is_some_and(|words| !words.is_empty()));
        }
        // What is left out is blanks alone, headings and rules apart.
        let read: usize =
            sentences.iter().map(|s| folded.slice(s.span).split(' ').collect::<String>().len()).sum();
        let blanks = folded.text().matches([' ', '|', '-']).count();
        assert!(read + blanks + "FINDINGS:".len() >= folded.text().len());
    }
}

proptest::proptest! {
    #[test]
    fn sentences_are_no_longer_than_they_may_be(pieces in proptest::collection::vec("[a-z]{1,9}[,/;-]|\u{e9}|[a-z]{1,400}|mild,|canal/| ", 0..900)) {
        let note = pieces.concat();
        let folded = Folded::new(&note);
        for s in segment(&folded, &[]).sentences {
            proptest::prop_assert!(s.span.len() <= 2000 && s.span.end > s.span.start);
            proptest::prop_assert!(folded.text().get(s.span.range()).is_some());
        }
    }

    #[test]
    fn sentences_are_ordered_and_inside_their_sections(note in "([ \\n|.:;*()\\[-]|[A-Za-z0-9]{1,6}|FINDINGS|Key|a/p|\\u{2022}|\\u{e9}|period|\n\n|//){0,60}") {
        let folded = Folded::new(&note);
        let layout = segment(&folded, &marks(&folded));
        let mut end = 0;
        for s in &layout.sentences {
            proptest::prop_assert!(s.span.start >= end && s.span.end > s.span.start);
            proptest::prop_assert!(folded.text().get(s.span.range()).is_some());
            proptest::prop_assert!(layout.sections[s.section as usize].body.contains(s.span));
            end = s.span.end;
        }
        let mut covered = 0;
        for section in &layout.sections {
            proptest::prop_assert!(section.heading.start >= covered || section.heading.is_empty());
            proptest::prop_assert!(section.body.start >= section.heading.end || section.heading.is_empty());
            covered = section.body.end;
        }
    }

    #[test]
    fn no_word_is_lost(words in proptest::collection::vec("[a-z]{3,7}", 1..20), seps in proptest::collection::vec("[ .\n]{1,3}", 20)) {
        let note = words.iter().zip(&seps).fold(String::new(), |note, (w, s)| note + w + " " + s + " ");
        let folded = Folded::new(&note);
        let layout = segment(&folded, &[]);
        let read: String = layout.sentences.iter().map(|s| folded.slice(s.span).to_owned() + " ").collect();
        for word in words {
            proptest::prop_assert!(read.contains(&word));
        }
    }
}
