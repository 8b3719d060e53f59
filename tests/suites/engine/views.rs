//! How what is told of many sites is laid out: in groups, folded, as a table, or not at all.

use std::time::Duration;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::report::{Arrangement, Detail, Palette, TextView};
use ploy::run::Runner;
use ploy::scheduling::{Mode, Stage};
use ploy::{Cx, Error, Group, HealthCheck, Script};
use ploy_tests::{Ran, Redaction, start};

use super::view::Shown;
use super::{jobs, sites};

/// What was written, with times and ids redacted.
fn text(shown: &Shown) -> String {
    Redaction::new().apply(&shown.text())
}

/// What is written to the standard output and error of a run.
fn shown(
    arrangement: Arrangement,
    detail: Detail,
    count: usize,
    catalogue: Catalogue,
    stage: Stage,
) -> (String, String, Ran) {
    let (out, err) = (Shown::default(), Shown::default());
    let plain = TextView::new(out.clone(), Palette::PLAIN, err.clone(), Palette::PLAIN)
        .detail(detail)
        .arranged(arrangement);
    let runner = Runner::new(sites(count), catalogue).reporter(plain);
    let ran = start(runner, |batch| async move {
        batch.stage(stage).await.into_result()
    })
    .finish();
    (text(&out), text(&err), ran)
}

fn number(cx: &Cx) -> u32 {
    cx.site().name()[1..].parse().unwrap()
}

/// An action that runs a script made for its site.
fn script(text: impl Fn(u32) -> String + Send + Sync + 'static) -> Action {
    Action::new(move |cx: Cx| {
        let script = Script::raw(text(number(&cx)));
        async move { cx.shell().run(script).await.map(drop) }
    })
}

#[test]
fn lines_of_a_site_stand_together_and_none_is_lost_however_many() {
    // Several MiB on each site, at the same time.
    let long = script(|number| format!("yes site {number} | head -n 200000 | cat -n; echo end"));
    let (out, err, ran) = shown(
        Arrangement::Group,
        Detail::Normal,
        4,
        jobs([("a", long)]),
        Stage::new(Mode::Parallel, "a"),
    );
    assert!(ran.stats.is_ok());
    let mut lines = out.lines();
    let mut seen = Vec::new();
    for _ in 0..4 {
        let head = lines.next().unwrap();
        let site: u32 = head
            .strip_prefix("= s")
            .and_then(|rest| rest.strip_suffix(": a ([time])"))
            .unwrap()
            .parse()
            .unwrap();
        assert!(lines.next().unwrap().starts_with("  $ yes site"));
        for line in 1..=200_000 {
            let wanted = format!("  | {line:6}\tsite {site}");
            assert_eq!(lines.next(), Some(wanted.as_str()));
        }
        assert_eq!(lines.next(), Some("  | end"));
        seen.push(site);
    }
    assert_eq!(lines.next(), None);
    seen.sort_unstable();
    assert_eq!(seen, [1, 2, 3, 4]);
    assert_eq!(
        err,
        "done: 4 tasks succeeded on 4 sites in [time] (run [run])\n"
    );
}

async fn healthy(_: Group) -> Result<(), Error> {
    Err(Error::msg("it is not"))
}

#[test]
fn actions_beside_each_other_and_what_is_of_no_task_have_places_of_their_own() {
    let ticks = |name: &'static str, background: bool| {
        Action::new(move |cx: Cx| async move {
            let script = format!("for i in 1 2 3; do echo {name} $i; sleep 0.1; done");
            cx.shell().run(Script::raw(script)).await?;
            if background {
                cx.background(
                    "later",
                    |cx| async move { cx.report("from the background") },
                );
            }
            Ok::<(), Error>(())
        })
    };
    let mut catalogue = Catalogue::new();
    catalogue.add("a", ["all"], [ticks("one", false), ticks("other", true)]);
    let stage = Stage::rolling(1, "a")
        .pause(Duration::from_millis(300))
        .check(HealthCheck::new(healthy));
    let (out, err, _) = shown(Arrangement::Group, Detail::Normal, 2, catalogue, stage);
    let task = "= s1: a ([time])
  $ for i in 1 2 3; do echo one $i; sleep 0.1; done
  | one 1
  | one 2
  | one 3
  $ for i in 1 2 3; do echo other $i; sleep 0.1; done
  | other 1
  | other 2
  | other 3
