//! The team's deploy binary: the jobs of all crates, over the fleet and over sites that are known only at run time.

use std::env;

use fleet::topology::roles;
use ploy::catalogue::Catalogue;
use ploy::import;
use ploy::prelude::*;
use ploy::topology::{Settings, Topology};

/// Release on the canaries; then, if nothing failed there, everywhere.
#[schedule(name = "release")]
async fn release(batch: Batch) -> Result {
    let release = || jobs![web_jobs::upload, web_jobs::upgrade, web_jobs::check];
    let tried = batch
        .run(release())
        .on([roles::canary])
        .name("canary")
        .await;
    if tried.failed() {
        for error in tried.errors() {
            eprintln!("not released: {error}"); // where a team would tell its chat
        }
        return tried.into_result();
    }
    batch
        .sequential(release())
        .on([roles::web, roles::db])
        .name("everywhere")
        .await
        .into_result()?;
    Ok(())
}

/// Dump every database, and verify the dumps of all that could be dumped.
#[schedule(name = "nightly")]
fn nightly() -> Schedule {
    Schedule::new()
        .run(jobs![db_jobs::dump::dump, db_jobs::dump::verify])
        .name("backup")
        .run(jobs!["disk-space"])
}

/// Adds a site for each name in `FLEET_CANARIES`, or one, and those of the file that `FLEET_SITES` names.
async fn canaries(topology: &mut Topology, _: &mut Catalogue) -> Result {
    if let Ok(file) = env::var("FLEET_SITES") {
        import::toml(topology, file).await?;
    }
    let names = env::var("FLEET_CANARIES").unwrap_or_else(|_| "canary1".to_owned());
    for name in names.split(',').filter(|name| !name.is_empty()) {
        topology.add(
            name,
            Settings::new()
                .roles([roles::canary])
                .path(fleet::folder(name)),
        );
    }
    Ok(())
}

ploy::main! {
    topology: fleet::topology,
    uses: [web_jobs, db_jobs],
    setup: canaries,
}
