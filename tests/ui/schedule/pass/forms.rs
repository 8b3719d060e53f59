//! As data and as code, with jobs in lists.

#![deny(warnings, clippy::all, clippy::pedantic)]

use ploy::prelude::*;
use topology::roles;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"])]
fn upload() {}

/// Release it.
#[schedule(name = "release")]
fn release() -> Schedule {
    Schedule::new()
        .run(jobs![upload])
        .sequential(jobs![upload, "other"])
        .on([roles::web])
}

#[schedule]
async fn release_and_tell(batch: Batch) -> Result {
    batch.run(jobs![upload]).await.into_result()?;
    let outcome = batch.sequential(jobs![upload]).on([roles::web]).await;
    outcome.into_result()?;
    Ok(())
}

fn main() {
    assert_eq!(release().stages().len(), 2);
}
