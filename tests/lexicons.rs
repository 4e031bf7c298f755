//! The lexicon files that the library carries have no problems, and a user's file is laid over them as it
//! says, or refused with every problem at its place.

use std::path::{Path, PathBuf};

use foramen::lexicon::{Concept, Lexicon, Structure};
use foramen::model::Severity;
use proptest::prelude::*;

const FORAMEN: Concept = Concept::Structure(Structure::Foramen);

/// A small lexicon to lay files over.
fn base() -> Lexicon {
    let mut lexicon = Lexicon::default();
    let text = r#"
[[group]]
concept = "structure.foramen"
source = "test"
phrases = ["Neural-foramen", "exit hole"]

[[group]]
concept = "severity.mild"
source = "test"
phrases = ["mild"]

[[scale]]
name = "lee"
source = "test"
structure = "foramen"
phrases = ["lee grade"]
grades = { "0" = "none", "III" = "severe" }
"#;
    lexicon.overlay("base.toml", text).expect("the base has no problems");
    lexicon
}

fn group(concept: &str, rest: &str) -> String {
    format!("[[group]]\nconcept = \"{concept}\"\nsource = \"test\"\n{rest}\n")
}

fn overlaid(text: &str) -> Lexicon {
    let mut lexicon = base();
    lexicon.overlay("mine.toml", text).expect("no problems");
    lexicon
}

/// Phrases with the names of their concepts.
fn phrases(lexicon: &Lexicon) -> Vec<(String, String)> {
    let named = |p: &foramen::lexicon::Phrase| (p.words.clone(), lexicon.concept_name(p.concept));
    lexicon.phrases().iter().map(named).collect()
}

fn words_of(lexicon: &Lexicon, concept: Concept) -> Vec<&str> {
    lexicon.phrases().iter().filter(|p| p.concept == concept).map(|p| p.words.as_str()).collect()
}

fn problems(text: &str) -> Vec<String> {
    let errors = base().overlay("mine.toml", text).expect_err("has problems");
    errors.problems().iter().map(ToString::to_string).collect()
}

fn assert_problems(cases: &[(String, &[&str])]) {
    for (text, wanted) in cases {
        let found = problems(text);
        let matches = found.iter().zip(*wanted).all(|(found, wanted)| found.contains(wanted));
        assert!(matches && found.len() == wanted.len(), "for {text}\nwanted {wanted:#?}\nfound {found:#?}");
    }
}

#[test]
fn what_the_build_compiled_is_every_file_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons");
    let paths = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("listed").path());
    let files = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let read = |path: PathBuf| {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).expect("a lexicon file is UTF-8"))
    };
    let mut on_disk: Vec<(String, String)> = files.map(read).collect();
    on_disk.sort();
    let texts = on_disk.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let lexicon = Lexicon::read(texts).expect("the build would have stopped");
    let embedded = Lexicon::try_embedded().expect("the build wrote it");
    assert_eq!(embedded.phrases(), lexicon.phrases());
    assert_eq!(embedded.scales(), lexicon.scales());
    assert_eq!(embedded.vocabulary(), lexicon.vocabulary());
    let files_of = |lexicon: &Lexicon| -> Vec<String> {
        lexicon.phrases().iter().map(|phrase| lexicon.file(phrase).to_owned()).collect()
    };
    assert_eq!(files_of(&embedded), files_of(&lexicon));
}

#[test]
fn another_text_is_no_compiled_lexicon() {
    for (text, line) in [
        ("file\ta.toml\n[[group]]", 2),
        ("17\tneural foramen", 1),
        ("group\tstructure.foremen\t0\t0", 1),
        ("group\tnormal\t0\t0\nopen\t3", 2),
        ("scale\tlee\tdoor", 1),
        ("scale\tlee\tforamen\t0\tbad", 1),
    ] {
        assert_eq!(Lexicon::from_compiled(text).map_err(|error| error.line).err(), Some(line), "{text}");
    }
}

#[test]
fn phrases_are_folded_and_know_their_place() {
    let lexicon = base();
    assert_eq!(words_of(&lexicon, FORAMEN), ["neural foramen", "exit hole"]);
    let phrase = &lexicon.phrases()[0];
    assert_eq!((lexicon.file(phrase), phrase.line()), ("base.toml", 5));
}

