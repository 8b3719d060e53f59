//! Snippets of the chapter on schedules.

use ploy::prelude::*;

use crate::files::configure;
use crate::topology::roles;

/// Take away what was configured.
#[job(name = "roll-back", roles = ["web"])]
async fn roll_back(cx: Cx) -> Result {
    cx.shell().run(cmd!("rm -f app.conf reloaded")).await?;
    Ok(())
}

/// Configure everywhere; if that fails anywhere, take it back everywhere.
#[schedule(name = "configure-or-roll-back")]
async fn configure_or_roll_back(batch: Batch) -> Result {
    let outcome = batch.sequential(jobs![configure]).on([roles::web]).await;
    if outcome.failed() {
        for error in outcome.errors() {
            eprintln!("{error}");
        }
        batch.parallel(jobs![roll_back]).await.into_result()?;
    }
    outcome.into_result()
}
