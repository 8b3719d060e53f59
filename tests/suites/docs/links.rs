//! Links lead to files and headings, and paths that are named exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::page::{pages, root};

#[test]
fn links_lead_to_files_and_headings() {
    let pages = pages();
    let mut wrong = String::new();
    for page in &pages {
        for (line, target) in page.links() {
            if target.contains("://") {
                continue;
            }
            let (path, anchor) = match target.split_once('#') {
                Some((path, anchor)) => (path, Some(anchor)),
                None => (target, None),
            };
            let folder = root().join(page.path.parent().unwrap());
            let file = match path {
                "" => root().join(&page.path),
                _ => folder.join(path),
            };
            let Ok(file) = file.canonicalize() else {
                wrong += &format!("\n{}: {target} does not exist", page.at(line));
                continue;
            };
            let Some(anchor) = anchor else { continue };
            let same = |other: &&crate::page::Page| {
                root().join(&other.path).canonicalize().ok().as_ref() == Some(&file)
            };
            let has_anchor = pages
                .iter()
                .find(same)
                .is_some_and(|page| page.anchors().iter().any(|known| known == anchor));
            if !has_anchor {
                wrong += &format!("\n{}: {target} has no such heading", page.at(line));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The entries of the project's folder, without what builds make.
fn entries() -> BTreeSet<String> {
    let entries = fs::read_dir(root()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names
        .filter(|name| ![".git", "target"].contains(&name.as_str()))
        .collect()
}

/// Whether a code is a path of the project, rather than an expression or a pattern.
fn is_path(code: &str, entries: &BTreeSet<String>) -> bool {
    let first = code.split('/').next().unwrap_or_default();
    let is_plain = |sign: char| sign.is_alphanumeric() || "/._-".contains(sign);
    (entries.contains(first) || first.starts_with("ploy-"))
        && code.contains('/')
        && code.chars().all(is_plain)
}

#[test]
fn paths_that_are_named_exist() {
    let entries = entries();
    let (mut wrong, mut count) = (String::new(), 0);
    for page in pages() {
        for (line, code) in page.codes() {
            if !is_path(code, &entries) {
                continue;
            }
            count += 1;
            if !root().join(Path::new(code)).exists() {
                wrong += &format!("\n{}: {code} does not exist", page.at(line));
            }
        }
    }
    assert!(count > 50, "only {count} paths are named");
    assert!(wrong.is_empty(), "{wrong}");
}
