//! Messages of the compiler are those of the tests of the macros.

use std::fs;

use crate::page::{pages, root};

/// A line as it is compared: without the gutter's width, and with only the name of a file.
fn comparable(line: &str) -> &str {
    let line = line.trim();
    match line.strip_prefix("-->") {
        Some(place) => place.rsplit('/').next().unwrap_or(place).trim(),
        None => line,
    }
}

/// Whether the lines stand in the message one after the other, but where `...` says that some are
/// left out.
fn quotes(message: &str, lines: &[&str]) -> bool {
    fn continues(message: &[&str], lines: &[&str]) -> bool {
        match lines {
            [] => true,
            ["...", rest @ ..] => {
                (0..=message.len()).any(|skipped| continues(&message[skipped..], rest))
            }
            [line, rest @ ..] => message
                .split_first()
                .is_some_and(|(first, message)| first == line && continues(message, rest)),
        }
    }
    let message: Vec<&str> = message.lines().map(comparable).collect();
    let lines: Vec<&str> = lines.iter().copied().map(comparable).collect();
    (0..message.len()).any(|start| continues(&message[start..], &lines))
}

#[test]
fn messages_of_the_compiler_are_those_of_the_tests() {
    let (mut wrong, mut count) = (String::new(), 0);
    for page in pages() {
        for block in page.blocks() {
            let place = page.at(block.line);
            let file = block.marker.filter(|marker| marker.ends_with(".stderr"));
            let has_message = block.lines.iter().any(|line| line.starts_with("error[E"));
            let Some(file) = file else {
                if has_message {
                    wrong += &format!("\n{place}: the comment before does not name the message");
                }
                continue;
            };
            count += 1;
            match fs::read_to_string(root().join(file)) {
                Ok(message) if quotes(&message, &block.lines) => {}
                Ok(_) => wrong += &format!("\n{place}: {file} says something else"),
                Err(error) => wrong += &format!("\n{place}: {file}: {error}"),
            }
        }
    }
    assert!(count > 10, "only {count} messages are quoted");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_readme_shows_three_cases() {
    let readme = crate::page::page("README.md");
    let blocks = readme.blocks().into_iter();
    let cases = blocks.filter(|block| block.marker.is_some_and(|text| text.ends_with(".stderr")));
    assert_eq!(cases.count(), 3);
}
