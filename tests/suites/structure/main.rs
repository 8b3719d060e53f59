//! The structure of the crates: which room may use which, no circle of files, and files and folders
//! of a size that can be taken in. What one crate may use of another is rustc's business.

#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

mod circles;
mod files;
mod modules;
mod rooms;
mod uses;

use std::path::{Path, PathBuf};

/// The crates of the product.
const CRATES: [&str; 7] = [
    "ploy",
    "ploy-cli",
    "ploy-core",
    "ploy-macros",
    "ploy-report",
    "ploy-runtime",
    "ploy-syntax",
];

/// The folder of a crate's sources.
fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join(name)
        .join("src")
}

/// All files of Rust under a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The code of a file without its comments, its texts, and its unit tests.
fn code(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    // Unit tests are a module that is written out, and stand last.
    let tests = text.match_indices("#[cfg(test)]\nmod ").find(|(at, _)| {
        text[*at..]
            .lines()
            .nth(1)
            .is_some_and(|line| line.ends_with('{'))
    });
    let text = tests.map_or(text.as_str(), |(at, _)| &text[..at]);
    let mut code = String::new();
    for line in text.lines() {
        code.push_str(line.split("//").next().unwrap());
        code.push('\n');
    }
    code
}
