//! The native half of the Python package `foramen`: an engine, and the audit of one note as JSON with offsets in code
//! points. What Python code sees is in `python/foramen`.

mod auditor;
mod errors;

/// The module `foramen._native`.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::auditor::{Auditor, NoteAudit};
    #[pymodule_export]
    use crate::errors::{ForamenError, LexiconError, SettingsError};

    use pyo3::prelude::{Bound, PyModule, PyModuleMethods as _, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
