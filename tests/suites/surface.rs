//! The public surface of `ploy`, item by item, as `tests/golden/public-api.txt` has it: a change of
//! it shows in review.
//!
//! It is read from what rustdoc writes as JSON of each crate. That format is not stable yet, so
//! rustdoc is told to write it nonetheless, and only rustdoc: nothing else is built anew for it.

#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The crates whose items `ploy` hands on.
const CRATES: [&str; 5] = [
    "ploy-core",
    "ploy-report",
    "ploy-runtime",
    "ploy-cli",
    "ploy",
];

/// rustdoc, which is told to write what is not stable.
fn rustdoc(folder: &Path) -> PathBuf {
    let path = folder.join("rustdoc");
    fs::write(&path, "#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec rustdoc \"$@\"\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path
}

/// What rustdoc says of a crate.
fn documented(name: &str, rustdoc: &Path, target: &Path) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["rustdoc", "-q", "-p", name, "--all-features", "--lib"])
        .args(["--", "-Zunstable-options", "--output-format", "json"])
        .env("RUSTDOC", rustdoc)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    target
        .join("doc")
        .join(format!("{}.json", name.replace('-', "_")))
}

/// The folder in which cargo builds.
fn target() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["target_directory"].as_str().unwrap().into()
}

/// An item of a crate: the crate's name and its own. Where it stands in its crate does not matter,
/// since several paths can lead to it.
type Item = (String, String);

/// The item that a path is about, and what follows it: a method, a field, a variant.
fn item(path: &str) -> Option<(Item, &str)> {
    let words: Vec<&str> = path.split("::").collect();
    let (name, krate) = (words.iter().rposition(|_| true)?, *words.first()?);
    let named = words
        .iter()
        .skip(1)
        .position(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
        .map_or(name, |at| at + 1);
    let length: usize = words[..=named].iter().map(|word| word.len() + 2).sum();
    let rest = path.get(length - 2..).unwrap_or_default();
    Some(((krate.to_owned(), words[named].to_owned()), rest))
}

/// The names that `ploy` hands on, by what they stand for. What has a module of its own is at home
/// there rather than at the root.
fn handed_on(json: &Path) -> BTreeMap<Item, String> {
    let json: Value = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    let mut names = BTreeMap::new();
    let mut open = vec![(json["root"].clone(), "ploy".to_owned())];
    while let Some((id, path)) = open.pop() {
        let module = &json["index"][id.to_string()];
        for child in module["inner"]["module"]["items"].as_array().unwrap() {
            let child = &json["index"][child.to_string()];
            let inner = &child["inner"];
            if let Some(name) = child["name"]
                .as_str()
                .filter(|_| inner["module"].is_object())
            {
                // The prelude repeats what has a place elsewhere.
                if !matches!(name, "prelude" | "__private") {
                    open.push((child["id"].clone(), format!("{path}::{name}")));
                }
            }
            let Some(handed) = inner["use"].as_object() else {
                continue;
            };
            let name = format!("{path}::{}", handed["name"].as_str().unwrap());
            let source = handed["source"].as_str().unwrap();
            if let Some((item, _)) = item(source) {
                let other = names.entry(item).or_insert_with(|| name.clone());
                if name.matches("::").count() > other.matches("::").count() {
                    *other = name;
                }
            }
        }
    }
    names
}

/// The path that a line is about.
fn subject(line: &str) -> &str {
    let about = match (line.starts_with("impl"), line.split_once(" for ")) {
        (true, Some((_, subject))) => subject,
        _ => line,
    };
    // Of the whole words the first with a path is what the line declares; types of arguments follow
    // it.
    let Some(begin) = about.find("ploy") else {
        return "";
    };
    let about = &about[begin..];
    let end = about
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')))
        .unwrap_or(about.len());
    about[..end].trim_end_matches(':')
}

/// A text with each path that `ploy` hands on as it is named there.
fn as_handed_on(text: &str, names: &BTreeMap<Item, String>) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("ploy_") {
        shown.push_str(&rest[..at]);
        let path = &rest[at..];
        let end = path
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')))
            .unwrap_or(path.len());
        let path_end = path[..end].trim_end_matches(':').len();
        let (path, after) = path.split_at(path_end);
        match item(path).and_then(|(item, rest)| Some((names.get(&item)?, rest))) {
            Some((name, rest)) => {
                shown.push_str(name);
                shown.push_str(rest);
            }
            None => shown.push_str(path),
        }
        rest = after;
    }
    shown + rest
}

#[test]
fn the_public_surface_is_as_it_was_agreed() {
    let folder = tempfile::tempdir().unwrap();
    let (rustdoc, target) = (rustdoc(folder.path()), target());
    let mut names = BTreeMap::new();
    let mut lines: Vec<String> = Vec::new();
    for name in CRATES {
        let json = documented(name, &rustdoc, &target);
        if name == "ploy" {
            names = handed_on(&json);
        }
        let api = public_api::Builder::from_rustdoc_json(&json)
            .omit_blanket_impls(true)
            .omit_auto_trait_impls(true)
            .omit_auto_derived_impls(true)
            .build()
            .unwrap();
        lines.extend(api.items().map(ToString::to_string));
    }
    assert!(names.len() > 50, "{names:?}");
    let mut surface: Vec<String> = lines
        .iter()
        .filter(|line| item(subject(line)).is_some_and(|(item, _)| names.contains_key(&item)))
        .map(|line| as_handed_on(line, &names))
        .collect();
    surface.sort_by_key(|line| (subject(line).to_owned(), line.clone()));
    surface.dedup();
    ploy_tests::golden("public-api", &(surface.join("\n") + "\n"));
}
