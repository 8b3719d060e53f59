//! Services that a job starts, and runs that end.

use ploy::action::Action;
use ploy::event::CancelReason;
use ploy::run::Runner;
use ploy::{Cx, Script, Shell};
use ploy_tests::{Mark, start};

use super::checks::service::end;
use super::{jobs, sites};

/// Starts a service and reports its process id; then runs this.
fn starts(mark: &Mark, then: &'static str) -> Action {
    let mark = mark.clone();
    Action::new(move |cx: Cx| {
        let mark = mark.clone();
        async move {
            let (name, value) = mark.variable();
            let service = cx
                .shell()
                .detach(Script::raw("exec sleep 1145"))
                .env(name, value)
                .await?;
            cx.report(service.pid());
            cx.shell().run(Script::raw(then)).env(name, value).await?;
            Ok::<(), ploy::Error>(())
        }
    })
}

/// The one process that is left is the service; ends it.
fn assert_left(mark: &Mark, reported: &[String]) {
    mark.wait_until_gone(|process| process.command == "sleep 1145");
    let left = mark.processes();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(reported, [left[0].pid.to_string()]);
    mark.kill_all();
}

#[test]
fn one_outlives_its_run() {
    let mark = Mark::new();
    let runner = Runner::new(sites(1), jobs([("a", starts(&mark, "true"))]));
    let ran = start(
        runner,
        |batch| async move { batch.run("a").await.into_result() },
    )
    .finish();
    assert!(ran.stats.is_ok());
    assert_left(&mark, &ran.reports());
}

#[test]
fn one_outlives_a_run_that_is_interrupted() {
    let mark = Mark::new();
    let runner = Runner::new(
        sites(1),
        jobs([("a", starts(&mark, "echo waits; sleep 1146"))]),
    );
    let going = start(
        runner,
        |batch| async move { batch.run("a").await.into_result() },
    );
    going.wait_for_output("waits");
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert!(!ran.stats.is_ok());
    assert_left(&mark, &ran.reports());
}

#[tokio::test]
#[ignore = "needs dash, bash, busybox and perl: tests/run runs it"]
async fn whatever_gives_it_a_session_will_do() {
    // Each folder has what a site may have instead of `setsid`.
    let which = |name: &str| Shell::local().run(Script::raw(format!("command -v {name}")));
    for program in ["setsid", "busybox", "perl"] {
        let folder = tempfile::tempdir().unwrap();
        for name in [program, "sh", "sleep"] {
            let path = which(name).await.unwrap();
            std::os::unix::fs::symlink(path.text().as_ref(), folder.path().join(name)).unwrap();
        }
        for shell in ["dash", "bash", "busybox sh"] {
            let interpreter = which(shell.split(' ').next().unwrap()).await.unwrap();
            // busybox is what it is called by.
            let named = folder.path().join("ash");
            let _ = std::fs::remove_file(&named);
            std::os::unix::fs::symlink(interpreter.text().as_ref(), &named).unwrap();
            let settings = ploy::topology::Settings::new()
                .env("PATH", folder.path().to_str().unwrap())
                .shell(named.to_str().unwrap());
            let service = Shell::with("here", settings)
                .detach(Script::raw("exec sleep 1147"))
                .await
                .unwrap_or_else(|failure| panic!("{shell} with {program}: {failure:?}"));
            end(&service);
        }
    }
}
