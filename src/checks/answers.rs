//! How answers are worded when they are put into a note, as data (`lexicons/rules/answers.toml`).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::rules::fill;
use crate::model::Element;

/// Where in the note an answer's words go, by what they are said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Before the noun that makes the fact, and the side and structure that stand before it.
    BeforePhrase,
    /// Before the structure, or the noun where it holds the structure.
    BeforeStructure,
    /// Before the verb or participle that makes the fact.
    BeforeVerb,
    /// After it.
    AfterVerb,
    /// After noun or verb, and the structure.
    AfterPhrase,
    /// After the structure.
    AfterStructure,
    /// Before the side of a noun.
    BeforeSide,
    /// After the finding's side.
    AfterSide,
    /// After its level.
    AfterLevel,
    /// In a sentence of its own, after the finding's.
    AfterSentence,
    /// In a sentence of its own, at the end of the assessment that holds the finding or follows it.
    Assessment,
    /// In a sentence of its own, at the end of the finding's paragraph.
    AfterParagraph,
    /// In a sentence of its own, at the end of the account of the procedure.
    Account,
    /// In a sentence of its own, at the end of the note.
    End,
}

/// One way to word the answers for an element.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// The element.
    pub element: Element,
    /// Where the words go.
    pub place: Place,
    words: Vec<String>,
}

/// The ways to word answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerWords {
    way: Vec<Way>,
    form: BTreeMap<String, BTreeMap<String, String>>,
}

impl AnswerWords {
    /// The ways to word an element, the most natural first.
    pub fn ways(&self, element: Element) -> impl Iterator<Item = &Way> {
        self.way.iter().filter(move |way| way.element == element)
    }

    /// The words of a way for an answer, beside what is known of the finding by name; `None` where the answer has no
    /// such form.
    pub fn words(&self, way: &Way, answer: &str, known: &[(&str, &str)]) -> Option<String> {
        let forms = self.form.get(answer).into_iter().flatten().map(|(name, words)| (&**name, &**words));
        let values: Vec<(&str, &str)> =
            forms.chain([("answer", answer)]).chain(known.iter().copied()).collect();
        let is_known =
            |piece: &&String| match piece.split_once('{').and_then(|(_, rest)| rest.split_once('}')) {
                Some((name, _)) => values.iter().any(|(known, _)| *known == name),
                None => true,
            };
        let words: String = way.words.iter().filter(is_known).map(|piece| fill(piece, &values)).collect();
        (!words.is_empty()).then_some(words)
    }
}
