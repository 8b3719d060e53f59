//! Backups: that there is one, that it is fresh, and that it can be read.

use std::env;

use ploy::error::Context;
use ploy::prelude::*;

/// Verify that each node has a backup which is no older than `CLUSTER_HOURS` hours (26), and that
/// it can be read.
#[job(name = "verify-backups", roles = ["node"])]
async fn verify(cx: Cx) -> Result {
    let hours: u32 = match env::var("CLUSTER_HOURS") {
        Ok(hours) => hours
            .parse()
            .context("CLUSTER_HOURS is no number of hours")?,
        Err(_) => 26,
    };
    let minutes = hours * 60;
    let newest = cx
        .shell()
        .run(cmd!("ls -1t backups | grep '[.]tgz$' | head -n 1"))
        .await?;
    let newest = newest.text();
    if newest.is_empty() {
        cx.fail(format_args!("there is no backup in {}/backups", cx.path()));
        return Ok(());
    }
    let fresh = cx
        .shell()
        .run(cmd!("find backups/{newest} -mmin -{minutes} -size +0"))
        .await?;
    if fresh.text().is_empty() {
        cx.fail(format_args!(
            "{newest} is empty, or older than {hours} hours"
        ));
    }
    cx.shell()
        .run(cmd!("tar tzf backups/{newest} >/dev/null"))
        .await?;
    cx.report(format_args!("{newest} is fresh and whole"));
    Ok(())
}

/// Fetch the backups of all nodes into the folder `backups` here, one folder for each.
#[job(name = "fetch-backups", roles = ["node"])]
async fn fetch(cx: Cx) -> Result {
    let to = format!("{}/fetched/{}/", crate::folder(), cx.site().name());
    let moved = cx.shell().download("backups/", &to).mirror().await?;
    cx.report(format_args!("{} files are in {to}", moved.files));
    Ok(())
}
