//! What of a run is shown to people: `report`, `debug`, `log` and `quiet`.

use std::io::Write;
use std::sync::{Arc, Mutex};

use ploy::report::{Palette, Plain};
use ploy::{Action, Cx, Error, Runner, Script};
use ploy_tests::start;

use super::{jobs, sites};

#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<u8>>>);

impl Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Shown {
    fn text(&self) -> String {
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
    let plain = Plain::new(out.clone(), Palette::PLAIN, err.clone(), Palette::PLAIN);
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
    topology.add("a-longer-name", ploy::Settings::new().roles(["all"]));
    let (out, err) = (Shown::default(), Shown::default());
    let plain = Plain::new(out.clone(), Palette::PLAIN, err.clone(), Palette::PLAIN);
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
