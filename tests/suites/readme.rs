//! What README.md shows is what the project holds: its code is that of files which are built, its compiler messages are
//! those of the tests of the macros, its jobs are there, and so are its files.

#![allow(clippy::expect_used)] // a test may panic

use std::fs;
use std::path::{Path, PathBuf};

/// A fenced block: its language, what the comment before it says, the line where it begins, and its lines.
struct Block<'a> {
    language: &'a str,
    marker: Option<&'a str>,
    line: usize,
    lines: Vec<&'a str>,
}

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("tests is in the project").to_owned()
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("there is a README")
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut inside = false;
    let mut marker = None;
    for (index, line) in text.lines().map(str::trim_end).enumerate() {
        match (line.strip_prefix("```"), inside) {
            (Some(language), false) => {
                blocks.push(Block {
                    language,
                    marker: marker.take(),
                    line: index + 1,
                    lines: Vec::new(),
                });
                inside = true;
            }
            (Some(_), true) => inside = false,
            (None, true) => blocks.last_mut().expect("a block").lines.push(line),
            (None, false) if line.is_empty() => {}
            (None, false) => {
                marker = line
                    .strip_prefix("<!-- ")
                    .and_then(|line| line.strip_suffix(" -->"));
            }
        }
    }
    assert!(!inside, "the last block of README.md is not closed");
    blocks
}

/// All files under a folder whose names end so.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.expect("a readable folder").path()) {
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    found
}

/// The sources that are built: examples, and the tests of the macros.
fn sources() -> Vec<String> {
    let folders = ["examples", "ploy/examples", "tests/ui"];
    let paths = folders
        .iter()
        .flat_map(|folder| files(&root().join(folder), ".rs"));
    paths
        .map(|path| fs::read_to_string(path).expect("a readable source"))
        .collect()
}

fn holds(source: &str, excerpt: &[&str]) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim_end).collect();
    lines.windows(excerpt.len()).any(|window| window == excerpt)
}

#[test]
fn code_is_an_excerpt_of_a_file_that_is_built() {
    let (readme, sources) = (readme(), sources());
    let mut wrong = Vec::new();
    let mut count = 0;
    for block in blocks(&readme)
        .iter()
        .filter(|block| block.language == "rust")
    {
        count += 1;
        if block.lines.is_empty() || !sources.iter().any(|source| holds(source, &block.lines)) {
            wrong.push(format!(
                "README.md:{}: `{}` ..",
                block.line,
                block.lines.first().unwrap_or(&"")
            ));
        }
    }
    assert!(count > 0, "README.md shows no code");
    assert!(
        wrong.is_empty(),
        "not in any file that is built:\n{}",
        wrong.join("\n")
    );
}

/// A line as it is compared: without the gutter's width, and with only the name of a file.
fn comparable(line: &str) -> &str {
    let line = line.trim();
    match line.strip_prefix("-->") {
        Some(place) => place.rsplit('/').next().unwrap_or(place).trim(),
        None => line,
    }
}

/// Whether the lines stand in the message one after the other, but where `...` says that some are left out.
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
    let readme = readme();
    let mut wrong = Vec::new();
    let mut count = 0;
    for block in blocks(&readme) {
        let Some(file) = block.marker.filter(|marker| marker.ends_with(".stderr")) else {
            assert_ne!(
                block.language, "text",
                "README.md:{}: the comment before does not say which message this is",
                block.line
            );
            continue;
        };
        count += 1;
        let place = format!("README.md:{}: {file}", block.line);
        match fs::read_to_string(root().join(file)) {
            Ok(message) if quotes(&message, &block.lines) => {}
            Ok(_) => wrong.push(format!("{place}: says something else")),
            Err(error) => wrong.push(format!("{place}: {error}")),
        }
    }
    assert!(count > 0, "README.md quotes no message");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The words that a deploy binary is given by a command line of the README, and in which folder its jobs are.
fn deploy_words(command: &str) -> Option<(&'static str, Vec<&str>)> {
    let (cargo, words) = command.split_once(" -- ")?;
    let folder = match cargo.strip_prefix("cargo run")? {
        "" => "examples/website",
        " -p deploy" => "examples/monorepo",
        " -p cluster-admin" => "examples/cluster-admin",
        " -p ploy --example tour" | " -p ploy --example rollout" => "ploy/examples",
        other => panic!("README.md runs {other:?}, which this test does not know"),
    };
    Some((folder, words.split_whitespace().collect()))
}

#[test]
fn jobs_and_roles_of_command_lines_are_there() {
    let readme = readme();
    let consoles = blocks(&readme);
    let consoles = consoles.iter().filter(|block| block.language == "console");
    let mut commands: Vec<&str> = Vec::new();
    for block in consoles {
        let mut lines = block.lines.iter().peekable();
        while let Some(line) = lines.next() {
            // One that is shown to fail at once has a mistyped name on purpose.
            let refused = lines.peek().is_some_and(|next| next.starts_with("error:"));
            commands.extend(line.strip_prefix("$ ").filter(|_| !refused));
        }
    }
    // And those in the text.
    commands.extend(
        readme
            .split('`')
            .filter(|code| code.starts_with("cargo run") && !code.contains('\n')),
    );
    assert!(!commands.is_empty(), "README.md runs nothing");
    for command in commands {
        let Some((folder, words)) = deploy_words(command) else {
            continue;
        };
        let sources: String = files(&root().join(folder), ".rs")
            .iter()
            .map(|path| fs::read_to_string(path).expect("a readable source"))
            .collect();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if word == "--roles" {
                let roles = words.next().expect("a role after `--roles`");
                for role in roles.split(',') {
                    let known = [format!("\"{role}\""), format!("site {role} ")];
                    assert!(
                        known.iter().any(|known| sources.contains(known)),
                        "`{command}`: no role {role}"
                    );
                }
            } else if !["list", "sites", "plan", "run", "connections", "--close"].contains(&word) {
                assert!(
                    sources.contains(&format!("name = \"{word}\"")),
                    "`{command}`: no job or schedule {word}"
                );
            }
        }
    }
}

#[test]
fn headings_are_there() {
    let readme = readme();
    let anchors: Vec<String> = readme
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            title.replace(' ', "-").replace(['`', ','], "")
        })
        .collect();
    let links = readme
        .split("](#")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    for (target, _) in links {
        assert!(
            anchors.iter().any(|anchor| anchor == target),
            "README.md has no heading `{target}`"
        );
    }
}

#[test]
fn files_are_there() {
    let readme = readme();
    let links = readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target);
    let folders = [
        "examples/",
        "ploy/",
        "ploy-macros/",
        "ploy-runtime/",
        "tests/",
        ".ci/",
    ];
    let codes = readme.split('`').filter(|code| {
        folders.iter().any(|folder| code.starts_with(folder)) && !code.contains([' ', '\n'])
    });
    let missing: Vec<&str> = links
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
        .chain(codes)
        .filter(|path| !root().join(path).exists())
        .collect();
    assert!(
        missing.is_empty(),
        "README.md names what is not there: {missing:?}"
    );
}
