//! The deploy binary that is measured, as a team would write it.
//!
//! `PEERS_SITES` is the number of sites, 100 if not said; `PEERS_CONFIG` the ssh configuration
//! file, if it is not the user's own; and `PEERS_COMMAND` what runs there, `true` if not said.

use std::env;

use ploy::Result;
use ploy::catalogue::Catalogue;
use ploy::prelude::*;
use ploy::topology::{Settings, Topology};

ploy::sites! {
    role "peer"; // filled by `peers`
}
use topology::roles;

/// Run the command once.
#[job(name = "true", roles = ["peer"])]
async fn once(cx: Cx) -> Result {
    run(&cx, 1).await
}

/// Run the command ten times, one after another.
#[job(roles = ["peer"])]
async fn ten(cx: Cx) -> Result {
    run(&cx, 10).await
}

async fn run(cx: &Cx, times: usize) -> Result {
    // It is the benchmark's own text, the same for every peer.
    let command = env::var("PEERS_COMMAND").unwrap_or_else(|_| "true".to_owned());
    for _ in 0..times {
        cx.shell().run(Script::raw(command.clone())).await?;
    }
    Ok(())
}

async fn peers(topology: &mut Topology, _: &mut Catalogue) -> Result {
    let count = env::var("PEERS_SITES").unwrap_or_else(|_| "100".to_owned());
    let config = env::var("PEERS_CONFIG");
    for number in 1..=count.parse::<u8>()? {
        let mut site = Settings::new()
            .roles([roles::peer])
            .host(format!("127.0.1.{number}"));
        if let Ok(config) = &config {
            site = site.config(config);
        }
        topology.add(format!("h{number}"), site);
    }
    Ok(())
}

ploy::main! { setup: peers }
