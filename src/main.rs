//! The `foramen` command.
fn main() {}
