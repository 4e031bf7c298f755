//! A draft that is audited as it is written: edits go in, and what the note now states, what it lacks and what the
//! edit has changed come out.
//!
//! ```
//! use std::sync::Arc;
//! use foramen::Engine;
//! use foramen::lexicon::Lexicon;
//! use foramen::model::{Context, Element};
//! use foramen::session::Session;
//!
//! let engine = Arc::new(Engine::new(Lexicon::embedded())?);
//! let mut session = Session::new(engine, Context::default());
//! session.push("IMPRESSION: Left foraminal stenosis at L4-L5.")?;
//! let update = session.audit();
//! assert_eq!(update.queries.len(), 1);
//!
//! // An answer becomes the words that a clinician would have typed; whoever owns the text puts them in.
//! let edit = session.apply(0, Element::Severity, "moderate")?.expect("words");
//! session.edit(edit.range, &edit.text)?;
//! assert_eq!(session.text(), "IMPRESSION: Moderate left foraminal stenosis at L4-L5.");
//! let update = session.audit();
//! assert!(update.audit.gaps.is_empty());
//! assert_eq!(update.changes.closed[0].rule, "NF003");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod changes;
mod error;
mod facts;
mod left_open;
mod places;

use std::ops::Range;
use std::sync::Arc;

use self::changes::changes;
use self::left_open::Answers;
use crate::Engine;
use crate::checks::{Query, queries_for};
use crate::model::{Audit, Changes, Context, LeftOpen, NoteType};
use crate::pipeline::Live;
use crate::text::Moved;

pub use error::{ApplyError, EditError};
pub use places::Edit;

/// A draft, and what is known of it.
#[derive(Debug)]
pub struct Session {
    engine: Arc<Engine>,
    context: Context,
    text: String,
    /// The analysis of the draft as it was last looked at, and what was edited since.
    live: Option<Live>,
    edited: Option<Moved>,
    /// Whether text or answers have changed since they were last looked at.
    is_stale: bool,
    audit: Audit,
    queries: Vec<Query>,
    changes: Changes,
    answers: Answers,
    left_open: Vec<LeftOpen>,
}

/// What is so now, and what has changed since the update before.
#[derive(Clone, Copy, Debug)]
pub struct Update<'s> {
    /// The draft.
    pub text: &'s str,
    /// The audit of the draft.
    pub audit: &'s Audit,
    /// What to ask, without what was left open.
    pub queries: &'s [Query],
    /// What has changed.
    pub changes: &'s Changes,
    /// The gaps that are not asked again, each with the answer that left it open.
    pub left_open: &'s [LeftOpen],
}

impl Session {
    /// A session with an empty draft.
    pub fn new(engine: Arc<Engine>, context: Context) -> Self {
        Self {
            engine,
            context,
            text: String::new(),
            live: None,
            edited: None,
            is_stale: true,
            audit: Audit::empty(NoteType::Other),
            queries: Vec::new(),
            changes: Changes::default(),
            answers: Answers::default(),
            left_open: Vec::new(),
        }
    }

    /// The draft.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is known of it from outside.
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// The engine that audits it.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Puts `text` in place of a range of the draft, in bytes.
    ///
    /// # Errors
    /// When the range does not lie in the draft, cuts a character in two, or the draft would grow beyond 4 GiB; the
    /// draft is then as it was.
    pub fn edit(&mut self, range: Range<usize>, text: &str) -> Result<(), EditError> {
        if range.start > range.end || range.end > self.text.len() {
            return Err(EditError::Outside { start: range.start, end: range.end, length: self.text.len() });
        }
        if let Some(at) = [range.start, range.end].into_iter().find(|&at| !self.text.is_char_boundary(at)) {
            return Err(EditError::Boundary { at });
        }
        let length = self.text.len() - range.len() + text.len();
        if u32::try_from(length).is_err() {
            return Err(EditError::TooLong { length });
        }
        self.answers.shift(&range, text.len());
        let edit = Moved {
            start: range.start as u32,
            old_end: range.end as u32,
            new_end: (range.start + text.len()) as u32,
        };
        self.edited = Some(self.edited.map_or(edit, |before| before.then(edit)));
        self.text.replace_range(range, text);
        self.is_stale = true;
        Ok(())
    }

