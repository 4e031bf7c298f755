//! A session is at every moment what a fresh audit of its draft is.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

mod corpora;

use std::sync::{Arc, LazyLock};

use corpora::corpora;
use foramen::Engine;
use foramen::checks::queries;
use foramen::lexicon::Lexicon;
use foramen::model::Context;
use foramen::report::{AuditJson, UpdateJson};
use foramen::session::Session;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

static ENGINE: LazyLock<Arc<Engine>> =
    LazyLock::new(|| Arc::new(Engine::new(Lexicon::try_embedded().unwrap()).unwrap()));

/// What is typed and pasted: parts of words, words of every layer, line ends, headings, tables, misspellings.
const PIECES: &[&str] = &[
    "a",
    "e",
    "s",
    "L",
    "I",
    "1",
    "4",
    " ",
    "  ",
    ".",
    ". ",
    ",",
    ", ",
    ":",
    ";",
    "-",
    "\n",
    "\n\n",
    "\r\n",
    "|",
    "(",
    ")",
    "m",
    "ild",
    "mo",
    "derate ",
    "severe ",
    "left ",
    "right ",
    "bilateral ",
    "on the left",
    "foraminal ",
    "foramina",
    "stenosis",
    "narrowing ",
    "narrowed ",
    "no ",
    "without ",
    "history of ",
    "possible ",
    "mild to moderate ",
    "L4-5 ",
    "L4-L5: ",
    "L5-S1",
    "L3-L4, L4-L5 and L5-S1 ",
    "C5-6",
    "at this level ",
    "both levels",
    "L5 root ",
    "l4-ls ",
    "disc bulge ",
    "radiculopathy",
    "leg pain ",
    "consistent with ",
    "due to ",
    "MRI ",
    "forarninal ",
    "cana1 ",
    "thercal ",
    "steno",
    "sis ",
    "IMPRESSION: ",
    "\nFINDINGS:\n",
    "\nPAST MEDICAL HISTORY: ",
    "\nPROCEDURE: ",
    "\nPLAN: ",
    "\nADDENDUM: ",
    "transforaminal epidural steroid injection ",
    "fluoroscopic guidance ",
    "dexamethasone 10 mg ",
    "80% relief for 6 months ",
    "physical therapy ",
    "NRS 7/10 ",
    "64483 ",
    "M54.16 ",
    "DATE OF SERVICE: 03/03/2025\n",
    "| level | foramen |\n|---|---|\n| L4-5 | mild left |\n",
    "| L5-S1 | severe |\n",
    "1. ",
    "\n2) ",
    "\n- ",
    "Grade 2 ",
    "Lee grade 3 ",
    "0 none / 1 mild / 2 moderate / 3 severe\n",
    "foramen R 2, L 3 ",
    "correction ",
    "scratch that ",
    "foramen: ignore NF003 known\n",
    "é",
    "ß",
    "µ",
    "–",
    "—",
    "“",
    "’",
    "\u{a0}",
    "\u{200b}",
    "ﬁ",
    "Ｌ４",
    "İ",
    "漢",
    "🦴",
    "period ",
    "new paragraph ",
    "the ",
    "with ",
    "and ",
    "of ",
    "is ",
    "to ",
    "isn't ",
    "two ",
    "weeks ",
    "~",
    "/",
    "//",
    "moder-\nately ",
    "Electronically signed by",
    "CLINICAL HISTORY: ",
    "foramen ",
    "spine ",
    "canal ",
    "\t",
];

