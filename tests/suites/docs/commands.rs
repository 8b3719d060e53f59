//! Jobs, roles and suites that command lines name exist.

use std::fs;

use crate::page::{Page, files, pages, root};

/// The command lines of a page: those of its consoles, and those in its text.
fn commands(page: &Page) -> Vec<&str> {
    let mut commands: Vec<&str> = Vec::new();
    for block in page.blocks() {
        if !["console", "sh"].contains(&block.language) {
            continue;
        }
        let mut lines = block.lines.iter().peekable();
        while let Some(line) = lines.next() {
            // One that is shown to fail at once has a mistyped name on purpose.
            let refused = lines.peek().is_some_and(|next| next.starts_with("error:"));
            commands.extend(line.strip_prefix("$ ").filter(|_| !refused));
        }
    }
    commands.extend(page.codes().into_iter().map(|(_, code)| code));
    commands.retain(|command| command.starts_with("cargo "));
    commands
}

/// The words that a deploy binary is given by a command line, and in which folder its jobs are.
fn deploy_words(command: &str) -> Option<(&'static str, Vec<&str>)> {
    let (cargo, words) = command.split_once(" -- ")?;
    let folder = match cargo.strip_prefix("cargo run")? {
        "" => "examples/website",
        " -p deploy" => "examples/monorepo",
        " -p cluster-admin" => "examples/cluster-admin",
        " -p ploy --example tour"
        | " -p ploy --example rollout"
        | " -p ploy --example guide"
        | " -p ploy --example first" => "ploy/examples",
        " -p ploy-cli --example new" => return None,
        other => panic!("cargo run{other}: this test does not know it"),
    };
    Some((folder, words.split_whitespace().collect()))
}

/// Commands and options of every deploy binary.
const COMMANDS: [&str; 8] = [
    "list",
    "sites",
    "plan",
    "run",
    "exec",
    "connections",
    "--close",
    "--help",
];

#[test]
fn jobs_and_roles_of_command_lines_exist() {
    let mut count = 0;
    for page in pages() {
        let name = page.path.display();
        // What the README says of its first project is of that project's jobs.
        let first = name.to_string() == "README.md";
        for command in commands(&page) {
            let Some((folder, words)) = deploy_words(command) else {
                continue;
            };
            count += 1;
            let folders = [folder, "ploy/examples/first.rs"];
            let folders = &folders[..if first { 2 } else { 1 }];
            let sources = folders.iter().map(|folder| source(folder));
            let sources: String = sources.collect();
            let mut words = words.into_iter();
            while let Some(word) = words.next() {
                if word == "--roles" {
                    let roles = words.next().expect("a role after `--roles`");
                    for role in roles.split(',') {
                        let known = [format!("\"{role}\""), format!("site {role} ")];
                        assert!(
                            known.iter().any(|known| sources.contains(known)),
                            "{name}: `{command}`: no role {role}"
                        );
                    }
                } else if word == "exec" {
                    break; // What follows is a command of a shell.
                } else if !COMMANDS.contains(&word) {
                    assert!(
                        sources.contains(&format!("name = \"{word}\"")),
                        "{name}: `{command}`: no job or schedule {word}"
                    );
                }
            }
        }
    }
    assert!(count > 10, "only {count} command lines");
}

/// The sources of a file, or of all files of a folder.
fn source(path: &str) -> String {
    let path = root().join(path);
    if path.is_file() {
        return fs::read_to_string(path).unwrap();
    }
    let files = files(&path, ".rs").into_iter();
    files
        .map(|file| fs::read_to_string(file).unwrap())
        .collect()
}

#[test]
fn packages_and_suites_of_command_lines_exist() {
    let manifest = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let suites = manifest("tests/Cargo.toml") + &manifest("tests/ui/Cargo.toml");
    let manifests = files_named_cargo();
    let mut commands: Vec<(String, String)> = Vec::new();
    for page in pages() {
        let of_page = self::commands(&page).into_iter();
        commands
            .extend(of_page.map(|command| (page.path.display().to_string(), command.to_owned())));
    }
    let recipes = manifest("justfile");
    let recipes = recipes.lines().filter_map(|line| {
        let command = line.strip_prefix("    ")?.trim_start_matches('@');
        command
            .starts_with("cargo ")
            .then(|| ("justfile".to_owned(), command.to_owned()))
    });
    commands.extend(recipes);
    for (place, command) in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        for pair in words.windows(2) {
            let [option, value] = pair else { continue };
            let is_variable = value.starts_with(|sign: char| !sign.is_ascii_lowercase());
            let known = match *option {
                _ if is_variable => true,
                "-p" => manifests
                    .iter()
                    .any(|text| text.contains(&format!("\nname = \"{value}\"\n"))),
                "--test" => suites.contains(&format!("[[test]]\nname = \"{value}\"\n")),
                _ => true,
            };
            assert!(known, "{place}: `{command}`: there is no {value}");
        }
    }
}

/// All manifests of the workspace.
fn files_named_cargo() -> Vec<String> {
    let folders = fs::read_dir(root()).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path());
    let folders = folders
        .filter(|path| path.is_dir() && !path.ends_with("target") && !path.ends_with(".git"));
    let manifests = folders.flat_map(|folder| files(&folder, "Cargo.toml"));
    manifests
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}
