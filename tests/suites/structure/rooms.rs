//! The rooms of the library: the pure ones stay pure, and arrows point downwards only.
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::source;

/// A crate's rooms, from the bottom to the top. A room may use those above it in its list, and
/// itself. That crates know each other in one direction only is rustc's business.
const ROOMS: [(&str, &[&str]); 2] = [
    (
        "ploy-core",
        &["error", "text", "topology", "catalogue", "event", "plan"],
    ),
    (
        "ploy-runtime",
        &[
            "terminal",
            "secret",
            "sync",
            "transport",
            "shell",
            "import",
            "transfer",
            "action",
            "engine",
        ],
    ),
];

/// The crate that does no input or output and needs no async runtime.
const PURE: &str = "ploy-core";

/// What a pure room must not name.
const IMPURE: [&str; 7] = [
    "tokio",
    "openssh",
    "rustix",
    "std::fs",
    "std::process",
    "std::net::Tcp",
    "std::env",
];

/// A line of a source file that is neither a comment nor part of its unit tests.
struct Line {
    file: PathBuf,
    number: usize,
    text: String,
}

fn lines(name: &str, room: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut folders = vec![source(name).join(room)];
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let file = entry.unwrap().path();
            if file.is_dir() {
                folders.push(file);
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for (number, line) in (1..).zip(code.lines()) {
                let text = line.split("//").next().unwrap().to_owned();
                lines.push(Line {
                    file: file.clone(),
                    number,
                    text,
                });
            }
        }
    }
    lines
}

/// Those of the rooms that a line names by `crate::room`.
fn named<'a>(text: &'a str, rooms: &'a [&str]) -> impl Iterator<Item = &'a str> {
    text.match_indices("crate::").filter_map(|(at, found)| {
        let rest = &text[at + found.len()..];
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        rooms.contains(&&rest[..end]).then_some(&rest[..end])
    })
}

#[test]
fn the_list_of_rooms_is_whole() {
    for (name, rooms) in ROOMS {
        let folders = fs::read_dir(source(name))
            .unwrap()
            .flatten()
            .filter(|entry| entry.path().is_dir());
        let found: BTreeSet<String> = folders
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        let listed: BTreeSet<String> = rooms.iter().map(|room| (*room).to_owned()).collect();
        assert_eq!(found, listed, "{name}");
    }
}

#[test]
fn the_pure_crate_does_nothing_but_compute() {
    let (name, rooms) = ROOMS.into_iter().find(|(name, _)| *name == PURE).unwrap();
    let mut wrong = String::new();
    for room in rooms {
        let lines = lines(name, room);
        assert!(
            lines.len() > 20,
            "the room `{room}` is nearly empty: is it looked for in the right place?"
        );
        for line in lines {
            for word in IMPURE.iter().filter(|word| line.text.contains(*word)) {
                wrong += &format!(
                    "\n{}:{}: `{word}` in a pure room",
                    line.file.display(),
                    line.number
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn arrows_point_downwards() {
    let mut wrong = String::new();
    for (name, rooms) in ROOMS {
        for (height, room) in rooms.iter().enumerate() {
            for line in lines(name, room) {
                for above in named(&line.text, &rooms[height + 1..]) {
                    wrong += &format!(
                        "\n{}:{}: `{room}` uses `{above}`",
                        line.file.display(),
                        line.number
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn no_room_imports_from_all_of_the_crate() {
    // `use crate::*` or `crate::{a, b}` would hide an arrow from the test above.
    for (name, rooms) in ROOMS {
        for room in rooms {
            for line in lines(name, room) {
                let text = line.text.trim();
                assert!(
                    !text.starts_with("use crate::*"),
                    "{}:{}",
                    line.file.display(),
                    line.number
                );
                assert!(
                    !text.contains("crate::{"),
                    "{}:{}: name one room a line",
                    line.file.display(),
                    line.number
                );
            }
        }
    }
}
