//! The README is short, and the guide's summary has every chapter.

use std::collections::BTreeSet;

use crate::page::{files, page, root};

#[test]
fn the_readme_is_short() {
    let lines = page("README.md").text.lines().count();
    assert!(lines <= 250, "README.md has {lines} lines");
}

#[test]
fn the_summary_lists_every_chapter_once() {
    let chapters: Vec<String> = files(&root().join("docs/guide"), ".md")
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "SUMMARY.md")
        .collect();
    let summary = page("docs/guide/SUMMARY.md");
    let listed: Vec<&str> = summary
        .links()
        .into_iter()
        .map(|(_, target)| target)
        .collect();
    let unique: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(listed.len(), unique.len(), "{listed:?}");
    assert_eq!(unique, chapters.iter().map(String::as_str).collect());
}

#[test]
fn every_chapter_has_the_title_that_the_summary_says() {
    let summary = page("docs/guide/SUMMARY.md");
    for (_, line) in summary.prose() {
        let Some((title, target)) = line.split_once("](") else {
            continue;
        };
        let title = title.rsplit('[').next().unwrap();
        let chapter = page(&format!("docs/guide/{}", target.trim_end_matches(')')));
        let first = chapter.text.lines().next().unwrap();
        assert_eq!(first, format!("# {title}"), "{}", chapter.path.display());
    }
}

#[test]
fn decisions_are_numbered_without_gaps_and_listed() {
    let index = page("docs/decisions/README.md");
    let pages = files(&root().join("docs/decisions"), ".md");
    let names: Vec<String> = pages
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    assert!(names.len() > 5, "{names:?}");
    for (number, name) in (1..).zip(&names) {
        assert!(name.starts_with(&format!("{number:02}-")), "{name}");
        assert!(
            index.text.contains(&format!("]({name})")),
            "{name} is not listed"
        );
        let page = page(&format!("docs/decisions/{name}"));
        for part in ["## Decision", "## Reason", "## Consequences"] {
            assert!(page.text.contains(part), "{name} has no {part:?}");
        }
    }
}
