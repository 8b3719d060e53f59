//! Snippets of the chapter on what jobs share.

use ploy::prelude::*;

/// How many sites have migrated so far.
const MIGRATED: Key<u32> = Key::new("migrated");

/// Fetch on all sites, then migrate one after the other.
#[job(name = "migrate", roles = ["web"])]
async fn migrate(cx: Cx) -> Result {
    cx.local().run(cmd!("echo fetched")).await?;
    cx.barrier("fetched").wait().await?; // on every site, before any goes on
    let _one_by_one = cx.lock("database").acquire().await?;
    let count = cx.space().update(MIGRATED, |count| {
        *count += 1;
        *count
    });
    cx.report(format_args!("{count} migrated"));
    Ok(())
}
