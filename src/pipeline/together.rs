//! Many notes at once: each stage for all of them before the next stage for the first.
//!
//! The code of one stage, and what the processor has learnt of its branches, stays near it from note to note; that of
//! all stages does not. Notes dense with facts, which go through every stage, take a tenth less time so
//! (`docs/performance.md`).
//!
//! ```
//! # use foramen::{Engine, lexicon::Lexicon, model::Context};
//! # let engine = Engine::new(Lexicon::embedded())?;
//! let context = Context::default();
//! let notes = ["Mild canal stenosis at L3-4.", "Lungs are clear."].map(|note| (note, &context));
//! let found: Vec<usize> = engine.audit_all(&notes).into_iter().flatten().map(|a| a.findings.len()).collect();
//! assert_eq!(found, [1, 0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::analysis::Analysis;
use super::guard::Defect;
use super::scan::Scan;
use super::{Done, Engine, type_of};
use crate::model::{Audit, Context};
use crate::relate::{encounter, procedures};
use crate::segment::segment;

/// Notes that go through the stages together: with more no time is gained, and what was seen of them leaves the near caches.
const TOGETHER: usize = 64;

/// A note, and what is known of it.
type Given<'n> = (&'n str, &'n Context);

impl Engine {
    /// Audits notes together, faster than one by one: gives for each what [`Self::audit`] gives, in their order. What was
    /// seen of a few dozen is in memory at once, some twenty times their text.
    ///
    /// # Errors
    /// For each note on which the engine panics, which tells of a defect; the others are audited all the same.
    pub fn audit_all(&self, notes: &[Given<'_>]) -> Vec<Result<Audit, Defect>> {
        notes.chunks(TOGETHER).flat_map(|few| self.all_or_each(few, Self::stages)).collect()
    }

    /// Takes notes through the stages, one stage after the other.
    fn stages(&self, notes: &[Given<'_>]) -> Vec<Audit> {
        let scans: Vec<_> = notes.iter().map(|&(note, _)| Scan::new(self, note)).collect();
        let layouts: Vec<_> = scans.iter().map(|scan| segment(&scan.folded, &scan.hits.headings())).collect();
        let seen = scans.into_iter().zip(layouts);
        let mut analyses: Vec<_> = seen.map(|(scan, layout)| Analysis::of(self, scan, layout)).collect();
        for analysis in &mut analyses {
            analysis.relate(self, |_| {});
        }
        let done: Vec<_> = analyses
            .iter()
            .zip(notes)
            .map(|(analysis, (_, context))| {
                let note_type = type_of(analysis, context);
                (note_type, procedures(&analysis.layers(self), note_type))
            })
            .collect();
        let done: Vec<_> = analyses
            .iter()
            .zip(done)
            .map(|(analysis, (note_type, procedures))| Done {
                encounter: encounter(&analysis.layers(self), &procedures),
                note_type,
                procedures,
            })
            .collect();
        let done = analyses.iter_mut().zip(done).zip(notes);
        done.map(|((analysis, done), (note, context))| self.judge(analysis, done, note, context)).collect()
    }

    /// What `ask` gives for all of some notes; where it panics for all of them, what it gives for each alone.
    fn all_or_each<N, T>(&self, notes: &[N], ask: impl Fn(&Self, &[N]) -> Vec<T>) -> Vec<Result<T, Defect>> {
        if let Ok(all) = self.guarded(|engine| ask(engine, notes)) {
            return all.into_iter().map(Ok).collect();
        }
        let each = notes.chunks(1);
        each.map(|note| self.guarded(|engine| ask(engine, note))?.pop().ok_or(Defect)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn a_panic_on_one_note_takes_no_other_with_it() {
        let engine = Engine::new(Lexicon::default()).unwrap();
        let ask = |_: &Engine, notes: &[i32]| -> Vec<i32> {
            assert!(!notes.contains(&2), "on purpose");
            notes.iter().map(|note| note * 10).collect()
        };
        assert_eq!(engine.all_or_each(&[1, 2, 3], ask), [Ok(10), Err(Defect), Ok(30)]);
        assert_eq!(engine.all_or_each(&[1, 3], ask), [Ok(10), Ok(30)]);
        assert_eq!(engine.all_or_each(&[], ask), []);
    }
}
