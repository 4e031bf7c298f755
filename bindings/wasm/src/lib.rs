//! The native half of the npm package `foramen-wasm`: an engine whose audits are plain objects with offsets in UTF-16
//! units, as JavaScript's strings count.
//!
//! Everything but [`js`] is plain Rust over JSON text, so that it is tested without a browser.
//!
//! ```
//! let auditor = foramen_wasm::Auditor::new("", None)?;
//! let json = auditor.audit("L4-5: foraminal stenosis.", r#"{"note_type":"radiology"}"#)?;
//! assert!(json.contains(r#""level":"L4-L5""#));
//! # Ok::<(), foramen_wasm::Wrong>(())
//! ```

mod auditor;
mod draft;
mod js;
mod known;

pub use auditor::Auditor;
pub use draft::Draft;
pub use known::Wrong;
