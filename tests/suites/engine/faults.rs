//! What an action can do wrong, and how it is told.

use anyhow::Context as _;
use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::error::Kind;
use ploy::event::TaskResult;
use ploy::scheduling::{Mode, Stage};
use ploy::topology::{Settings, Topology};
use ploy::{Cx, Error, Script};

use super::{command, jobs, run, sites};

fn run_one(action: Action) -> ploy_tests::Ran {
    run(
        sites(1),
        jobs([("a", action)]),
        Stage::new(Mode::SiteSequential, "a"),
    )
}

#[test]
fn a_panic_is_that_actions_failure_and_no_one_elses() {
    let panics = Action::new(|cx: Cx| async move { assert!(cx.is_cancelled(), "no such luck") });
    let mut catalogue = jobs([("a", panics), ("c", super::ok())]);
    catalogue.add("a", ["s2"], [super::ok()]);
    catalogue.add(
        "b",
        ["all"],
        [Action::blocking(|_| -> () { panic!("{} too", "this") })],
    );
    let stage = Stage::new(Mode::SiteSequential, ["a", "b", "c"]).break_on_error(false);
    let ran = run(sites(2), catalogue, stage);
    let told: Vec<_> = ran
        .faults("s2")
        .iter()
        .map(|fault| (fault.kind, fault.to_string()))
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Other, "the job panicked: no such luck".to_owned()),
            (Kind::Other, "the job panicked: this too".to_owned()),
        ]
    );
    assert_eq!(ran.result("s2", "c"), Some(TaskResult::Succeeded));
    assert_eq!((ran.stats.failed, ran.stats.succeeded), (4, 2));
}

#[test]
fn fail_marks_the_action_and_goes_on() {
    let ran = run_one(Action::new(|cx: Cx| async move {
        cx.fail("first");
        cx.fail(format_args!("number {}", 2));
        cx.report("still here");
    }));
    let faults = ran.faults("s1");
    assert_eq!(
        faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["first", "number 2"]
    );
    assert!(
        faults[0]
            .location
            .as_ref()
            .unwrap()
            .file
            .starts_with("tests/suites/engine/faults.rs")
    );
    assert_eq!(ran.reports(), ["still here"]);
    assert_eq!(ran.stats.failed, 1, "one task, however many faults");
}

#[test]
fn an_error_of_anyhow_keeps_kind_hint_and_place() {
    let ran = run_one(Action::new(|cx: Cx| async move {
        cx.shell()
            .run(Script::raw("exit 127"))
            .await
            .context("while looking")?;
        anyhow::Ok(())
    }));
    let fault = ran.fault("s1");
    assert_eq!(fault.kind, Kind::Command);
    assert_eq!(
        fault.messages,
        [
            "while looking",
            "command failed on s1",
            "`exit 127` exited with status 127"
        ]
    );
    assert!(fault.hint.unwrap().contains("not installed"));
    assert_eq!(fault.command.unwrap().code, Some(127));
    assert!(
        fault
            .location
            .unwrap()
            .file
            .starts_with("tests/suites/engine/faults.rs")
    );
}

#[test]
fn any_error_will_do() {
    let ran = run_one(Action::new(|_| async { Err::<(), _>("just text") }));
    assert_eq!(ran.fault("s1").messages, ["just text"]);
    let ran = run_one(Action::new(|_| async {
        std::fs::read("/no/such/file").map(drop)
    }));
    assert!(ran.fault("s1").to_string().contains("No such file"));
    let ran = run_one(Action::new(|_| async {
        std::fs::read("/no/such/file")
            .map(drop)
            .map_err(|error| Error::from(error).context("reading it"))
    }));
    assert!(
        ran.fault("s1")
            .to_string()
            .starts_with("reading it: No such file"),
        "{}",
        ran.fault("s1")
    );
}

#[test]
fn a_plain_function_runs_commands() {
    let ran = run_one(Action::blocking(|cx: Cx| {
        let output = cx.blocking().run(Script::raw("echo one"))?;
        assert_eq!(output.text(), "one");
        let limited = cx
            .blocking()
            .wait(cx.shell().run(Script::raw("echo two; exit 3")).unchecked())?;
        assert_eq!((limited.code(), limited.text().as_ref()), (Some(3), "two"));
        cx.blocking()
            .run(Script::raw("echo broken >&2; exit 4"))
            .map(drop)
    }));
    let fault = ran.fault("s1");
    assert_eq!(
        (fault.kind, fault.command.unwrap().code),
        (Kind::Command, Some(4))
    );
    assert!(
        fault
            .location
            .unwrap()
            .file
            .starts_with("tests/suites/engine/faults.rs")
    );
    assert_eq!(ran.text("s1"), "one\ntwo\n");
}

#[test]
fn many_plain_functions_run_at_once() {
    let together = std::sync::Arc::new(std::sync::Barrier::new(12));
    let wait = together.clone();
    let action = Action::blocking(move |_| {
        wait.wait();
    });
    let ran = run(
        sites(12),
        jobs([("a", action)]),
        Stage::new(Mode::Parallel, "a"),
    );
    assert_eq!(ran.stats.succeeded, 12);
}

#[test]
fn capture_is_bounded_and_showing_is_not() {
    let ran = run_one(Action::new(|cx: Cx| async move {
        let output = cx
            .shell()
            .run(Script::raw("head -c 1000000 /dev/zero; echo end"))
            .capture_limit(100)
            .await?;
        assert_eq!(
            (output.stdout().len(), output.dropped()),
            (100, 1_000_004 - 100)
        );
        assert!(output.stdout().ends_with(b"end\n"));
        Ok::<(), Error>(())
    }));
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("s1"));
    assert_eq!(
        ran.output("s1", ploy::event::Stream::Stdout).len(),
        1_000_004
    );
}

#[test]
fn a_var_that_is_not_there_is_told_at_the_call() {
    let ran = run_one(Action::new(|cx: Cx| async move {
        cx.var::<u32>("keep").map(drop)
    }));
    let fault = ran.fault("s1");
    assert_eq!(
        (fault.kind, fault.messages[0].as_str()),
        (Kind::Usage, "site `s1` has no var `keep`")
    );
    assert!(
        fault
            .location
            .unwrap()
            .file
            .starts_with("tests/suites/engine/faults.rs")
    );
}

#[test]
fn a_local_shell_that_is_not_there_is_told() {
    let mut topology = Topology::new();
    topology.add("s1", Settings::new().roles(["all"]).shell("no-such-shell"));
    let ran = run(
        topology,
        jobs([("a", command("true"))]),
        Stage::new(Mode::SiteSequential, "a"),
    );
    assert!(ran.fault("s1").to_string().contains("no-such-shell"));
    assert_eq!(ran.stats.failed, 1);
}

#[test]
fn commands_of_one_action_may_run_side_by_side() {
    let mut catalogue = Catalogue::new();
    let action = Action::new(|cx: Cx| async move {
        let run = |text: &str| IntoFuture::into_future(cx.shell().run(Script::raw(text)));
        let (first, second) = tokio::join!(run("echo first"), run("echo second"));
        assert_eq!(
            (first?.text().as_ref(), second?.text().as_ref()),
            ("first", "second")
        );
        Ok::<(), Error>(())
    });
    catalogue.add("a", ["all"], [action]);
    let ran = run(sites(4), catalogue, Stage::new(Mode::Parallel, "a"));
    assert!(ran.stats.is_ok());
}
