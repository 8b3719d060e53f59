//! A new project, made by `cargo run -p ploy-cli --example new`: it builds, runs, and passes its
//! tests.
#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ploy_tests::{Program, Redaction, golden};

/// Where cargo builds it: beside the fixture of three crates, with which it shares all
/// dependencies.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside")
}

/// Runs cargo in the project; what comes after `--` is for the program that cargo runs.
fn cargo(project: &Path, arguments: &[&str], of_program: &[&str]) -> Output {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--color", "never", "--target-dir"])
        .arg(target())
        .arg("--")
        .args(of_program)
        .current_dir(project)
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}\n{}", text(&output));
    output
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn it_builds_runs_and_passes_its_tests() {
    // Always at the same place, so that only what differs is built again.
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new/my-deploy");
    let _ = fs::remove_dir_all(&project);
    let made = Program::new("new", [&project]).run().exited(0);
    let next = Redaction::new().text(project.to_str().unwrap(), "[project]");
    golden("new/made", &next.apply(&made.out()));
    // The versions of the product, so that nothing has to be fetched.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).unwrap();

    let built = text(&cargo(&project, &["build", "--all-targets"], &[]));
    assert!(!built.contains("warning"), "{built}");
    let listed = text(&cargo(&project, &["run"], &["list"]));
    for part in ["upload", "switch", "release"] {
        assert!(listed.contains(part), "{part} is missing:\n{listed}");
    }
    let _ = cargo(&project, &["run"], &["plan", "release"]);
    let checked = text(&cargo(&project, &["run"], &["check"]));
    assert!(checked.contains("2 sites ready"), "{checked}");

    let _ = cargo(&project, &["run"], &["upload"]);
    let released = text(&cargo(&project, &["run"], &["release"]));
    assert!(released.contains("4 tasks succeeded"), "{released}");
    let page = fs::read(project.join("site/index.html")).unwrap();
    for site in ["web1", "web2"] {
        let site = project.join("target/sites").join(site);
        assert_eq!(fs::read_dir(site.join("releases")).unwrap().count(), 2);
        assert_eq!(fs::read(site.join("current/index.html")).unwrap(), page);
    }

    let tested = text(&cargo(&project, &["test"], &[]));
    for test in [
        "ploy_catalogue_is_sound",
        "tests::what_was_uploaded_is_served",
    ] {
        assert!(tested.contains(&format!("{test} ... ok")), "{tested}");
    }
}

#[test]
fn what_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(path("taken")).unwrap();
    fs::write(path("taken/notes"), "").unwrap();
    fs::write(path("file"), "").unwrap();
    fs::create_dir_all(path("repository/.git")).unwrap();
    let mut told = String::new();
    for arguments in [
        vec![],
        vec![path("my deploy")],
        vec![path("match")],
        vec![path("2fast")],
        vec![path("web.example")],
        vec![path("x"), "--name".to_owned()],
        vec![path("x"), "--name=test".to_owned()],
        vec![path("x"), path("y")],
        vec![path("x"), "--nme".to_owned()],
        vec![path("taken")],
        vec![path("file")],
    ] {
        let finished = Program::new("new", &arguments).run().exited(2);
        assert_eq!(finished.out(), "");
        told += &format!("$ new {}\n{}\n", arguments.join(" "), finished.err());
    }
    let below_file = Program::new("new", [path("file/below")]).run();
    assert!(
        matches!(below_file.code, Some(1 | 2)),
        "{}",
        below_file.err()
    );
    let folder_text = folder.path().to_str().unwrap();
    golden("new/errors", &told.replace(folder_text, "[folder]"));
    assert!(!folder.path().join("x").exists(), "it was begun");

    // A repository that was just made is empty enough, and another name may be given.
    let arguments = [path("repository"), "--name".to_owned(), "web".to_owned()];
    let _ = Program::new("new", &arguments).run().exited(0);
    let manifest = fs::read_to_string(path("repository/Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"web\""), "{manifest}");
}