#[derive(Clone, Debug)]
enum Step {
    /// Words put in at a place.
    Insert(Index, &'static str),
    /// So many characters taken out from a place on.
    Delete(Index, usize),
    /// Words in place of so many characters.
    Replace(Index, usize, &'static str),
    /// Letters typed one after the other.
    Type(Index, &'static str),
    /// A stretch moved to another place.
    Move(Index, usize, Index),
    Push(&'static str),
    Front(&'static str),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let at = any::<Index>;
    let piece = || select(PIECES);
    prop_oneof![
        6 => (at(), piece()).prop_map(|(at, words)| Step::Insert(at, words)),
        5 => (at(), 1..12_usize).prop_map(|(at, count)| Step::Delete(at, count)),
        1 => (at(), 12..400_usize).prop_map(|(at, count)| Step::Delete(at, count)),
        3 => (at(), 0..30_usize, piece()).prop_map(|(at, count, words)| Step::Replace(at, count, words)),
        2 => (at(), piece()).prop_map(|(at, words)| Step::Type(at, words)),
        1 => (at(), 1..200_usize, at()).prop_map(|(from, count, to)| Step::Move(from, count, to)),
        1 => piece().prop_map(Step::Push),
        1 => piece().prop_map(Step::Front),
        1 => Just(Step::Clear).prop_filter("seldom", |_| true),
    ]
}

/// The place of a character of the draft, its end among them.
fn place(session: &Session, at: Index) -> usize {
    let text = session.text();
    text.floor_char_boundary(at.index(text.len() + 1))
}

fn after(session: &Session, at: usize, count: usize) -> usize {
    session.text()[at..].char_indices().nth(count).map_or(session.text().len(), |(index, _)| at + index)
}

fn take(session: &mut Session, step: &Step) {
    match *step {
        Step::Insert(at, words) => {
            let at = place(session, at);
            session.edit(at..at, words).unwrap();
        }
        Step::Delete(at, count) => {
            let at = place(session, at);
            session.edit(at..after(session, at, count), "").unwrap();
        }
        Step::Replace(at, count, words) => {
            let at = place(session, at);
            session.edit(at..after(session, at, count), words).unwrap();
        }
        Step::Type(at, words) => {
            let mut at = place(session, at);
            for letter in words.chars() {
                session.edit(at..at, letter.encode_utf8(&mut [0; 4])).unwrap();
                at += letter.len_utf8();
                check(session);
            }
        }
        Step::Move(from, count, to) => {
            let from = place(session, from);
            let end = after(session, from, count);
            let words = session.text()[from..end].to_owned();
            session.edit(from..end, "").unwrap();
            let to = place(session, to);
            session.edit(to..to, &words).unwrap();
        }
        Step::Push(words) => session.push(words).unwrap(),
        Step::Front(words) => session.edit(0..0, words).unwrap(),
        Step::Clear => session.edit(0..session.text().len(), "").unwrap(),
    }
}

/// Audit, queries and JSON of the session are those of a fresh audit.
fn check(session: &mut Session) {
    let text = session.text().to_owned();
    let context = session.context().clone();
    let fresh = ENGINE.audit(&text, &context);
    let update = session.audit();
    assert_eq!(*update.audit, fresh, "in {text:?}");
    let asked = queries(ENGINE.rules(), &fresh, &text);
    assert_eq!(update.queries, asked);
    let json = |audit| {
        let rules = ENGINE.rules();
        AuditJson { rules, note_id: "n", note: &text, audit, text: true, offsets: None }
    };
    let changes = update.changes;
    let row = |audit, queries| {
        let row = UpdateJson { audit: json(audit), queries, changes, left_open: &[] };
        serde_json::to_string(&row).unwrap()
    };
    assert_eq!(row(update.audit, update.queries), row(&fresh, &asked));
}

fn session_of(context: &Context, text: &str) -> Session {
    let mut session = Session::new(Arc::clone(&ENGINE), context.clone());
    session.push(text).unwrap();
    check(&mut session);
    session
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn a_session_equals_a_fresh_audit_after_any_edits(note in any::<Index>(), steps in vec(step(), 1..24)) {
        let notes = corpora();
        let (_, text, context) = note.get(&notes);
        let mut session = session_of(context, text);
        for step in &steps {
            take(&mut session, step);
            check(&mut session);
        }
    }

    #[test]
    fn edits_between_two_looks_count_as_one(note in any::<Index>(), steps in vec(step(), 2..6)) {
        let notes = corpora();
        let (_, text, context) = note.get(&notes);
        let mut session = session_of(context, text);
        for step in steps.iter().filter(|step| !matches!(step, Step::Type(..))) {
            take(&mut session, step);
        }
        check(&mut session);
    }
}

/// No reading asks for the letters of a word that the lexicon does not have, nor how long it is.
#[test]
fn a_letter_in_the_mark_that_sets_aside_takes_it_back() {
    let text = "L4-5: Left foraminal stenosis.\nforamen: ignore NF003 graded before\n";
    let mut session = session_of(&Context::default(), text);
    let at = text.find("nore").unwrap();
    for words in ["x", ""] {
        session.edit(at..at + 1 - words.len(), words).unwrap();
        check(&mut session);
    }
}

#[test]
fn letters_inside_words_change_nothing_but_places() {
    for (_, text, context) in &corpora() {
        let mut session = session_of(context, text);
        // Another word of each note, so that words of all kinds of sentences have their turn.
        let words: Vec<_> = text.match_indices(' ').map(|(at, _)| at + 1).collect();
        for &word in words.iter().skip(text.len() % 61).step_by(61) {
            let at = text.ceil_char_boundary(word + 2);
            for letters in ["qx", "q", "zqzqzqzqzqzq"] {
                session.edit(at..at, letters).unwrap();
                check(&mut session);
            }
            session.edit(at..at + 15, "").unwrap();
            check(&mut session);
        }
    }
}

#[test]
fn a_note_typed_from_the_start_is_right_at_every_letter() {
    for (_, text, context) in corpora().iter().filter(|(_, text, _)| text.len() < 700).take(3) {
        let mut session = session_of(context, "");
        for letter in text.chars() {
            session.push(letter.encode_utf8(&mut [0; 4])).unwrap();
            check(&mut session);
        }
    }
}
