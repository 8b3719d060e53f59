//! Files and folders can be taken in: each file says its duty first and is short, and no folder has
//! too many.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{CRATES, rust_files, source};

/// How many files a folder may have, without its `mod.rs`.
const FILES: usize = 15;

/// How many lines a file may have, with its unit tests.
const LINES: usize = 400;

fn shown(file: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    file.strip_prefix(root).unwrap().display().to_string()
}

#[test]
fn every_file_says_its_duty_and_is_short() {
    let mut wrong = String::new();
    for file in CRATES.iter().flat_map(|name| rust_files(&source(name))) {
        let text = std::fs::read_to_string(&file).unwrap();
        if !text.starts_with("//! ") {
            wrong += &format!("\n{}: the first line does not say its duty", shown(&file));
        }
        let lines = text.lines().count();
        if lines > LINES {
            wrong += &format!("\n{}: {lines} lines, of {LINES} at most", shown(&file));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn no_folder_has_too_many_files() {
    let mut folders: BTreeMap<String, usize> = BTreeMap::new();
    for file in CRATES.iter().flat_map(|name| rust_files(&source(name))) {
        let is_face = file
            .file_name()
            .is_some_and(|name| name == "mod.rs" || name == "lib.rs");
        if !is_face {
            *folders.entry(shown(file.parent().unwrap())).or_default() += 1;
        }
    }
    assert!(folders.len() > 20, "{folders:?}");
    folders.retain(|_, files| *files > FILES);
    assert!(
        folders.is_empty(),
        "too many files in one folder: {folders:?}"
    );
}

#[test]
fn comments_are_no_wider_than_100_columns() {
    let mut wrong = String::new();
    for file in CRATES.iter().flat_map(|name| rust_files(&source(name))) {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut is_example = false;
        for (number, line) in (1..).zip(text.lines()) {
            let is_fence = line
                .trim_start()
                .trim_start_matches(['/', '!', ' '])
                .starts_with("```");
            is_example ^= is_fence;
            // Code is broken where rustfmt would.
            if is_example {
                continue;
            }
            let is_comment = line.trim_start().starts_with("//");
            // A table of Markdown, and a link, cannot be broken.
            let can_break = !line.contains("| ") && !line.contains("://");
            if is_comment && can_break && line.chars().count() > 100 {
                wrong += &format!("\n{}:{number}", shown(&file));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "comments of more than 100 columns:{wrong}"
    );
}
