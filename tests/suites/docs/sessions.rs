//! Sessions are what the programs print: they are run anew, and compared but for times, ids and the
//! order of sites.

use std::path::Path;

use ploy_tests::{Program, Redaction};
use tempfile::TempDir;

use crate::page::{page, root};

/// The commands of a console and what each prints.
fn steps<'a>(lines: &[&'a str]) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut steps: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines {
        match line.strip_prefix("$ ") {
            Some(command) => steps.push((command, Vec::new())),
            None => steps.last_mut().expect("a command").1.push(line),
        }
    }
    steps
}

/// Folders in which the sites of the examples are.
struct Sites(TempDir);

impl Sites {
    fn new() -> Self {
        Sites(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    /// What it prints, all of it, whatever its exit code is.
    fn run(&self, binary: &str, words: &[&str]) -> String {
        let program = Program::new(binary, words)
            .env("WEBSITE_FOLDER", self.folder())
            .env("FLEET_FOLDER", self.folder());
        let finished = program.run();
        finished.assert_clean();
        finished.out() + &finished.err()
    }

    fn redaction(&self, binary: &str) -> Redaction {
        let path = Program::path(binary);
        Redaction::new()
            .text(self.folder().to_str().unwrap(), "[folder]")
            .text("/tmp/ploy-website-me", "[folder]")
            .text(format!("{}", path.display()), "[program]")
            .text(format!("target/debug/{binary}"), "[program]")
            .text(format!("{}/", root().display()), "")
    }

    /// Runs the commands of a console, and compares what they print.
    fn compare(&self, binary: &str, console: &[&str]) {
        let redaction = self.redaction(binary);
        for (command, shown) in steps(console) {
            let words = command.split_once(" -- ").expect("words after `--`").1;
            let words: Vec<&str> = words.split_whitespace().collect();
            let printed = self.run(binary, &words);
            assert_eq!(
                redaction.sorted(&printed),
                redaction.sorted(&shown.join("\n")),
                "{command}"
            );
        }
    }
}

#[test]
fn the_session_of_the_readme_is_real() {
    let readme = page("README.md");
    let blocks = readme.blocks();
    let session = blocks
        .iter()
        .find(|block| block.lines.len() > 20 && block.lines[0] == "$ cargo run -- upload-web")
        .expect("a session");
    assert_eq!(steps(&session.lines).len(), 4);
    Sites::new().compare("website", &session.lines);
}

#[test]
fn the_failure_of_the_guide_is_real() {
    let views = page("docs/guide/views.md");
    let blocks = views.blocks();
    let command = "$ cargo run -p deploy -- upgrade-web check-web --roles web";
    let failure = blocks
        .iter()
        .find(|block| block.lines.first() == Some(&command))
        .expect("a failure");
    let sites = Sites::new();
    // One site has something to upgrade to, and the other has an empty folder.
    sites.run("deploy", &["upload-web", "--sites", "web2"]);
    std::fs::create_dir(sites.folder().join("web1")).unwrap();
    sites.compare("deploy", &failure.lines);
}
