//! Foramen reads spine notes.

pub mod checks;
pub mod context;
pub mod lexicon;
pub mod matching;
pub mod model;
pub mod pipeline;
pub mod relate;
pub mod segment;
pub mod text;

pub use pipeline::Engine;
