//! The lexicon files that the library carries are whole and without problems.

use foramen::lexicon::Lexicon;

#[test]
fn every_file_of_the_folder_is_embedded_in_order() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/lexicons");
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut on_disk: Vec<String> = names.filter(|name| name.ends_with(".toml")).collect();
    on_disk.sort();
    let embedded: Vec<&str> = Lexicon::embedded_files().iter().map(|(name, _)| *name).collect();
    assert_eq!(embedded, on_disk, "add the file to src/lexicon/embedded.rs");
}

#[test]
fn the_embedded_files_have_no_problems() {
    if let Err(errors) = Lexicon::try_embedded() {
        panic!("{errors}");
    }
}
