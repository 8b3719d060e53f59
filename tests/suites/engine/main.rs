//! The engine from outside: real runs on local sites, and what is told of them.
#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

#[path = "../checks/mod.rs"]
mod checks;

mod again;
mod bare_machine;
mod budgets;
mod cancel;
mod commands;
mod conditions;
mod copy_oracle;
mod counts;
mod endings;
mod faults;
mod files;
mod interleavings;
mod junit;
mod limits;
mod local_copies;
mod missing;
mod outliving;
mod quoting;
mod reporters;
mod rolling;
mod schedules;
mod schema;
mod services;
mod sharing;
mod shells;
mod template;
mod transfers;
mod view;
mod views;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::run::Runner;
use ploy::scheduling::{Mode, Stage};
use ploy::topology::{Settings, Topology};
use ploy::{Cx, Error, Script};
use ploy_tests::{Ran, start};

const MODES: [Mode; 5] = [
    Mode::SiteSequential,
    Mode::Sequential,
    Mode::Atomic,
    Mode::Rolling,
    Mode::Parallel,
];

/// Local sites `s1`, `s2` and so on, all in the role `all`.
fn sites(count: usize) -> Topology {
    let mut topology = Topology::new();
    for number in 1..=count {
        topology.add(format!("s{number}"), Settings::new().roles(["all"]));
    }
    topology
}

/// An action that does nothing.
fn ok() -> Action {
    Action::new(|_| async {})
}

/// An action that fails.
fn err() -> Action {
    Action::new(|_| async { Err::<(), _>(Error::msg("it went wrong")) })
}

/// A bug in a job.
fn unlucky() {
    panic!("no such luck");
}

/// An action that fails on one site.
fn err_on(site: &'static str) -> Action {
    Action::new(move |cx: Cx| async move {
        if cx.site().name() == site {
            Err(Error::msg("it went wrong"))
        } else {
            Ok(())
        }
    })
}

/// An action that runs this script.
fn command(text: &str) -> Action {
    let script = Script::raw(text);
    Action::new(move |cx| {
        let script = script.clone();
        async move { cx.shell().run(script).await.map(drop) }
    })
}

/// A catalogue of jobs with one action each, all for the role `all`.
fn jobs(jobs: impl IntoIterator<Item = (&'static str, Action)>) -> Catalogue {
    let mut catalogue = Catalogue::new();
    for (name, action) in jobs {
        catalogue.add(name, ["all"], [action]);
    }
    catalogue
}

/// Runs one stage to its end.
fn run(topology: Topology, catalogue: Catalogue, stage: Stage) -> Ran {
    start(Runner::new(topology, catalogue), |batch| async move {
        batch.stage(stage).await.into_result()
    })
    .finish()
}
