//! Runs over a real ssh server. `tests/run` runs these; plain `cargo test` shows them as ignored,
//! since they need programs that not every machine has.
#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

#[path = "../checks/mod.rs"]
mod checks;

mod big;
mod cancel;
mod check;
mod commands;
mod diagnosis;
mod exec;
mod failures;
mod interactive;
mod kept;
mod limits;
mod login;
mod login_shells;
mod lost;
mod no_file_left;
mod nothing_left;
mod output;
mod quoting;
mod reports;
mod roles;
mod scheduling;
mod secrets;
mod services;
mod shells;
mod sudo;
mod transfer;
mod website;

use ploy::Script;
use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::run::Runner;
use ploy::topology::{IntoRoles, Topology};
use ploy_tests::{Ran, Server, start};

/// The sites `web1`, `web2` and `web3`, each on an address of its own, all in the role `web`.
fn three(server: &Server) -> Topology {
    let mut topology = Topology::new();
    for name in ["web1", "web2", "web3"] {
        topology.add(name, server.site(name).roles(["web"]));
    }
    topology
}

/// A catalogue with one job, `job`, that runs this script on these roles.
fn script(roles: impl IntoRoles, text: &str) -> Catalogue {
    let mut catalogue = Catalogue::new();
    catalogue.add("job", roles, [command(text)]);
    catalogue
}

/// An action that runs this script.
fn command(text: &str) -> Action {
    let script = Script::raw(text);
    Action::new(move |cx| {
        let script = script.clone();
        async move { cx.shell().run(script).await.map(drop) }
    })
}

/// Runs the job `job` to its end.
fn run(topology: Topology, catalogue: Catalogue) -> Ran {
    start(Runner::new(topology, catalogue), |batch| async move {
        batch.run("job").await.into_result()
    })
    .finish()
}
