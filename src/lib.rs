//! Foramen reads spine notes.

#[cfg(feature = "parallel")]
pub mod batch;
pub mod checks;
#[cfg(feature = "cli")]
pub mod cli;
pub mod context;
#[cfg(feature = "parallel")]
pub mod eval;
#[cfg(feature = "io")]
pub mod io;
pub mod lexicon;
pub mod matching;
pub mod model;
pub mod pipeline;
pub mod relate;
pub mod report;
pub mod segment;
pub mod text;

pub use pipeline::Engine;
