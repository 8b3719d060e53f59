//! Golden output: `tests/golden/cli/*.txt`. Run with `PLOY_GOLDEN=write` to write the files anew,
//! and look at the difference before it is committed.

use std::path::Path;

use ploy_tests::{Program, Redaction, built, golden};

/// Runs a program and compares all that it prints, and its exit code.
fn check(name: &str, binary: &str, arguments: &[&str]) {
    check_as(name, binary, arguments, Redaction::apply);
}

/// The same for a run on several sites, whose lines come in any order.
fn check_sorted(name: &str, binary: &str, arguments: &[&str]) {
    check_as(name, binary, arguments, Redaction::sorted);
}

fn check_as(name: &str, binary: &str, arguments: &[&str], shown: fn(&Redaction, &str) -> String) {
    let sites = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(sites.path().join("web1")).unwrap();
    let folder = sites.path().display().to_string();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .display()
        .to_string();
    let redaction = Redaction::new()
        .text(&folder, "[folder]")
        // Programs are called by their whole path.
        .text(
            format!("{}/", built(binary).parent().unwrap().display()),
            "",
        )
        .text(root, "[root]");
    let program = Program::new(binary, arguments).env("WEBSITE_FOLDER", &folder);
    let finished = program.env("FLEET_FOLDER", &folder).run();
    let text = format!(
        "$ {binary} {}\nexit code: {}\n--- standard output\n{}--- standard error\n{}",
        arguments.join(" "),
        finished.code.unwrap(),
        shown(&redaction, &finished.out()),
        shown(&redaction, &finished.err()),
    );
    golden(&format!("cli/{name}"), &text);
    finished.assert_clean();
}

#[test]
fn website() {
    check("website-list", "website", &["list"]);
    check("website-sites", "website", &["sites"]);
    check(
        "website-sites-of-a-role",
        "website",
        &["sites", "--roles", "primary"],
    );
    check(
        "website-plan-jobs",
        "website",
        &["plan", "upload-web", "upgrade-web"],
    );
    check("website-plan-schedule", "website", &["plan", "release"]);
    check("website-help", "website", &["--help"]);
    check("website-help-of-run", "website", &["run", "--help"]);
    check("website-version", "website", &["--version"]);
    check("website-nothing", "website", &[]);
}

#[test]
fn mistakes() {
    check("typo-job", "website", &["uplaod-web"]);
    check("typo-job-after-run", "website", &["run", "uplaod-web"]);
    check("typo-command", "website", &["lst"]);
    check("typo-role", "website", &["upload-web", "--roles", "wbe"]);
    check("typo-option", "website", &["upload-web", "--role", "web"]);
    check(
        "several-mistakes",
        "website",
        &["uplaod-web", "smok", "nothing-like-it"],
    );
    check("reserved-command", "website", &["history"]);
    check("schedule-with-a-job", "website", &["release", "smoke"]);
    check("no-site-left", "probe", &["panic", "--roles", "web2"]);
    check("plan-of-code", "probe", &["plan", "forgive"]);
    check("role-without-value", "website", &["upload-web", "--roles"]);
}

#[test]
fn scheduling() {
    check("rollout-plan", "rollout", &["plan", "release"]);
    check(
        "website-plan-rolling",
        "website",
        &[
            "plan",
            "upload-web",
            "upgrade-web",
            "--groups",
            "1,100%",
            "--pause",
            "5s",
            "--retries",
            "2",
            "-f",
            "4",
            "--max-fail",
            "10%",
            "--timeout",
            "90s",
        ],
    );
    check(
        "website-plan-once",
        "website",
        &[
            "plan",
            "upload-web",
            "-m",
            "atomic",
            "--once",
            "--keep-going",
        ],
    );
    check("mode-typo", "website", &["smoke", "--mode", "rollin"]);
    check(
        "mode-of-a-schedule",
        "website",
        &["release", "--mode", "atomic", "--once"],
    );
    check(
        "pause-without-groups",
        "website",
        &["smoke", "--pause", "3s"],
    );
    check(
        "groups-malformed",
        "website",
        &["smoke", "--groups", "1,ten"],
    );
    check("time-malformed", "website", &["smoke", "--timeout", "soon"]);
    check(
        "max-fail-malformed",
        "website",
        &["smoke", "--max-fail", "120%"],
    );
}

#[test]
fn choosing_sites() {
    check(
        "sites-limited",
        "website",
        &["sites", "-l", "web[1-2] & primary, web3"],
    );
    check(
        "sites-excluded",
        "website",
        &["sites", "--exclude", "primary"],
    );
    check("limit-typo", "website", &["smoke", "--limit", "wbe1,web2"]);
    check(
        "limit-malformed",
        "website",
        &["smoke", "--limit", "web1,,web2"],
    );
    check(
        "limit-operator",
        "website",
        &["smoke", "--limit", "web:!web1"],
    );
    check("limit-range", "website", &["smoke", "--limit", "web[1-5]"]);
    check(
        "limit-leaves-nothing",
        "website",
        &["smoke", "--limit", "web1&web2"],
    );
    check("excluded-all", "website", &["smoke", "-x", "web*"]);
    check("sites-of-a-role", "website", &["smoke", "--sites", "web"]);
    check("list-limited", "website", &["list", "--limit", "web1"]);
}

#[test]
fn runs() {
    // The folder of web1 is there, and empty.
    check(
        "nothing-uploaded",
        "website",
        &["upgrade-web", "--roles", "web1"],
    );
    check("failed", "probe", &["fail", "--roles", "web1"]);
    check("panicked", "probe", &["panic", "--roles", "web1"]);
    check("succeeded", "probe", &["succeed", "--roles", "web2"]);
    check("not-text", "probe", &["binary"]);
    check_sorted("forgiven", "probe", &["forgive"]);
    check_sorted(
        "failed-everywhere",
        "probe",
        &["fail", "succeed", "--roles", "web"],
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn uploads() {
    check_sorted("uploaded", "website", &["upload-web"]);
    check_sorted("released", "website", &["release"]);
}

#[test]
fn monorepo() {
    check("monorepo-list", "deploy", &["list"]);
    check("monorepo-sites", "deploy", &["sites"]);
    check("monorepo-plan", "deploy", &["plan", "nightly"]);
    check("monorepo-typo", "deploy", &["nigthly"]);
}