";
    let background = "= s1: later ([time])
  - later goes on in the background
  > from the background
  - later has ended in the background
";
    let gate = "x group 1 of 2: healthy failed ([time])
  - pauses for [time], then checks `healthy`
";
    for part in [task, background, gate] {
        assert!(out.contains(part), "{part}\n---\n{out}");
    }
    assert_eq!(
        out.len(),
        task.len() + background.len() + gate.len(),
        "{out}"
    );
    assert!(
        err.starts_with("s2           - a was not started, because the check before it failed\n"),
        "{err}"
    );
}

#[test]
fn sites_that_come_to_the_same_stand_once() {
    let inspect = script(|number| match number {
        // The streams come on ways of their own: which is first is chance.
        1..=6 => "echo out; echo err >&2".to_owned(),
        7 => "echo err >&2; echo out; exit 3".to_owned(),
        8 => "echo out; echo err >&2; exit 4".to_owned(),
        9 => r"printf '\377\n'".to_owned(),
        _ => r"printf '\376\n'".to_owned(),
    });
    let next = script(|_| "true".to_owned());
    let (out, err, _) = shown(
        Arrangement::Fold,
        Detail::Normal,
        10,
        jobs([("inspect", inspect), ("next", next)]),
        Stage::of(["inspect", "next"]),
    );
    let expected = "= s[1-6] (6 sites): inspect
  | out
  ! err
= s9: inspect
  | \u{fffd}
= s10: inspect
  | \u{fffd}
x s7: inspect failed with status 3
  | out
  ! err
x s8: inspect failed with status 4
  | out
  ! err
= s[1-6,9-10] (8 sites): next
- s[7-8] (2 sites): next was not started, because of the failure before it
";
    assert_eq!(out, expected);
    assert!(err.starts_with("\nfailed: inspect on s"), "{err}");
}

#[test]
fn a_status_that_is_no_failure_is_no_difference() {
    let ask = Action::new(|cx: Cx| async move {
        let script = Script::raw(format!("exit {}", number(&cx)));
        cx.shell().run(script).unchecked().await?;
        if number(&cx) > 2 {
            cx.fail("it is not well");
        }
        Ok::<(), Error>(())
    });
    let stage = Stage::of("ask");
    let catalogue = jobs([("ask", ask)]);
    let (out, _, _) = shown(Arrangement::Fold, Detail::Normal, 4, catalogue, stage);
    assert_eq!(
        out,
        "= s[1-2] (2 sites): ask\nx s[3-4] (2 sites): ask failed\n"
    );
}

#[test]
fn what_differs_from_most_is_shown_by_how() {
    let list = script(|number| {
        let line = if number == 2 { "two" } else { "the same" };
        format!("seq 5; echo {line}; seq 7 10")
    });
    let (out, _, _) = shown(
        Arrangement::Diff,
        Detail::Normal,
        3,
        jobs([("list", list)]),
        Stage::of("list"),
    );
    let expected = "= s[1,3] (2 sites): list
  | 1
  | 2
  | 3
  | 4
  | 5
  | the same
  | 7
  | 8
  | 9
  | 10
= s2: list, unlike s[1,3]
  @@ -3,7 +3,7 @@
   | 3
   | 4
   | 5
  -| the same
  +| two
   | 7
   | 8
   | 9
";
    assert_eq!(out, expected);
}

#[test]
fn a_job_is_folded_as_soon_as_it_has_ended_everywhere() {
    let out = Shown::default();
    let seen = out.clone();
    let plain = TextView::new(
        out.clone(),
        Palette::PLAIN,
        Shown::default(),
        Palette::PLAIN,
    )
    .arranged(Arrangement::Fold);
    let second = Action::new(move |_: Cx| {
        let seen = seen.clone();
        async move {
            // Reporters are on a thread of their own.
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert!(seen.text().contains("= s[1-2] (2 sites): first\n"));
        }
    });
    let first = script(|_| "echo one".to_owned());
    let runner = Runner::new(sites(2), jobs([("first", first), ("second", second)]));
    let ran = start(runner.reporter(plain), |batch| async move {
        batch.sequential(["first", "second"]).await.into_result()
    })
    .finish();
    assert!(ran.stats.is_ok(), "{:?}", ran.faults("s1"));
    assert_eq!(
        out.text(),
        "= s[1-2] (2 sites): first\n  | one\n= s[1-2] (2 sites): second\n"
    );
}

