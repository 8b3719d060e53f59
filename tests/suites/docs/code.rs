//! Rust code is that of a file which is built, and shows the imports that it needs.

use std::fs;

use crate::page::{files, pages, root};

/// Stands for lines that are left out.
const GAP: &str = "// ...";

/// The sources that are built: examples, and the tests of the macros.
fn sources() -> Vec<(String, String)> {
    let folders = ["examples", "ploy/examples", "tests/ui"];
    let paths = folders
        .iter()
        .flat_map(|folder| files(&root().join(folder), ".rs"));
    paths
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.display().to_string(), text)
        })
        .collect()
}

fn is_import(line: &str) -> bool {
    line.starts_with("use ")
}

/// The imports with which a block begins, and the parts that follow, which are whole excerpts of
/// the file.
fn parts<'a>(block: &[&'a str]) -> (Vec<&'a str>, Vec<Vec<&'a str>>) {
    let leads = |line: &&&str| line.is_empty() || **line == GAP || is_import(line);
    let head = block.iter().take_while(leads).count();
    let imports = block[..head].iter().filter(|line| is_import(line));
    let parts = block[head..].split(|line| line.trim() == GAP).map(|part| {
        let blank = |line: &&str| line.is_empty();
        let from = part.iter().position(|line| !blank(line)).unwrap_or(0);
        let to = part.iter().rposition(|line| !blank(line));
        part[from..to.map_or(from, |to| to + 1)].to_vec()
    });
    let parts = parts.filter(|part: &Vec<&str>| !part.is_empty()).collect();
    (imports.copied().collect(), parts)
}

/// Whether the file has the imports, and the parts one after the other.
fn holds(source: &str, imports: &[&str], parts: &[Vec<&str>]) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim_end).collect();
    let mut rest = lines.as_slice();
    let in_order = parts.iter().all(|part| {
        let found = rest
            .windows(part.len())
            .position(|window| window == part.as_slice());
        if let Some(at) = found {
            rest = &rest[at + part.len()..];
        }
        found.is_some()
    });
    in_order && imports.iter().all(|import| lines.contains(import))
}

/// The names that an import brings: `use a::{b, c as d};` brings `b` and `d`.
fn names(import: &str) -> Vec<&str> {
    let path = import.trim_start_matches("use ");
    let path = path.split_once(';').map_or(path, |(path, _)| path);
    let list = match path.split_once('{') {
        Some((_, list)) => list.trim_end_matches('}'),
        None => path,
    };
    let names = list.split(',').map(|name| {
        let name = name.rsplit("::").next().unwrap_or(name);
        name.rsplit(" as ").next().unwrap_or(name).trim()
    });
    names
        .filter(|name| !["*", "_", ""].contains(name))
        .collect()
}

/// Whether the word stands in the text other than as the key of an attribute, as in
/// `roles = ["web"]`.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |sign: char| sign.is_alphanumeric() || sign == '_';
    text.match_indices(word).any(|(at, _)| {
        let after = &text[at + word.len()..];
        let is_whole = !text[..at].ends_with(is_part) && !after.starts_with(is_part);
        is_whole && !after.starts_with(" = ")
    })
}

/// What is in the prelude and shows that a block needs it.
const PRELUDE: [&str; 7] = [
    "#[job",
    "#[action",
    "#[schedule",
    "cmd!",
    "jobs!",
    "Cx",
    "Batch",
];

/// The imports of the file whose names the block uses without showing where they come from.
fn missing<'a>(source: &'a str, imports: &[&str], parts: &[Vec<&str>]) -> Vec<&'a str> {
    let body = parts.concat().join("\n");
    let all = source
        .lines()
        .map(str::trim_end)
        .filter(|line| is_import(line));
    all.filter(|import| {
        let is_needed = names(import).iter().any(|name| has_word(&body, name))
            || (*import == "use ploy::prelude::*;"
                && PRELUDE.iter().any(|sign| body.contains(sign)));
        // One that stands within the excerpt is shown there.
        is_needed && !imports.contains(import) && !body.contains(import)
    })
    .collect()
}

#[test]
fn code_is_an_excerpt_of_a_file_that_is_built() {
    let sources = sources();
    let (mut wrong, mut count) = (String::new(), 0);
    for page in pages() {
        let blocks = page.blocks().into_iter();
        for block in blocks.filter(|block| block.language == "rust") {
            count += 1;
            let (imports, parts) = parts(&block.lines);
            let holding: Vec<_> = sources
                .iter()
                .filter(|(_, source)| holds(source, &imports, &parts))
                .collect();
            let place = page.at(block.line);
            if holding.is_empty() || block.lines.is_empty() {
                wrong += &format!("\n{place}: not in any file that is built");
                continue;
            }
            // A short excerpt can be in several files; one that agrees is enough.
            let missing = holding
                .iter()
                .map(|(path, source)| (path, missing(source, &imports, &parts)));
            let (path, missing) = missing.min_by_key(|(_, missing)| missing.len()).unwrap();
            if !missing.is_empty() {
                wrong += &format!("\n{place}: {path} imports more: {missing:?}");
            }
        }
    }
    assert!(count > 30, "only {count} blocks of Rust");
    assert!(wrong.is_empty(), "{wrong}");
}