#[test]
fn a_scale_has_its_phrases_and_folded_grades() {
    let lexicon = base();
    assert_eq!(words_of(&lexicon, Concept::Scale(0)), ["lee grade"]);
    let scale = &lexicon.scales()[0];
    assert_eq!((scale.name.as_str(), scale.structure), ("lee", Structure::Foramen));
    assert_eq!(scale.grades, [("0".to_owned(), None), ("iii".to_owned(), Some(Severity::Severe))]);
    assert_eq!(lexicon.concept_name(Concept::Scale(0)), "scale.lee");
}

#[test]
fn an_overlay_adds_replaces_and_retires() {
    let added = overlaid(&group("structure.foramen", "phrases = [\"nerve door\"]"));
    assert_eq!(words_of(&added, FORAMEN), ["neural foramen", "exit hole", "nerve door"]);

    let replaced = overlaid(
        "[[replace]]\nconcept = \"structure.foramen\"\nsource = \"test\"\nphrases = [\"exit hole\", \"nerve door\"]",
    );
    assert_eq!(words_of(&replaced, FORAMEN), ["exit hole", "nerve door"]);
    assert_eq!(words_of(&replaced, Concept::Severity(Severity::Mild)), ["mild"]);

    let silenced = overlaid("[[replace]]\nconcept = \"structure.foramen\"\nsource = \"test\"\nphrases = []");
    assert!(words_of(&silenced, FORAMEN).is_empty());

    let moved =
        overlaid(&format!("retire = [\"Exit-Hole\"]\n{}", group("normal", "phrases = [\"exit hole\"]")));
    assert_eq!(words_of(&moved, FORAMEN), ["neural foramen"]);
    assert_eq!(words_of(&moved, Concept::Normal), ["exit hole"]);
}

#[test]
fn a_pattern_stands_for_each_of_its_phrases_on_its_own_line() {
    let text = r#"retire = ["{exit|neural}-{|hole|foramen}", "mild"]
[sets]
way = ["Door", "Gate-way", ""]
[[group]]
concept = "normal"
source = "test"
phrases = [
  "wide",
  "{open|free} {way}{|s} here",
]
"#;
    let error = base().overlay("mine.toml", text).expect_err("some phrases to retire are not there");
    assert_eq!(error.problems().len(), 4, "{error}");
    let lexicon =
        overlaid(&text.replace("\"{exit|neural}-{|hole|foramen}\"", "\"{exit-hole|Neural foramen}\""));
    let found: Vec<(&str, u32)> =
        lexicon.phrases()[1..].iter().map(|p| (p.words.as_str(), p.line())).collect();
    let wanted = ["door", "doors", "gate way", "gate ways"].map(|way| format!("open {way} here"));
    assert_eq!(
        found[..5],
        [&[("wide", 8)][..], &wanted.each_ref().map(|words| (words.as_str(), 9))].concat()
    );
    assert_eq!(found[5..7], [("open here", 9), ("open s here", 9)]);
    assert_eq!(found.len(), 1 + 2 * 6);
}

#[test]
fn patterns_of_one_group_may_overlap() {
    let overlap = "phrases = [\"{wide|well} open\", \"{well|fully|} open\"]";
    let normal = words_of(&overlaid(&group("normal", overlap)), Concept::Normal).join(", ");
    assert_eq!(normal, "wide open, well open, fully open, open");
    for (rest, problem) in [
        ("phrases = [\"{wide|well} open\", \"well open\"]", "`well open` is there already (mine.toml:4)"),
        (
            "phrases = [\"{exit|entry} hole\"]",
            "`exit hole` stands for `structure.foramen` already (base.toml:5)",
        ),
    ] {
        let found = problems(&group("normal", rest));
        assert!(found.len() == 1 && found[0].contains(problem), "{found:?}");
    }
    let apart = format!("{0}{0}", group("normal", "phrases = [\"{wide|well} open\"]"));
    assert!(problems(&apart).iter().all(|found| found.contains("open` is there already (mine.toml:4)")));
}

