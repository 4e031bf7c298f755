//! The native half of the Python package `foramen`: an engine, the audit of one note as JSON with offsets in code
//! points, and of many notes as tables in the layout of Apache Arrow. What Python code sees is in `python/foramen`.

mod auditor;
mod errors;
mod note;
mod run;
mod table;

/// The module `foramen._native`.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::auditor::Auditor;
    #[pymodule_export]
    use crate::errors::{ForamenError, LexiconError, SettingsError};
    #[pymodule_export]
    use crate::note::NoteAudit;
    #[pymodule_export]
    use crate::run::Run;
    #[pymodule_export]
    use crate::table::Table;

    use pyo3::prelude::{Bound, PyModule, PyModuleMethods as _, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // A panic is a defect of ours, and told as an exception. Its message can hold words of a note.
        std::panic::set_hook(Box::new(|_| ()));
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
