//! Markup to plain text: what a browser or a word processor would put on a line stands on a line.
//!
//! ```text
//! <p>MRI</p><ul><li>L4-5: mild</ul>   ─▶   MRI⏎⏎- L4-5: mild
//! ```

pub(super) mod flow;
pub(super) mod html;
pub(super) mod rtf;