#[test]
fn a_phrase_has_one_meaning_in_each_layer() {
    let cue = Concept::Cue(foramen::model::Status::Absent, foramen::lexicon::Direction::Forward);
    let mut lexicon = overlaid(&group(&cue.to_string(), "phrases = [\"mild\"]"));
    assert_eq!(words_of(&lexicon, cue), ["mild"]);
    assert_eq!(words_of(&lexicon, Concept::Severity(Severity::Mild)), ["mild"]);
    lexicon.overlay("second.toml", "retire = [\"mild\"]").expect("the phrase is there");
    assert!(words_of(&lexicon, cue).is_empty(), "a phrase is retired from all layers");
    assert!(words_of(&lexicon, Concept::Severity(Severity::Mild)).is_empty());
}

#[test]
fn overlays_stack() {
    let mut lexicon = overlaid(&group("normal", "phrases = [\"open\", \"wide\"]"));
    let second = format!("retire = [\"open\"]\n{}", group("normal", "phrases = [\"patent\"]"));
    lexicon.overlay("second.toml", &second).expect("the phrase is there");
    assert_eq!(words_of(&lexicon, Concept::Normal), ["wide", "patent"]);
    let files: Vec<&str> = lexicon.phrases().iter().map(|phrase| lexicon.file(phrase)).collect();
    assert_eq!(files, ["base.toml", "base.toml", "base.toml", "base.toml", "mine.toml", "second.toml"]);
}

#[test]
fn the_vocabulary_holds_the_long_words_of_groups_that_repair() {
    let text = format!(
        "{}{}",
        group(
            "normal",
            "repair = true\nphrases = [\"widely patent\", \"patent\", \"l4-l5 is open\", \"12345678\"]"
        ),
        group("severity.severe", "phrases = [\"tremendous\"]")
    );
    assert_eq!(overlaid(&text).vocabulary(), ["patent", "widely"]);
}

#[test]
fn the_fingerprint_changes_with_what_is_known_and_with_nothing_else() {
    let one = group("normal", "phrases = [\"open\"]");
    let two = group("severity.severe", "phrases = [\"tight\"]");
    let forth = overlaid(&format!("{one}{two}"));
    let mut back = overlaid(&two);
    back.overlay("another.toml", &one).expect("no problems");
    assert_eq!(forth.fingerprint(), back.fingerprint());
    assert_eq!(base().fingerprint(), "aa7cd56793ddfb59");

    let others = [
        group("normal", "phrases = [\"opens\"]"),
        group("structure.foramen", "phrases = [\"open\"]"),
        group("normal", "repair = true\nphrases = [\"opened\"]"),
        group("normal", "phrases = [\"opened\"]"),
        "[[scale]]\nname = \"a\"\nsource = \"t\"\nstructure = \"canal\"\nphrases = [\"a b\"]\ngrades = { a = \"mild\" }".to_owned(),
        "[[scale]]\nname = \"a\"\nsource = \"t\"\nstructure = \"canal\"\nphrases = [\"a b\"]\ngrades = { a = \"none\" }".to_owned(),
        "[[scale]]\nname = \"a\"\nsource = \"t\"\nstructure = \"foramen\"\nphrases = [\"a b\"]\ngrades = { a = \"none\" }".to_owned(),
    ];
    let mut prints: Vec<String> = others.iter().map(|text| overlaid(text).fingerprint()).collect();
    prints.push(base().fingerprint());
    prints.sort();
    let all = prints.len();
    prints.dedup();
    assert_eq!(prints.len(), all);
}

