//! Reporters that take their time, and reporters that break.

use std::sync::mpsc;

use ploy::action::Action;
use ploy::event::{CancelReason, Event, EventKind, Reporter};
use ploy::run::Runner;
use ploy::topology::{Settings, Topology};
use ploy::{Cx, Script};
use ploy_tests::{Mark, start};

use super::{command, jobs, ok, sites};

/// Takes the first event that is as `wanted` says only when it is let go.
struct Stuck {
    wanted: fn(&EventKind) -> bool,
    go: Option<mpsc::Receiver<()>>,
}

impl Stuck {
    fn at(wanted: fn(&EventKind) -> bool) -> (Self, mpsc::Sender<()>) {
        let (let_go, go) = mpsc::channel();
        (
            Stuck {
                wanted,
                go: Some(go),
            },
            let_go,
        )
    }
}

impl Reporter for Stuck {
    fn report(&mut self, event: &Event) {
        if (self.wanted)(&event.kind)
            && let Some(go) = self.go.take()
        {
            let _ = go.recv();
        }
    }
}

#[test]
fn one_that_is_stuck_does_not_hold_up_the_run() {
    let (stuck, let_go) = Stuck::at(|_| true);
    let catalogue = jobs([("a", command("true")), ("b", ok())]);
    let ran = start(
        Runner::new(sites(3), catalogue).reporter(stuck),
        |batch| async move {
            let outcome = batch.run(["a", "b"]).await;
            // Until now not one event has been taken.
            let_go.send(()).unwrap();
            outcome.into_result()
        },
    )
    .finish();
    assert_eq!(ran.stats.succeeded, 6);
}

#[test]
fn one_that_is_stuck_at_output_holds_up_that_command_alone() {
    let (stuck, let_go) = Stuck::at(|kind| matches!(kind, EventKind::Output { .. }));
    let mut catalogue = jobs([]);
    catalogue.add("a", ["s1"], [command("head -c 5000000 /dev/zero")]);
    let others = Action::new(move |cx: Cx| {
        let let_go = let_go.clone();
        async move {
            for _ in 0..3 {
                cx.shell().run(Script::raw("true")).await?;
            }
            let _ = let_go.send(());
            Ok::<(), ploy::Error>(())
        }
    });
    catalogue.add("b", ["s2"], [others]);
    let ran = start(
        Runner::new(sites(2), catalogue).reporter(stuck),
        |batch| async move { batch.run(["a", "b"]).await.into_result() },
    )
    .finish();
    assert_eq!(ran.stats.succeeded, 2);
    assert_eq!(
        ran.output("s1", ploy::event::Stream::Stdout).len(),
        5_000_000,
        "not a byte is lost"
    );
}

#[test]
fn a_cancel_does_not_wait_for_one_that_is_stuck() {
    let mark = Mark::new();
    let (name, value) = mark.variable();
    let mut topology = Topology::new();
    topology.add("s1", Settings::new().roles(["all"]).env(name, value));
    let (stuck, let_go) = Stuck::at(|kind| matches!(kind, EventKind::Output { .. }));
    let going = start(
        Runner::new(topology, jobs([("a", command("yes"))])).reporter(stuck),
        |batch| async move { batch.run("a").await.into_result() },
    );
    ploy_tests::until("the command runs", || !mark.running("yes").is_empty());
    going.cancel(CancelReason::Interrupt);
    mark.wait_until_gone(|_| false);
    let_go.send(()).unwrap();
    assert_eq!(going.finish().stats.cancelled, 1);
}

#[test]
fn all_of_several_see_the_same() {
    let other = ploy_tests::Recorder::default();
    let runner = Runner::new(sites(2), jobs([("a", command("echo x"))])).reporter(other.clone());
    let ran = start(
        runner,
        |batch| async move { batch.run("a").await.into_result() },
    )
    .finish();
    assert_eq!(other.events(), ran.events);
}

#[test]
fn events_survive_json() {
    let catalogue = jobs([("a", command("printf 'a\\377b'; echo oops >&2; exit 3"))]);
    let ran = start(Runner::new(sites(2), catalogue), |batch| async move {
        batch.run("a").await.into_result()
    })
    .finish();
    for event in &ran.events {
        let text = serde_json::to_string(event).unwrap();
        let back: Event = serde_json::from_str(&text).unwrap();
        // The fold's own books are not part of the data.
        if !matches!(event.kind, EventKind::RunFinished { .. }) {
            assert_eq!(&back, event);
        }
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
    }
}

#[test]
fn one_that_panics_ends_neither_the_run_nor_the_others() {
    struct Broken;
    impl Reporter for Broken {
        fn report(&mut self, event: &Event) {
            assert!(event.number < 3, "out of paper");
        }
    }
    let other = ploy_tests::Recorder::default();
    let recorder = other.clone();
    let ran = std::thread::spawn(|| {
        let runner = Runner::new(sites(2), jobs([("a", command("echo x"))]));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(
            runner
                .reporter(Broken)
                .reporter(recorder)
                .run(|batch| async move { batch.run("a").await.into_result() }),
        )
    });
    assert_eq!(ran.join().unwrap().succeeded, 2);
    ploy_tests::check(&other.events());
}