#[test]
fn a_table_has_a_row_for_each_site_and_a_column_for_each_job() {
    let first = script(|number| format!("echo never shown; test {number} != 2"));
    let second = Action::new(|cx: Cx| async move { cx.report("a report") });
    let arrangement = Arrangement::Table { width: None };
    let (out, err, _) = shown(
        arrangement,
        Detail::Normal,
        2,
        jobs([("first", first), ("second", second)]),
        Stage::of(["first", "second"]),
    );
    let words: Vec<Vec<&str>> = out
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        words,
        [
            vec!["first", "second"],
            vec!["s1", "ok", "[time]", "ok", "[time]"],
            vec!["s2", "failed", "[time]", "skipped"],
        ],
        "{out}"
    );
    assert!(
        err.starts_with("s1 > a report\n\nfailed: first on s2"),
        "{err}"
    );
}

#[test]
fn quiet_is_silent_unless_something_goes_wrong() {
    let say = |text: &'static str| {
        Action::new(move |cx: Cx| async move {
            cx.report("a report");
            cx.shell().run(Script::raw(text)).await.map(drop)
        })
    };
    let quiet = |text| {
        let catalogue = jobs([("a", say(text)), ("b", say("true"))]);
        let stage = Stage::of(["a", "b"]);
        shown(Arrangement::Quiet, Detail::Normal, 1, catalogue, stage)
    };
    let (out, err, _) = quiet("echo out; echo err >&2");
    assert_eq!((out.as_str(), err.as_str()), ("", ""));
    let (out, err, _) = quiet("echo no luck >&2; exit 3");
    assert_eq!(out, "");
    let expected = "failed: a on s1
  command failed on s1
    `echo no luck >&2; exit 3` exited with status 3
    | no luck

failed: 1 task failed, 1 not started on 1 site in [time] (run [run])
";
    let places = err.find(" (").unwrap()..err.find(")\n").unwrap() + 1;
    assert_eq!(err.replacen(&err[places], "", 1), expected);
}

#[test]
fn a_failure_that_is_allowed_is_no_news_to_who_wants_none() {
    let err = Shown::default();
    let plain = TextView::new(
        Shown::default(),
        Palette::PLAIN,
        err.clone(),
        Palette::PLAIN,
    )
    .arranged(Arrangement::Quiet);
    let runner = Runner::new(sites(1), jobs([("a", super::err())])).reporter(plain);
    let ran = start(runner, |batch| async move {
        batch.run("a").await.allow_failure();
    })
    .finish();
    assert_eq!((ran.stats.allowed, err.text().as_str()), (1, ""));
}

#[test]
fn more_detail_shows_more_and_the_most_shows_all() {
    let say = || {
        Action::new(|cx: Cx| async move {
            cx.debug("a detail");
            cx.shell().run(Script::raw("exit 0")).await.map(drop)
        })
    };
    let told = |detail, stage: Stage| {
        let (_, err, _) = shown(Arrangement::Stream, detail, 1, jobs([("a", say())]), stage);
        err
    };
    let verbose = told(Detail::Verbose, Stage::of("a").name("first"));
    for part in [
        "run [run]\n",
        "stage 1 `first`: a on 1 site, 1 task, site-sequential (",
        "s1 . begins ",
        "s1 . exit 0 ([time])\n",
        "s1 . ends ",
    ] {
        assert!(verbose.contains(part), "{part}\n---\n{verbose}");
    }
    assert!(!verbose.contains("a detail"), "{verbose}");
    let hidden = || Stage::of("a").log(false).quiet(true);
    assert!(!told(Detail::Verbose, hidden()).contains("s1 "));
    let all = told(Detail::Debug, hidden());
    assert!(
        all.contains("s1 ? a detail\n") && all.contains("s1 $ exit 0\n"),
        "{all}"
    );
}