#[test]
fn each_problem_tells_place_fault_and_mend() {
    let in_group = |rest: &str| group("normal", rest);
    let cases: &[(String, &[&str])] = &[
        ("a = [1".into(), &["mine.toml:1:"]),
        ("\u{feff}retired = []".into(), &["1:2: unknown key `retired`; permitted here: group, replace, retire, scale, sets"]),
        (
            in_group("phrase = []"),
            &[
                "1:1: `phrases` is missing; add `phrases = …`",
                "4:1: unknown key `phrase`; permitted here: concept, source, repair, phrases",
            ],
        ),
        (in_group("phrases = [\"ok\"]\nocr = true"), &["5:1: unknown key `ocr`; permitted here: concept, source, repair"]),
        (in_group("phrases = []"), &["4:11: `phrases` is empty; write at least one of `phrases`, or take"]),
        (
            in_group("phrases = [\"ok\", 3]\nrepair = \"yes\""),
            &["4:18: `phrases` must be a list of texts, but is integer", "5:10: `repair` must be true or false, but is string"],
        ),
        ("group = 3".into(), &["1:9: `group` must be blocks headed by double brackets, but is integer"]),
        ("group = [3]".into(), &["1:10: `group` must be blocks headed by double brackets, but is integer"]),
        (
            "[[group]]\nconcept = \"normal\"\nsource = \" \"\nphrases = [\"ok\"]".into(),
            &["3:10: `source` is empty; say where these phrases come from"],
        ),
        (
            "[[group]]\nconcept = \"normal\"\nphrases = [\"ok\"]".into(),
            &["1:1: `source` is missing; add `source = \"where these phrases come from\"`"],
        ),
        (
            group("structure.foremen", "phrases = [\"ok\", \" not ok\"]"),
            &[
                "2:11: unknown concept `structure.foremen`; did you mean `structure.foramen`?",
                "4:18: the phrase ` not ok` starts or ends with a blank; take the blank out",
            ],
        ),
        (group("scale.0", "phrases = [\"ok\"]"), &["2:11: unknown concept `scale.0`; `foramen lexicon list --concepts`"]),
        (
            in_group("phrases = [\"\", \"\u{200b}\", \"two-ét\"]"),
            &[
                "4:12: the phrase `` can never match; write it as notes do once folded",
                "4:16: the phrase `\u{200b}` can never match",
                "4:21: the phrase `two-ét` can never match",
            ],
        ),
        (
            in_group("phrases = [\"open\", \"OPEN\"]"),
            &["4:20: `open` is there already (mine.toml:4); take one of the two out"],
        ),
        (
            group("structure.foramen", "phrases = [\"Exit hole\"]"),
            &["4:12: `exit hole` is there already (base.toml:5)"],
        ),
        (
            in_group("phrases = [\"exit-hole\", \"lee grade\"]"),
            &[
                "4:12: `exit hole` stands for `structure.foramen` already (base.toml:5); take it out here, or first \
                 retire the other: `retire = [\"exit hole\"]`",
                "4:25: `lee grade` stands for `scale.lee` already (base.toml:16)",
            ],
        ),
        (
            "retire = [\"exit holes\", \"quite another\"]".into(),
            &[
                "1:11: there is no phrase `exit holes` to retire; did you mean `exit hole`?",
                "1:25: there is no phrase `quite another` to retire; take it out of `retire`",
            ],
        ),
        (
            "[[scale]]\nname = \"lee\"\nsource = \"t\"\nstructure = \"door\"\nphrases = [\"x\"]\ngrades = { 1 = \"bad\", I = \"mild\", i = \"mild\", 2 = 2 }".into(),
            &[
                "4:13: unknown structure `door`; permitted here: foramen, canal,",
                "6:16: unknown grade `bad`; permitted here: none, mild, mild_to_moderate, moderate,",
                "6:35: `i` is there already (in this scale)",
                "6:51: `grades` must be texts, but is integer",
            ],
        ),
        (
            "[[scale]]\nname = \"lee\"\nsource = \"t\"\nstructure = \"foramen\"\nphrases = [\"x\"]\ngrades = {}".into(),
            &["2:8: there is a scale `lee` already; choose another name"],
        ),
    ];
    assert_problems(cases);
}

