//! Commands on this machine: their ends, their folders, what they leave behind.

use std::time::Duration;

use ploy::error::Kind;
use ploy::event::EventKind;
use ploy::scheduling::{Mode, Stage};
use ploy::topology::Settings;
use ploy::{Script, Shell};

use super::{command, jobs, run, sites};

#[tokio::test]
async fn a_folder_that_is_missing_is_told_apart_from_a_script_that_fails() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").display().to_string();
    let shell = Shell::with("here", Settings::new().path(&missing));
    let failure = shell.run(Script::raw("true")).await.unwrap_err();
    assert_eq!(
        failure.to_string(),
        format!("cannot enter `{missing}` on here")
    );
    assert!(failure.hint().is_some());

    let path = folder.path().display().to_string();
    let shell = Shell::with("here", Settings::new().path(&path));
    let script = Script::raw(format!("echo ran >file; cd {missing}"));
    let failure = shell.run(script).await.unwrap_err();
    assert_eq!(failure.to_string(), "command failed on here");
    assert_eq!(
        std::fs::read_to_string(folder.path().join("file")).unwrap(),
        "ran\n"
    );
    // Nor is it taken for a missing folder when it has that status for itself.
    let failure = shell.run(Script::raw("exit 98")).await.unwrap_err();
    assert_eq!(failure.to_string(), "command failed on here");
}

#[tokio::test]
async fn something_that_left_the_group_does_not_hold_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let stop = folder.path().join("stop").display().to_string();
    // It talks all the time, so its output is never silent.
    let script = format!(
        "setsid sh -c 'while [ ! -e {stop} ]; do echo tick; sleep 0.1; done' & echo started"
    );
    let output = Shell::local().run(Script::raw(script)).await.unwrap();
    std::fs::write(stop, "").unwrap();
    assert!(
        output.text().starts_with("started") || output.text().contains("\nstarted"),
        "{}",
        output.text()
    );
}

#[test]
fn what_a_command_leaves_in_the_background_is_ended_and_told() {
    let ran = run(
        sites(1),
        jobs([("a", command("sleep 1130 & echo started"))]),
        Stage::new(Mode::Parallel, "a"),
    );
    assert!(ran.stats.is_ok());
    let told = ran.events.iter().filter(|event| {
        matches!(
            event.kind,
            EventKind::CommandFinished {
                has_leftovers: true,
                ..
            }
        )
    });
    assert_eq!(told.count(), 1);
}

#[tokio::test]
async fn a_time_out_ends_a_command_that_ignores_it() {
    let script = Script::raw("trap '' TERM; sleep 1131 & wait; while :; do sleep 0.1; done");
    let failure = Shell::local()
        .run(script)
        .timeout(Duration::from_millis(200))
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), Kind::Timeout);
}

#[tokio::test]
async fn only_the_end_of_a_long_output_is_captured() {
    let output = Shell::local()
        .run(Script::raw("seq 1 100000"))
        .capture_limit(10)
        .await
        .unwrap();
    assert_eq!(output.stdout(), b"99\n100000\n");
    assert!(output.dropped() > 500_000);
}

#[tokio::test]
async fn variables_that_a_shell_would_misread_are_refused() {
    let shell = Shell::with("here", Settings::new().env("A; touch /tmp/x", "1"));
    assert_eq!(
        shell.run(Script::raw("true")).await.unwrap_err().kind(),
        Kind::Usage
    );
    let shell = Shell::with("here", Settings::new().env("A", "it's $HOME"));
    let output = shell.run(Script::raw("printf %s \"$A\"")).await.unwrap();
    assert_eq!(output.text(), "it's $HOME");
}
