//! What holds for every shell, on this machine.

use ploy::action::Action;
use ploy::event::{CancelReason, EventKind, TaskResult};
use ploy::run::Runner;
use ploy::{Cx, Error, Script, Shell};
use ploy_tests::{Mark, start};

use super::checks::{input, lines, output, service};
use super::{jobs, run, sites};

macro_rules! checked {
    ($($room:ident: $($check:ident)*;)*) => {
        $($(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $check() {
            $room::$check(&Shell::local()).await;
        })*)*
    };
}

checked! {
    input: all_of_it_arrives it_need_not_be_read trouble_with_it_is_the_failure a_time_out_holds_meanwhile;
    output: every_byte_arrives it_goes_to_files a_writer_that_fails_ends_it
        a_slow_writer_slows_its_own_command_alone it_may_be_closed_early a_line_may_be_long
        variables_and_folders_arrive several_run_at_once a_stuck_writer_is_not_waited_for;
    lines: they_come_and_then_the_end a_long_one_comes_in_parts what_is_not_read_waits it_ends_when_it_is_to;
    service: it_is_as_it_was_told what_cannot_start_is_told;
}

#[tokio::test]
async fn a_log_tells_all() {
    output::a_log_tells_all(&Shell::local(), "localhost").await;
}

#[tokio::test]
async fn a_signal_is_known_by_its_number() {
    let script = Script::raw("kill -s USR1 $$");
    let output = Shell::local().run(script).unchecked().await.unwrap();
    assert_eq!((output.code(), output.signal()), (None, Some(10)));
    assert!(!output.success());
}

/// An action that reads the lines of this script until there are no more, or it says `enough`.
fn reads(mark: &Mark, text: &'static str) -> Action {
    let mark = mark.clone();
    Action::new(move |cx: Cx| {
        let mark = mark.clone();
        async move {
            let (name, value) = mark.variable();
            let run = cx.shell().run(Script::raw(text)).env(name, value);
            let mut lines = run.lines();
            while let Some(line) = lines.next().await {
                if line?.text() == "enough" {
                    break;
                }
            }
            Ok::<(), Error>(())
        }
    })
}

#[test]
fn a_run_that_is_cancelled_ends_what_is_read() {
    let mark = Mark::new();
    let action = reads(&mark, "echo one; sleep 1150");
    let runner = Runner::new(sites(1), jobs([("a", action)]));
    let going = start(
        runner,
        |batch| async move { batch.run("a").await.into_result() },
    );
    going.wait_for_output("one");
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert_eq!(ran.result("s1", "a"), Some(TaskResult::Cancelled));
    mark.wait_until_gone(|_| false);
}

#[test]
fn a_job_may_stop_reading() {
    let mark = Mark::new();
    let action = reads(&mark, "echo one; echo enough; yes");
    let ran = run(
        sites(1),
        jobs([("a", action)]),
        ploy::scheduling::Stage::of(["a"]),
    );
    assert!(ran.stats.is_ok(), "{:?}", ran.faults("s1"));
    let ends = ran
        .events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::CommandFinished { .. }));
    assert_eq!(ends.count(), 1);
    mark.wait_until_gone(|_| false);
}

#[test]
fn a_plain_function_runs_commands_with_options() {
    let action = Action::blocking(|cx: Cx| {
        let shell = cx.blocking();
        let command = ploy::shell::Command::new(Script::raw("cat")).stdin("some text");
        assert_eq!(shell.run(command)?.text(), "some text");
        let service = shell.detach(Script::raw("exec sleep 1151"))?;
        service::end(&service);
        Ok::<(), Error>(())
    });
    let ran = run(
        sites(1),
        jobs([("a", action)]),
        ploy::scheduling::Stage::of(["a"]),
    );
    assert!(ran.stats.is_ok(), "{:?}", ran.faults("s1"));
}
