//! What a gap or a query is about.

use super::{Audit, Evidence, Finding, Level, Procedure, Side};

/// A fact of an audit that something is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact<'a> {
    /// A finding.
    Finding(&'a Finding),
    /// A procedure.
    Procedure(&'a Procedure),
    /// The note as a whole.
    Note,
}

impl Audit {
    /// The finding or procedure at an index that a gap or a query gives; with neither, the note as a whole.
    ///
    /// ```
    /// # use foramen::{Engine, lexicon::Lexicon, model::{Context, Fact}};
    /// # let engine = Engine::new(Lexicon::embedded())?;
    /// let audit = engine.audit("IMPRESSION: Foraminal stenosis at L5-S1.", &Context::default());
    /// let gap = &audit.gaps[0];
    /// assert_eq!(audit.fact(gap.finding, gap.procedure), Fact::Finding(&audit.findings[0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fact(&self, finding: Option<usize>, procedure: Option<usize>) -> Fact<'_> {
        let finding = finding.and_then(|at| self.findings.get(at)).map(Fact::Finding);
        let procedure = procedure.and_then(|at| self.procedures.get(at)).map(Fact::Procedure);
        finding.or(procedure).unwrap_or(Fact::Note)
    }
}

impl<'a> Fact<'a> {
    /// The finding, where it is one.
    pub const fn finding(self) -> Option<&'a Finding> {
        if let Self::Finding(finding) = self { Some(finding) } else { None }
    }

    /// The procedure, where it is one.
    pub const fn procedure(self) -> Option<&'a Procedure> {
        if let Self::Procedure(procedure) = self { Some(procedure) } else { None }
    }

    /// Where it is.
    pub const fn level(self) -> Option<Level> {
        match self {
            Self::Finding(finding) => finding.level,
            Self::Procedure(procedure) => procedure.level,
            Self::Note => None,
        }
    }

    /// On which side it is.
    pub const fn side(self) -> Option<Side> {
        match self {
            Self::Finding(finding) => finding.side,
            Self::Procedure(procedure) => procedure.side,
            Self::Note => None,
        }
    }

    /// The words that prove it; none for the note as a whole.
    pub fn evidence(self) -> &'a [Evidence] {
        match self {
            Self::Finding(finding) => &finding.evidence,
            Self::Procedure(procedure) => &procedure.evidence,
            Self::Note => &[],
        }
    }
}
