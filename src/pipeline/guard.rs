//! A defect of the engine ends the work on one note, and no more.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Engine;

/// The engine failed on a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine failed on this note, which is a defect of Foramen: please report it")]
pub struct Defect;

impl Engine {
    /// Asks the engine for something of one note, such that a panic in it is an error: whoever has many notes goes on
    /// with the next.
    ///
    /// ```
    /// # use foramen::{Engine, lexicon::Lexicon, model::Context};
    /// # let engine = Engine::new(Lexicon::embedded())?;
    /// let audit = engine.guarded(|engine| engine.audit("Mild canal stenosis at L3-4.", &Context::default()))?;
    /// assert_eq!(audit.findings.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the engine panics, which tells of a defect.
    pub fn guarded<T>(&self, ask: impl FnOnce(&Self) -> T) -> Result<T, Defect> {
        // The engine is not changed by a note, so a panic in it leaves nothing half-done.
        catch_unwind(AssertUnwindSafe(|| ask(self))).map_err(|_| Defect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn a_panic_is_an_error_and_the_engine_goes_on() {
        let engine = Engine::new(Lexicon::default()).unwrap();
        let failed: Result<(), Defect> = engine.guarded(|_| panic!("on purpose"));
        assert_eq!(failed, Err(Defect));
        assert_eq!(engine.guarded(|engine| engine.analyse("x").findings.len()), Ok(0));
    }
}
