//! Runs as JUnit reports: each way in which something ends.

use std::time::Duration;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::event::CancelReason;
use ploy::report::Junit;
use ploy::run::Runner;
use ploy::scheduling::Stage;
use ploy::{Batch, Cx, Error, Group, HealthCheck, Script};
use ploy_tests::{Going, start};
use tempfile::TempDir;

use super::{command, err, err_on, jobs, ok, sites};

/// A run with a report in a folder.
fn reported<F, T>(
    count: usize,
    catalogue: Catalogue,
    schedule: impl FnOnce(Batch) -> F + Send + 'static,
) -> (Going, TempDir)
where
    F: Future<Output = T> + Send + 'static,
    T: ploy::action::JobOutput + 'static,
{
    let folder = tempfile::tempdir().unwrap();
    let junit = Junit::to_file(folder.path().join("report.xml")).unwrap();
    let runner = Runner::new(sites(count), catalogue).reporter(junit);
    (start(runner, schedule), folder)
}

/// The value of an attribute of the element that this begins with.
fn attribute<'a>(element: &'a str, name: &str) -> &'a str {
    let tag = &element[..element.find('>').unwrap()];
    let value = tag.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest);
    value.map_or("", |rest| &rest[..rest.find('"').unwrap()])
}

/// Suites and cases, a line each: the name, the place, how it ended, and the message.
fn outline((going, folder): (Going, TempDir)) -> (Vec<String>, String) {
    going.finish();
    let report = std::fs::read_to_string(folder.path().join("report.xml")).unwrap();
    let mut lines = Vec::new();
    for element in report.split("    <").skip(1) {
        let tag = element.split([' ', '>', '/']).next().unwrap_or_default();
        let of = |name: &str| attribute(element, name);
        match tag {
            "testsuite" => lines.push(format!("{}:", of("name"))),
            "testcase" => lines.push(format!("{} on {}", of("name"), of("classname"))),
            "failure" | "error" | "skipped" | "flakyFailure" | "rerunFailure" => {
                let last = lines.last_mut().unwrap();
                last.push_str(&format!(" {tag} {}({})", of("message"), of("type")));
            }
            _ => {}
        }
    }
    (lines, report)
}

async fn health(_: Group) -> Result<(), Error> {
    Err(Error::msg("it is ill"))
}

#[test]
fn each_way_to_end_has_its_element() {
    let second = Action::new(|cx: Cx| async move {
        let script = format!("[ {} -gt 1 ]", cx.attempt());
        cx.shell().run(Script::raw(script)).await.map(drop)
    });
    let watch = Action::new(|cx: Cx| async move {
        cx.background("watch", |_| async {
            Err::<(), _>(Error::msg("nothing to see"))
        });
    });
    let catalogue = jobs([
        ("second", second),
        ("watch", watch),
        ("fails", err_on("s1")),
        ("err", err()),
        ("ok", ok()),
    ]);
    let pause = Duration::from_millis(1);
    let (lines, report) = outline(reported(2, catalogue, move |batch| async move {
        batch
            .run("second")
            .retries(1)
            .backoff(pause)
            .on(["s1"])
            .await
            .into_result()?;
        batch
            .run("err")
            .retries(1)
            .backoff(pause)
            .on(["s1"])
            .await
            .into_result()
            .unwrap_err();
        let _ = batch
            .run(["fails", "ok", "ok"])
            .name("main")
            .desc("all <of> it")
            .await;
        batch
            .run("watch")
            .name("main")
            .on(["s2"])
            .await
            .into_result()?;
        let rolling = Stage::rolling(1, "ok")
            .name("rolling")
            .check(HealthCheck::new(health));
        let _ = batch.stage(rolling).await;
        batch.run("err").name("allowed").await.allow_failure();
        let _ = batch.run("missing").await;
        Err::<(), _>(Error::msg("the schedule is not content"))
    }));
    let expected = [
        "stage 1:",
        "second on s1 flakyFailure command failed on s1: `[ 1 -gt 1 ]` exited with status 1(command)",
        "stage 2:",
        "err on s1 failure it went wrong(other) rerunFailure it went wrong(other)",
        "main:",
        "fails on s1 failure it went wrong(other)",
        "fails on s2",
        "ok on s1 skipped not started, because of the failure before it()",
        "ok on s2",
        "ok (2) on s1 skipped not started, because of the failure before it()",
        "ok (2) on s2",
        "main (stage 4):",
        "watch on s2",
        "watch: watch on s2 failure nothing to see(other)",
        "rolling:",
        "ok on s1",
        "ok on s2 skipped not started, because the check before it failed()",
        "health on group 1 of 2 failure it is ill(other)",
        "allowed:",
        "err on s1 skipped it failed, which the schedule allows()",
        "err on s2 skipped it failed, which the schedule allows()",
        "stage 7:",
        "stage 7 on stage error",
        "schedule:",
        "schedule on  error the schedule is not content(other)",
    ];
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}\n{expected}");
    }
    assert!(
        report.contains(r#"<property name="desc" value="all &lt;of&gt; it"/>"#),
        "{report}"
    );
    assert!(
        report.contains(r#"<property name="mode" value="rolling"/>"#),
        "{report}"
    );
}

#[test]
fn what_is_cancelled_is_an_error_and_what_had_failed_stays_a_failure() {
    let catalogue = jobs([
        ("fails", err_on("s1")),
        ("sleeps", command("echo asleep; sleep 30")),
    ]);
    let run = reported(2, catalogue, |batch| async move {
        batch.run(["fails", "sleeps"]).await.into_result()
    });
    run.0.wait_for_output("asleep");
    run.0.cancel(CancelReason::Interrupt);
    let (lines, _) = outline(run);
    assert_eq!(lines[1], "fails on s1 failure it went wrong(other)");
    assert_eq!(lines[2], "fails on s2");
    assert!(lines[3].starts_with("sleeps on s1 skipped "), "{lines:#?}");
    assert!(lines[4].starts_with("sleeps on s2 error "), "{lines:#?}");
    assert!(lines[4].ends_with("(cancelled)"), "{lines:#?}");
}
