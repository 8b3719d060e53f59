//! What only shows across crates: `fixtures/three-crates` is built and run.
#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::{env, fs, io};

/// A copy of the fixture, so that a build writes nothing into the sources.
fn fixture() -> &'static Path {
    static FIXTURE: OnceLock<PathBuf> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("three-crates");
        copy_folder(&root.join("tests/fixtures/three-crates"), &copy).unwrap();
        // The versions of the product, so that nothing has to be fetched.
        fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock")).unwrap();
        let manifest = fs::read_to_string(copy.join("Cargo.toml")).unwrap();
        let ploy = fs::canonicalize(root.join("ploy")).unwrap();
        let manifest = manifest.replace("../../../ploy", ploy.to_str().unwrap());
        write_if_changed(&copy.join("Cargo.toml"), manifest.as_bytes()).unwrap();
        copy
    })
}

/// Copies what differs: what stays as it is need not be built again.
fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            write_if_changed(&target, &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

fn write_if_changed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    fs::write(path, bytes)
}

/// Runs cargo in the fixture; what comes after `--` is for the program that cargo runs.
fn cargo(arguments: &[&str], of_program: &[&str]) -> Output {
    let fixture = fixture();
    Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--quiet", "--color", "never", "--target-dir"])
        // The new project of another suite is built there too, of the same dependencies.
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside"))
        .arg("--")
        .args(of_program)
        .current_dir(fixture)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_crate_that_is_only_used_brings_its_jobs() {
    let listed = cargo(&["run", "--package", "deploy"], &["list"]);
    assert!(listed.status.success(), "{}", text(&listed));
    let listed = text(&listed);
    for part in ["upload-web", "Upload the new release.", "smoke"] {
        assert!(listed.contains(part), "{part} is missing:\n{listed}");
    }
}

#[test]
fn actions_join_across_modules_and_crates() {
    let ran = cargo(&["run", "--package", "deploy"], &["smoke", "upload-web"]);
    assert!(ran.status.success(), "{}", text(&ran));
    let ran = text(&ran);
    for part in ["answers", "uploaded", "backed up"] {
        assert!(ran.contains(part), "{part:?} is missing:\n{ran}");
    }
}

#[test]
fn the_generated_test_passes() {
    let tested = cargo(
        &["test", "--package", "deploy"],
        &["ploy_catalogue_is_sound", "--exact"],
    );
    assert!(tested.status.success(), "{}", text(&tested));
    assert!(text(&tested).contains("1 passed"), "{}", text(&tested));
}

#[test]
fn a_crate_that_nothing_names_is_not_linked() {
    let forgetful = ["run", "--package", "deploy", "--features", "forgetful"];
    let listed = cargo(&forgetful, &["list"]);
    assert!(listed.status.success(), "{}", text(&listed));
    assert!(!text(&listed).contains("upload-web"), "{}", text(&listed));
    assert!(text(&listed).contains("smoke"), "{}", text(&listed));
}

#[test]
fn a_role_that_another_crate_does_not_declare_does_not_compile() {
    let checked = cargo(
        &["check", "--package", "web-jobs", "--features", "misspelt"],
        &[],
    );
    assert!(!checked.status.success(), "{}", text(&checked));
    let expected = r#"
error[E0080]: evaluation panicked: undeclared role `databse`; did you mean `database`? (declared roles: web, primary, database)
 --> web-jobs/src/misspelt.rs:3:40
  |
3 | #[job(name = "verify", roles = ["web", "databse"])]
  |                                        ^^^^^^^^^ evaluation of `misspelt::_::_` failed here
"#;
    let said = text(&checked);
    assert!(said.contains(expected.trim_start()), "{said}");
    assert_eq!(said.matches("error[").count(), 1, "{said}");
}
