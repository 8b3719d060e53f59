//! What is measured: a stage of empty actions through the whole engine, with events and without
//! reporters.

use std::sync::Arc;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::event::Stats;
use ploy::run::Runner;
use ploy::scheduling::{Mode, Stage};
use ploy::topology::{Settings, Topology};
use tokio::sync::Barrier;

/// A run of so many sites and jobs, whose actions do nothing.
pub fn empty(sites: usize, jobs: usize) -> Runner {
    runner(sites, jobs, &Action::new(|_| async {}))
}

/// A run of one job on so many sites, whose actions all wait until every one of them runs.
pub fn crowd(sites: usize) -> Runner {
    let all = Arc::new(Barrier::new(sites));
    let meet = Action::new(move |_| {
        let all = all.clone();
        async move {
            all.wait().await;
        }
    });
    runner(sites, 1, &meet)
}

fn runner(sites: usize, jobs: usize, action: &Action) -> Runner {
    let mut topology = Topology::new();
    for site in 0..sites {
        topology.add(format!("s{site}"), Settings::new().roles(["all"]));
    }
    let mut catalogue = Catalogue::new();
    for job in 0..jobs {
        catalogue.add(format!("j{job}"), ["all"], [action.clone()]);
    }
    Runner::new(topology, catalogue)
}

/// Runs all jobs as one stage.
pub async fn run(runner: Runner, jobs: usize, mode: Mode, fanout: u32) -> Stats {
    let names: Vec<String> = (0..jobs).map(|job| format!("j{job}")).collect();
    let stage = Stage::new(mode, names).fanout(fanout);
    runner
        .run(move |batch| async move { batch.stage(stage).await.into_result() })
        .await
}

/// A runtime as a deploy binary has it.
///
/// # Panics
///
/// If the system gives no threads.
pub fn runtime() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.unwrap_or_else(|error| panic!("no runtime: {error}"))
}
