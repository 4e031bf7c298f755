//! A conversation: what is answered to each message.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::Serialize;
use tokio::task::block_in_place;
use utoipa::ToSchema;

use super::message::{Apply, Edit, Message, Open};
use crate::report::{AuditJson, UpdateJson};
use crate::server::app::App;
use crate::server::audit::AT_ONCE;
use crate::server::note::{OffsetUnit, UNNAMED};
use crate::server::problem::{Kind, Problem};
use crate::session::{ApplyError, Session};
use crate::text::{Offsets, Unit};

/// A draft, once there is one, and what its client counts in.
pub(super) struct Talk {
    app: Arc<App>,
    open: Option<(Session, OffsetUnit)>,
}

/// An answer that is an update.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionUpdate)]
pub(in crate::server) struct UpdateMessage<'a> {
    /// `update`, or `recorded` after an answer that leaves its query open
    #[schema(pattern = "^(update|recorded)$")]
    r#type: &'static str,
    #[serde(flatten)]
    update: UpdateJson<'a>,
}

/// An answer that is an edit to be made.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionWords)]
pub(in crate::server) struct EditMessage<'a> {
    /// `edit`
    #[schema(pattern = "^edit$")]
    r#type: &'static str,
    start: u32,
    end: u32,
    text: &'a str,
}

/// An answer that is a problem: the `type` of RFC 9457 is its `kind`.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionProblem)]
pub(in crate::server) struct ProblemMessage<'a> {
    /// `problem`
    #[schema(pattern = "^problem$")]
    r#type: &'static str,
    kind: &'a str,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

impl Talk {
    pub(super) const fn new(app: Arc<App>) -> Self {
        Self { app, open: None }
    }

    /// The answer to a message.
    pub(super) fn answer(&mut self, message: &[u8]) -> String {
        let length = message.len() + self.open.as_ref().map_or(0, |(session, _)| session.text().len());
        // Whoever answers other requests here goes to another thread for as long as a long draft takes.
        let done = if length <= AT_ONCE { self.hear(message) } else { block_in_place(|| self.hear(message)) };
        done.unwrap_or_else(|fault| problem(&fault))
    }

    fn hear(&mut self, message: &[u8]) -> Result<String, Problem> {
        let message = Message::read(message)?;
        // A draft on which the engine fails is given up.
        catch_unwind(AssertUnwindSafe(|| self.follow(message))).unwrap_or_else(|_| {
            self.open = None;
            Err(Problem::new(Kind::Internal)
                .with("the engine failed on this draft: please report it, and open it anew"))
        })
    }

    fn follow(&mut self, message: Message<'_>) -> Result<String, Problem> {
        match message {
            Message::Open(open) => self.open(&open)?,
            Message::Edit(edit) => self.edit(&edit)?,
            Message::Push(push) => {
                let end = self.session()?.0.text().len();
                self.replace(end..end, &push.text)?;
            }
            Message::Apply(apply) => return self.apply(&apply),
        }
        self.update("update")
    }

    fn session(&mut self) -> Result<&mut (Session, OffsetUnit), Problem> {
        self.open.as_mut().ok_or_else(|| Problem::new(Kind::Invalid).with("send `open` first"))
    }

    fn open(&mut self, open: &Open<'_>) -> Result<(), Problem> {
        let context = open.context.context(&self.app)?;
        self.open = Some((Session::new(Arc::clone(&self.app.engine), context), open.offsets));
        self.replace(0..0, &open.text)
    }

    fn edit(&mut self, edit: &Edit<'_>) -> Result<(), Problem> {
        let (session, unit) = self.session()?;
        let bytes = |offset| Unit::from(*unit).byte(session.text(), offset);
        let range = bytes(edit.start).zip(bytes(edit.end)).filter(|(start, end)| start <= end);
        let (start, end) = range.ok_or_else(|| {
            Problem::new(Kind::Invalid)
                .with("`start` and `end` must lie in the draft, in order, between characters")
        })?;
        self.replace(start..end, &edit.text)
    }

    /// Puts text in place of bytes of the draft.
    fn replace(&mut self, range: std::ops::Range<usize>, text: &str) -> Result<(), Problem> {
        let most = self.app.limits.note;
        let session = &mut self.session()?.0;
        if session.text().len() - range.len() + text.len() > most {
            return Err(Problem::new(Kind::TooLarge).with(format!("a note may have {most} bytes")));
        }
        session.edit(range, text).map_err(|error| Problem::new(Kind::Invalid).with(error.to_string()))
    }

    fn apply(&mut self, apply: &Apply<'_>) -> Result<String, Problem> {
        let (session, unit) = self.session()?;
        let unknown = || {
            Problem::new(Kind::Invalid)
                .with("`query` must be the id of a query of the last update, such as q1")
        };
        let number = apply.query.strip_prefix('q').and_then(|number| number.parse::<usize>().ok());
        let query = number.and_then(|number| number.checked_sub(1)).ok_or_else(unknown)?;
        let edit = session.apply(query, apply.element, &apply.option).map_err(|error| match error {
            // Clients know queries by their ids, and not by what they are counted from.
            ApplyError::NoQuery { .. } => unknown(),
            other => Problem::new(Kind::Invalid).with(other.to_string()),
        })?;
        let Some(edit) = edit else { return self.update("recorded") };
        let offsets = Offsets::new(session.text(), (*unit).into());
        let (start, end) = (offsets.of(edit.range.start as u32), offsets.of(edit.range.end as u32));
        Ok(json(&EditMessage { r#type: "edit", start, end, text: &edit.text }))
    }

    fn update(&mut self, name: &'static str) -> Result<String, Problem> {
        let app = Arc::clone(&self.app);
        let (session, unit) = self.session()?;
        let update = session.audit();
        app.metrics.audited(1, update.text.len() as u64);
        let offsets = Offsets::new(update.text, (*unit).into());
        let audit = AuditJson {
            rules: app.engine.rules(),
            note_id: UNNAMED,
            note: update.text,
            audit: update.audit,
            text: true,
            offsets: Some(&offsets),
        };
        let update = UpdateJson {
            audit,
            queries: update.queries,
            changes: update.changes,
            left_open: update.left_open,
        };
        Ok(json(&UpdateMessage { r#type: name, update }))
    }
}

/// A problem as a message.
pub(super) fn problem(problem: &Problem) -> String {
    let told = problem.json();
    json(&ProblemMessage {
        r#type: "problem",
        kind: &told.r#type,
        title: told.title,
        status: told.status,
        detail: told.detail,
    })
}

/// Writing to memory cannot fail.
fn json(message: &impl Serialize) -> String {
    serde_json::to_string(message).unwrap_or_default()
}