#[test]
fn each_problem_of_a_pattern_tells_the_same() {
    let in_group = |rest: &str| group("normal", rest);
    assert_problems(&[
        (
            format!(
                "[sets]\nway = [\"door\"]\n{}",
                in_group("phrases = [\"a {ways}\", \"b {way\", \"c {way}\"]")
            ),
            &[
                "6:12: unknown set `ways`; did you mean `way`?",
                "6:24: a brace in `b {way` is not closed, not opened, or within others; write `{one|another|}`, or",
            ],
        ),
        (
            format!(
                "[sets]\nway = []\ndoor = [\"a{{b}}\", 3]\n{}",
                in_group("phrases = [\"ok\", \"{way} {what ever}\"]")
            ),
            &[
                "2:7: `sets` is empty; write what the set stands for, or take it out",
                "3:1: no phrase names the set `door`; write `{door}` in a phrase, or take the set out",
                "3:9: a brace in `a{b}` is not",
                "3:17: `sets` must be a list of texts, but is integer",
                "7:18: unknown set `what ever`; write it under `[sets]` in this file",
            ],
        ),
        (
            "sets = [\"a\"]".into(),
            &["1:8: `sets` must be a table of lists, but is array; write a table of lists"],
        ),
        (
            in_group("phrases = [\"{|}\", \" {a|b}\"]"),
            &["4:12: the phrase `` can never match", "4:19: the phrase ` {a|b}` starts or ends with a blank"],
        ),
        (
            in_group(&format!("phrases = [\"{}\"]", "{0|1|2|3|4|5|6|7|8|9}".repeat(4))),
            &["stands for 10000 phrases, more than 5000; part it into patterns that hold what is said"],
        ),
    ]);
}

#[test]
fn a_refused_file_changes_nothing() {
    let mut lexicon = base();
    let before = (phrases(&lexicon), lexicon.fingerprint());
    let text = format!("retire = [\"mild\"]\n{}", group("normal", "phrases = [\"open\", \"open\"]"));
    lexicon.overlay("mine.toml", &text).expect_err("a phrase is there twice");
    assert_eq!((phrases(&lexicon), lexicon.fingerprint()), before);
}

#[test]
fn scales_run_out_with_an_error() {
    let block = |i: usize| {
        format!(
            "[[scale]]\nname = \"n{i}\"\nsource = \"t\"\nstructure = \"disc\"\nphrases = [\"p {i}\"]\ngrades = {{ a = \"mild\" }}\n"
        )
    };
    let text: String = (0..255).map(block).collect();
    let found = problems(&text);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("more than 255 scales"), "{found:?}");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(\\[\\[(group|scale|replace)\\]\\]\n|\\[sets\\]\n|[a-z]{1,7} = |\"[ -~é–]{0,9}\"|\\[|\\]|\n|,|[{}]|#|\u{feff}|.){0,40}") {
        let before = base();
        let mut lexicon = before.clone();
        match lexicon.overlay("any.toml", &text) {
            Ok(()) => prop_assert!(lexicon.phrases().iter().all(|p| !p.words.is_empty())),
            Err(errors) => {
                prop_assert!(!errors.problems().is_empty());
                prop_assert!(errors.problems().iter().all(|p| text.get(p.range.clone()).is_some()));
                prop_assert_eq!(lexicon.fingerprint(), before.fingerprint());
            }
        }
    }

    #[test]
    fn what_a_pattern_stands_for_has_no_brace_and_is_folded(
        pattern in "([a-cA-Cé–/. -]{0,3}(\\{(way|([a-cA-C –]{0,2}\\|){1,3}[a-c ]{0,2})\\})?){1,4}|[{}a|]{0,6}",
        members in proptest::collection::vec("[A-Ca-c– {}]{0,4}", 1..4),
    ) {
        let mut lexicon = Lexicon::default();
        let sets = format!("[sets]\nway = {members:?}\n");
        let phrases = group("normal", &format!("phrases = [\"{pattern}\", \"known {{way}}\"]"));
        if lexicon.overlay("any.toml", &(sets + &phrases)).is_ok() {
            for words in lexicon.phrases().iter().map(|phrase| phrase.words.as_str()) {
                prop_assert!(!words.contains(['{', '}']) && !words.is_empty(), "{words:?} of {pattern:?}");
                let folded = foramen::text::Folded::new(words);
                prop_assert_eq!(folded.text(), words);
                prop_assert_eq!(words, words.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }

    #[test]
    fn accepted_phrases_are_found_in_their_own_fold(phrase in "[A-Za-z0-9éß–\\-/>. ]{1,16}") {
        let mut lexicon = Lexicon::default();
        let text = group("normal", &format!("phrases = [\"{phrase}\"]"));
        if lexicon.overlay("any.toml", &text).is_ok() {
            let words = &lexicon.phrases()[0].words;
            let note = format!("it is {phrase} here");
            let folded = foramen::text::Folded::new(&note);
            prop_assert!(folded.text().contains(words.as_str()), "{words:?} in {:?}", folded.text());
        }
    }
}
