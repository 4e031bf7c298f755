//! What a phrase tells of procedures: its name, the words that complete a name, and the words that tell whether it
//! was done.
//!
//! `right L4-5 interlaminar injection was offered` is an approach, a bare injection and a status: together an
//! interlaminar epidural that is considered.

use std::fmt;

use super::Direction;
use crate::model::{ProcedureFamily, ProcedureStatus};

/// Words on procedures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// A procedure by a name that is said of nothing else: "laminectomy".
    Family(ProcedureFamily),
    /// A name that is also said of other parts of the body: "fusion". It counts where the spine is spoken of.
    Spinal(ProcedureFamily),
    /// One name for two procedures: "ACDF".
    Both(ProcedureFamily, ProcedureFamily),
    /// What a procedure left behind, which tells that it was done before: "laminectomy defect".
    Trace(ProcedureFamily),
    /// The way of a needle, which makes an epidural one of its family: "transforaminal".
    Approach(ProcedureFamily),
    /// A word that names a procedure in a list of treatments alone: "caudal".
    Bare(ProcedureFamily),
    /// The place of a needle, which gives a bare injection its family: "sacroiliac joint".
    Target(ProcedureFamily),
    /// An injection or block, of what is told beside it.
    Injection,
    /// Removal of a disc from the front: what decompresses there is part of it.
    Anterior,
    /// A step of an operation, no procedure of its own: "facetectomy".
    Step,
    /// Graft, cage or plate: after an anterior discectomy they make a fusion.
    Construct,
    /// Of another part of the body, or another meaning of such a name: "ankle", "congenital fusion".
    Elsewhere,
    /// Tells of a birth, whose epidural is none of the spine: "rupture of membranes".
    Birth,
    /// Tells whether and when; what it tells of stands on the side that the direction names.
    Status(ProcedureStatus, Direction),
    /// What a form or a call is titled by, and when what it names is done: "order form", "recovery room".
    Setting(ProcedureStatus),
    /// Opens the line that names a procedure: "procedure".
    Title,
    /// Opens a line that names levels or sides: "levels treated".
    Listing,
    /// Tells that what follows was done, in the course of a stay in the stay itself: "underwent".
    Undergone,
    /// Dates what follows to before, outside the report of an operation: "after".
    After,
    /// A word of time, which may follow a name at once: "today".
    Time,
    /// Points to the place of what was done: "the same nerves".
    Same,
    /// That what a report is titled by was not done: "procedure aborted".
    Cancelled,
    /// Takes back the plan that was told before it: "but postponed it".
    Dropped,
    /// Leads to where levels are counted from: "counting down from".
    Landmark,
    /// A further one of what was done: "a second block".
    Again,
    /// The side that nothing was done on yet: "the other side".
    OtherSide,
    /// Says that a statement of the note is wrong, and another holds: "should read".
    Corrected,
    /// Says that nothing was done at the level before it after all: "could not be entered".
    LeftOut,
    /// Did not help, as the end of a condition: "if the epidural wears off".
    Fails,
    /// Makes what is said beside it a condition: "if".
    If,
    /// What a procedure is said to be, which counts where it is denied or doubted: "needed".
    Judged,
    /// Says what a policy or guideline asks for, and nothing of the patient: "requires".
    Policy,
    /// Leads to what is only explained: "risks of".
    Talk,
    /// Leads to what a visit comes after, which a plan only speaks of: "follow up after".
    FollowUp,
    /// The patient wants what was explained: "wishes to proceed".
    Agreed,
}

/// Names that stand for two procedures.
const BOTH: &[(ProcedureFamily, ProcedureFamily)] = &[
    (ProcedureFamily::Discectomy, ProcedureFamily::Fusion),
    (ProcedureFamily::Laminectomy, ProcedureFamily::Discectomy),
    (ProcedureFamily::Laminectomy, ProcedureFamily::Fusion),
];

impl Act {
    /// Whether it names a procedure or a part of its name; other words tell whether and when.
    pub const fn is_name(self) -> bool {
        matches!(
            self,
            Self::Family(_)
                | Self::Spinal(_)
                | Self::Both(..)
                | Self::Trace(_)
                | Self::Approach(_)
                | Self::Bare(_)
                | Self::Target(_)
                | Self::Injection
        )
    }

