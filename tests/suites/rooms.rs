//! The rooms of the library: the pure ones stay pure, and arrows point downwards only.
#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom to the top. A room may use those above it in this list, and itself.
const ROOMS: [&str; 16] = [
    "error",
    "event",
    "topology",
    "catalogue",
    "plan",
    "terminal",
    "secret",
    "sync",
    "transport",
    "shell",
    "import",
    "transfer",
    "action",
    "engine",
    "report",
    "cli",
];

/// Rooms that do no input or output and need no async runtime.
const PURE: [&str; 4] = ["topology", "catalogue", "plan", "event"];

/// What a pure room must not name.
const IMPURE: [&str; 7] = [
    "tokio",
    "openssh",
    "rustix",
    "std::fs",
    "std::process",
    "std::net",
    "std::env",
];

/// Arrows that point upwards, each with its reason. One that is no longer there is to be removed from the list.
const UPWARDS: [(&str, &str, &str); 1] = [(
    "event",
    "catalogue",
    "an event says in which mode its stage runs",
)];

/// A line of a source file that is neither a comment nor part of its unit tests.
struct Line {
    file: PathBuf,
    number: usize,
    text: String,
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join("ploy-runtime/src")
}

fn lines(room: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut folders = vec![source().join(room)];
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

/// The rooms that a line names by `crate::room`.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("crate::").filter_map(|(at, found)| {
        let rest = &text[at + found.len()..];
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        ROOMS.contains(&&rest[..end]).then_some(&rest[..end])
    })
}

#[test]
fn the_list_of_rooms_is_whole() {
    let folders = fs::read_dir(source())
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_dir());
    let found: BTreeSet<String> = folders
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, ROOMS.map(str::to_owned).into());
}

#[test]
fn pure_rooms_do_nothing_but_compute() {
    let mut wrong = String::new();
    for room in PURE {
        let lines = lines(room);
        assert!(
            lines.len() > 50,
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
    let (mut wrong, mut upwards) = (String::new(), BTreeSet::new());
    for (height, room) in ROOMS.iter().enumerate() {
        for line in lines(room) {
            for above in named(&line.text).filter(|name| ROOMS[height + 1..].contains(name)) {
                if UPWARDS
                    .iter()
                    .any(|(from, to, _)| (from, to) == (room, &above))
                {
                    upwards.insert((room.to_string(), above.to_owned()));
                } else {
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
    let listed: BTreeSet<_> = UPWARDS
        .iter()
        .map(|(from, to, _)| (from.to_string(), to.to_string()))
        .collect();
    assert_eq!(
        upwards, listed,
        "an exception that is no longer needed is to be removed"
    );
}

#[test]
fn no_room_imports_from_all_of_the_crate() {
    // `use crate::*` or `use super::super::other` would hide an arrow from the test above.
    for room in ROOMS {
        for line in lines(room) {
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
