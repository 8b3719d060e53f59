//! The rules of the macros, one a file: what must not compile, with what the compiler says then,
//! and what must.
//!
//! `cargo test -p ploy-ui-tests` tries all. With `-- fail trybuild=NAME` only those cases that must
//! not compile are tried whose path holds the name. Their expected messages are written anew with
//! `TRYBUILD=overwrite`.

#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

use std::path::{Path, PathBuf};
use std::process::Command;

/// All of them at once: the compiler checks them side by side, as an editor does, and goes on where
/// one fails.
#[test]
fn fail() {
    trybuild::TestCases::new().compile_fail("*/fail/*.rs");
}

/// Each is a program of this package, which cargo has built before the test. It runs, and checks
/// what it does itself.
#[test]
fn pass() {
    // The folder in which cargo puts them.
    let folder = Path::new(env!("CARGO_BIN_EXE_ui-sites-empty"))
        .parent()
        .unwrap();
    let cases = cases();
    assert!(cases.len() >= 29, "{cases:?}");
    let mut failed = String::new();
    for case in cases {
        let program = folder.join(&case);
        match Command::new(&program).output() {
            Ok(output) if output.status.success() => {}
            Ok(output) => {
                let text = String::from_utf8_lossy(&output.stderr);
                failed += &format!("\n{case}: {}\n{text}", output.status);
            }
            Err(error) => {
                failed += &format!("\n{case}: {error}; is it a `[[bin]]` of Cargo.toml?");
            }
        }
    }
    assert!(failed.is_empty(), "these cases failed:{failed}");
}

/// The programs of all files in the folders `MACRO/pass`: `ui-MACRO-RULE`.
fn cases() -> Vec<String> {
    let mut cases = Vec::new();
    for folder in entries(Path::new(env!("CARGO_MANIFEST_DIR"))) {
        let macro_name = stem(&folder);
        let rules = folder.join("pass");
        if rules.is_dir() {
            let rules = entries(&rules);
            cases.extend(
                rules
                    .iter()
                    .map(|rule| format!("ui-{macro_name}-{}", stem(rule))),
            );
        }
    }
    cases
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}