    /// Every value.
    pub fn all() -> impl Iterator<Item = Self> {
        let families = ProcedureFamily::ALL.iter().flat_map(|&family| {
            [Self::Family, Self::Spinal, Self::Trace, Self::Approach, Self::Bare, Self::Target]
                .map(|act| act(family))
        });
        let statuses = ProcedureStatus::ALL
            .iter()
            .flat_map(|&status| Direction::ALL.iter().map(move |&direction| Self::Status(status, direction)));
        let settings = ProcedureStatus::ALL.iter().map(|&status| Self::Setting(status));
        families.chain(BOTH.iter().map(|&(a, b)| Self::Both(a, b))).chain(statuses).chain(settings).chain([
            Self::Injection,
            Self::Anterior,
            Self::Step,
            Self::Construct,
            Self::Elsewhere,
            Self::Birth,
            Self::Title,
            Self::Listing,
            Self::Undergone,
            Self::After,
            Self::Time,
            Self::Same,
            Self::Again,
            Self::OtherSide,
            Self::Corrected,
            Self::LeftOut,
            Self::Cancelled,
            Self::Dropped,
            Self::Landmark,
            Self::Fails,
            Self::If,
            Self::Judged,
            Self::Policy,
            Self::Talk,
            Self::FollowUp,
            Self::Agreed,
        ])
    }

    /// Whether it tells that something was done before.
    pub const fn is_past(self) -> bool {
        matches!(self, Self::Undergone | Self::Status(ProcedureStatus::Historical, _))
    }

    /// Whether a procedure can come of it: the others only tell more of one.
    pub const fn names(self) -> bool {
        matches!(
            self,
            Self::Family(_)
                | Self::Spinal(_)
                | Self::Both(..)
                | Self::Trace(_)
                | Self::Bare(_)
                | Self::Approach(_)
                | Self::Injection
                | Self::Anterior
        )
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Family(family) => write!(f, "procedure.{family}"),
            Self::Spinal(family) => write!(f, "procedure.{family}.spinal"),
            Self::Both(one, other) => write!(f, "procedure.{one}.{other}"),
            Self::Trace(family) => write!(f, "trace.{family}"),
            Self::Approach(family) => write!(f, "approach.{family}"),
            Self::Bare(family) => write!(f, "bare.{family}"),
            Self::Target(family) => write!(f, "target.{family}"),
            Self::Injection => f.write_str("act.injection"),
            Self::Anterior => f.write_str("procedure.discectomy.anterior"),
            Self::Step => f.write_str("act.step"),
            Self::Construct => f.write_str("act.construct"),
            Self::Elsewhere => f.write_str("act.elsewhere"),
            Self::Birth => f.write_str("act.birth"),
            Self::Status(status, direction) => write!(f, "act.{status}.{}", direction.name()),
            Self::Setting(status) => write!(f, "act.setting.{status}"),
            Self::Title => f.write_str("act.title"),
            Self::Listing => f.write_str("act.listing"),
            Self::Undergone => f.write_str("act.undergone"),
            Self::After => f.write_str("act.after"),
            Self::Time => f.write_str("act.time"),
            Self::Same => f.write_str("act.same"),
            Self::Cancelled => f.write_str("act.cancelled"),
            Self::Dropped => f.write_str("act.dropped"),
            Self::Landmark => f.write_str("act.landmark"),
            Self::Again => f.write_str("act.again"),
            Self::OtherSide => f.write_str("act.other_side"),
            Self::Corrected => f.write_str("act.corrected"),
            Self::LeftOut => f.write_str("act.left_out"),
            Self::Fails => f.write_str("act.fails"),
            Self::If => f.write_str("act.if"),
            Self::Judged => f.write_str("act.judged"),
            Self::Policy => f.write_str("act.policy"),
            Self::Talk => f.write_str("act.talk"),
            Self::FollowUp => f.write_str("act.follow_up"),
            Self::Agreed => f.write_str("act.agreed"),
        }
    }
}