    /// Puts `text` at the end of the draft.
    ///
    /// # Errors
    /// When the draft would grow beyond 4 GiB.
    pub fn push(&mut self, text: &str) -> Result<(), EditError> {
        self.edit(self.text.len()..self.text.len(), text)
    }

    /// Audits the draft as it stands. What has changed is told once: a second call without an edit between tells of no
    /// change.
    pub fn audit(&mut self) -> Update<'_> {
        self.changes = Changes::default();
        if self.is_stale {
            self.read();
            self.left_open = self.answers.left_open(&self.audit);
            let is_asked = |gap: usize| !self.left_open.iter().any(|left| left.gap == gap);
            self.queries = queries_for(self.engine.rules(), &self.audit, &self.text, is_asked);
            self.is_stale = false;
        }
        Update {
            text: &self.text,
            audit: &self.audit,
            queries: &self.queries,
            changes: &self.changes,
            left_open: &self.left_open,
        }
    }

    /// Audits the draft, in which only what was edited since the last audit is read again, and tells what has changed.
    fn read(&mut self) {
        let edited = self.edited.take().unwrap_or_default();
        let (live, moved) = match self.live.take() {
            Some(live) => live.again(&self.engine, &self.text, edited),
            None => (Live::new(&self.engine, &self.text), None),
        };
        let live = self.live.insert(live);
        if let Some(edit) = moved {
            self.audit.places_mut().for_each(|place| *place = edit.of_note(*place));
        } else {
            let audit = live.audit(&self.engine, &self.text, &self.context);
            self.changes = changes(&self.audit, &audit);
            self.audit = audit;
        }
    }

    /// Answers a query of the last update: `query` is its place among [`Update::queries`], `option` one of those
    /// that it offers for the element.
    ///
    /// Gives the words that a clinician would have typed, and where: the draft is left as it is, for an editor may own
    /// it, and [`Session::edit`] puts them in. `None` where the option leaves the gap open ("other", "unable to
    /// determine"): that is kept, and the gap is not asked again in this session.
    ///
    /// # Errors
    /// When there is no such query, element or option, when the draft was edited since the last update, when nothing
    /// is known of how the answer is worded, or when no place was found at which the words close this gap and change
    /// nothing else.
    pub fn apply(
        &mut self,
        query: usize,
        element: crate::model::Element,
        option: &str,
    ) -> Result<Option<Edit>, ApplyError> {
        if self.is_stale {
            return Err(ApplyError::Stale);
        }
        let asked = self.queries.get(query).ok_or(ApplyError::NoQuery { query, of: self.queries.len() })?;
        let choice = asked.choices.iter().find(|choice| choice.element == element);
        let choice = choice.ok_or(ApplyError::NoElement { element })?;
        if !choice.options.iter().any(|known| known == option) {
            return Err(ApplyError::NoOption { element });
        }
        let gaps = asked.gaps.iter().copied();
        let answered = gaps.filter(|&gap| self.audit.gaps.get(gap).is_some_and(|gap| gap.element == element));
        if self.engine.rules().open_answers().iter().any(|open| open == option) {
            for gap in answered {
                self.answers.leave_open(&self.audit, gap, option);
            }
            self.is_stale = true;
            return Ok(None);
        }
        let gap = answered.min().ok_or(ApplyError::NoElement { element })?;
        let draft = answer::Draft {
            engine: &self.engine,
            context: &self.context,
            text: &self.text,
            audit: &self.audit,
        };
        draft.answer(gap, option).map(Some)
    }
}
