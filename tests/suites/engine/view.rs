//! What of a run is shown to people: `report`, `debug`, `log` and `quiet`.

use std::io::Write;
use std::sync::{Arc, Mutex};

use ploy::action::Action;
use ploy::event::Show;
use ploy::report::{Palette, TextView};
use ploy::run::Runner;
use ploy::{Cx, Error, Script};
use ploy_tests::start;

use super::{jobs, sites};

/// What a reporter writes.
#[derive(Clone, Default)]
pub(super) struct Shown(Arc<Mutex<Vec<u8>>>);

impl Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Shown {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn shown(report: bool, debug: bool, log: bool, quiet: bool) -> (String, String) {
    let action = Action::new(|cx: Cx| async move {
        cx.shell()
            .run(Script::raw("echo out; echo err >&2"))
            .await?;
        cx.report("a report");
        cx.debug("a detail");
        Err::<(), _>(Error::msg("it went wrong"))
    });
    let (out, err) = (Shown::default(), Shown::default());
    let plain = TextView::new(out.clone(), Palette::PLAIN, err.clone(), Palette::PLAIN);
    let runner = Runner::new(sites(1), jobs([("a", action)])).reporter(plain);
    let ran = start(runner, move |batch| async move {
        batch
            .run("a")
            .report(report)
            .debug(debug)
            .log(log)
            .quiet(quiet)
            .await
            .into_result()
    })
    .finish();
    assert_eq!(
        ran.stats.failed, 1,
        "what is shown does not change what counts"
    );
    (out.text(), err.text())
}

#[test]
fn each_option_shows_what_it_says() {
    for bits in 0..16 {
        let on = |bit: u32| bits & (1 << bit) != 0;
        let (report, debug, log, quiet) = (on(0), on(1), on(2), on(3));
        let (out, err) = shown(report, debug, log, quiet);
        let case = format!("report {report}, debug {debug}, log {log}, quiet {quiet}:\n{out}{err}");
        let mut lines: Vec<&str> = out.lines().collect();
        lines.sort_unstable();
        assert_eq!(
            lines,
            if log {
                vec!["s1 ! err", "s1 | out"]
            } else {
                vec![]
            },
            "{case}"
        );
        assert_eq!(err.contains("s1 $ echo out"), log, "{case}");
        assert_eq!(err.contains("s1 > a report"), report || log, "{case}");
        assert_eq!(err.contains("s1 ? a detail"), debug, "{case}");
        assert_eq!(err.contains("s1 x a failed"), log || !quiet, "{case}");
        assert_eq!(err.contains("failed: a on s1"), log || !quiet, "{case}");
        assert_eq!(err.contains("it went wrong"), log || !quiet, "{case}");
        // The summary is always there.
        assert!(
            err.trim_end()
                .lines()
                .last()
                .unwrap()
                .starts_with("failed: 1 task failed on 1 site in "),
            "{case}"
        );
    }
}

#[test]
fn lines_of_many_sites_are_whole_and_aligned() {
    let mut topology = sites(3);
    topology.add(
        "a-longer-name",
        ploy::topology::Settings::new().roles(["all"]),
    );
    let (out, err) = (Shown::default(), Shown::default());
    let plain = TextView::new(out.clone(), Palette::PLAIN, err.clone(), Palette::PLAIN);
    let text =
        "i=0; while [ $i -lt 200 ]; do printf 'line '; echo $i; i=$((i+1)); done; printf 'no end'";
    let runner = Runner::new(topology, jobs([("a", super::command(text))])).reporter(plain);
    let ran = start(
        runner,
        |batch| async move { batch.run("a").await.into_result() },
    )
    .finish();
    assert!(ran.stats.is_ok());
    for site in [
        "s1           ",
        "s2           ",
        "s3           ",
        "a-longer-name",
    ] {
        let prefix = format!("{site} | ");
        let lines: Vec<String> = out
            .text()
            .lines()
            .filter_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
            .collect();
        let expected: Vec<String> = (0..200)
            .map(|number| format!("line {number}"))
            .chain(["no end".to_owned()])
            .collect();
        assert_eq!(lines, expected, "{site}");
    }
    assert_eq!(out.text().lines().count(), 4 * 201);
}

/// What is shown of a run of one action on one site with the log on: its output, and the rest.
fn shown_of(action: Action) -> (String, String) {
    let (out, err) = (Shown::default(), Shown::default());
    let plain = TextView::new(out.clone(), Palette::PLAIN, err.clone(), Palette::PLAIN);
    let runner = Runner::new(sites(1), jobs([("a", action)])).reporter(plain);
    start(runner, |batch| async move {
        batch.run("a").log(true).await.into_result()
    })
    .finish();
    (out.text(), err.text())
}

#[test]
fn a_command_shows_what_it_is_told_to() {
    for (show, out, command) in [
        (Show::All, "s1 | out\ns1 ! err\n", true),
        (Show::Errors, "s1 ! err\n", false),
        (Show::Nothing, "", false),
    ] {
        let action = Action::new(move |cx: Cx| async move {
            let script = Script::raw("echo out; sleep 0.2; echo err >&2; exit 5");
            cx.shell().run(script).show(show).await.map(drop)
        });
        let shown = shown_of(action);
        assert_eq!(shown.0, out, "{show:?}");
        assert_eq!(
            shown.1.contains("s1 $ echo out"),
            command,
            "{show:?}: {}",
            shown.1
        );
        // The failure has the end of its output all the same.
        assert!(shown.1.contains("exited with status 5"), "{}", shown.1);
        let tail = shown
            .1
            .lines()
            .filter(|line| line.trim_end().ends_with("err"));
        assert_eq!(tail.count(), 1, "{}", shown.1);
    }
}

#[test]
fn what_is_written_elsewhere_is_not_shown() {
    let (log, mut logged) = tokio::io::duplex(10_000);
    let log = Mutex::new(Some(log));
    let action = Action::new(move |cx: Cx| {
        let log = log.lock().unwrap().take().unwrap();
        async move {
            let script = Script::raw("echo one");
            cx.shell().run(&script).stdout(tokio::io::sink()).await?;
            let script = Script::raw("echo two");
            cx.shell().run(&script).log(log).await?;
            let mut lines = cx.shell().run(Script::raw("echo three")).lines();
            while let Some(line) = lines.next().await {
                line?;
            }
            cx.shell().run(Script::raw("echo four")).await?;
            Ok::<(), Error>(())
        }
    });
    let (out, err) = shown_of(action);
    assert_eq!(out, "s1 | three\ns1 | four\n");
    assert!(
        err.contains("s1 $ echo one\n") && !err.contains("two"),
        "{err}"
    );
    let mut text = String::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let read = tokio::io::AsyncReadExt::read_to_string(&mut logged, &mut text);
    runtime.block_on(read).unwrap();
    assert!(
        text.starts_with("s1 $ echo two\ns1 | two\ns1 = exited with status 0 ("),
        "{text}"
    );
}

#[test]
fn silence_is_told_where_the_command_is_shown() {
    let action = Action::new(|cx: Cx| async move {
        let quiet = Script::raw("sleep 12; true quiet");
        let hidden = Script::raw("sleep 12; true hidden");
        let (first, second) = tokio::join!(
            cx.shell().run(&quiet),
            cx.shell().run(&hidden).show(Show::Nothing)
        );
        first?;
        second?;
        Ok::<(), Error>(())
    });
    let (_, err) = shown_of(action);
    assert!(
        err.contains("s1 - still waiting for s1: sleep 12; true quiet (10 s)\n"),
        "{err}"
    );
    assert!(!err.contains("hidden"), "{err}");
}
