//! The first project of the README works when it is copied: it is written down from the page,
//! built, run and tested.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use ploy_tests::Redaction;

use crate::page::{page, root};

/// Where the sites of the page are.
const SITES: &str = "/tmp/first-ploy";

/// The project, as the page has it, but with the path of this checkout, and with sites in a folder
/// of this test.
struct Project {
    folder: PathBuf,
    sites: tempfile::TempDir,
}

impl Project {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(folder.join("src")).unwrap();
        let sites = tempfile::tempdir().unwrap();
        let readme = page("README.md");
        let block = |file: &str| {
            let marker = format!("the first project: {file}");
            readme.marked(&marker).lines.join("\n") + "\n"
        };
        let manifest = block("Cargo.toml");
        let dependency = "path = \"../ploy/ploy\"";
        assert!(manifest.contains(dependency), "{manifest}");
        let ploy = format!("path = {:?}", root().join("ploy"));
        let manifest = manifest.replace(dependency, &ploy);
        // A workspace of its own, since this folder may be below that of the checkout.
        let manifest = manifest + "\n[workspace]\n";
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        let main = block("src/main.rs");
        assert!(main.contains(SITES), "{main}");
        let main = main.replace(SITES, sites.path().to_str().unwrap());
        fs::write(folder.join("src/main.rs"), main).unwrap();
        // The versions of the product, so that nothing has to be fetched.
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        Project { folder, sites }
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO"));
        // These decide how a run is shown.
        for variable in ["GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "FORCE_COLOR"] {
            command.env_remove(variable);
        }
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_QUIET", "true")
            .env("CARGO_TARGET_DIR", target())
            .output()
            .unwrap()
    }
}

/// Where cargo builds it: beside other projects that tests make, with which it shares all
/// dependencies.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn it_runs_and_prints_what_the_readme_shows() {
    let project = Project::new("first-project");
    let ran = project.cargo(&["run", "--", "publish"]);
    assert!(ran.status.success(), "{}", text(&ran));
    for site in ["web1", "web2"] {
        let page = project.sites.path().join(site).join("index.html");
        let page = fs::read_to_string(page).unwrap();
        assert!(page.starts_with("release "), "{page}");
    }
    let readme = page("README.md");
    let shown = readme.marked("the first project: what it prints");
    let (command, shown) = shown.lines.split_first().unwrap();
    assert_eq!(*command, "$ cargo run -- publish");
    let redaction = Redaction::new().text(project.sites.path().to_str().unwrap(), SITES);
    assert_eq!(
        redaction.sorted(&text(&ran)),
        redaction.sorted(&shown.join("\n"))
    );
}

#[test]
fn its_test_passes() {
    let project = Project::new("first-project-tested");
    let tested = project.cargo(&["test"]);
    assert!(tested.status.success(), "{}", text(&tested));
    assert!(text(&tested).contains("1 passed"), "{}", text(&tested));
}

#[test]
fn its_source_is_an_example_of_the_crate() {
    let source = fs::read_to_string(root().join("ploy/examples/first.rs")).unwrap();
    let readme = page("README.md");
    let block = readme.marked("the first project: src/main.rs");
    assert_eq!(block.lines.join("\n") + "\n", source);
}
