//! A roll-out over groups of sites, on folders of this machine: `cargo run -p ploy --example
//! rollout -- release`. With `ROLLOUT_BREAK=web3` that site serves an empty page, which the check
//! between two groups notices.

use std::time::Duration;

use ploy::prelude::*;

ploy::sites! {
    site "web[1-8]" { roles: ["web"], env: { FOLDER: folder("{name}") } }
}

fn folder(name: &str) -> String {
    let root = std::env::temp_dir().join("ploy-rollout");
    root.join(name).to_string_lossy().into_owned()
}

/// The sites that were switched over, for whoever comes after.
const SWITCHED: Key<Vec<String>> = Key::new("switched");

/// Fetch the new page; no site of a group goes on before all have it.
#[job(name = "fetch", roles = ["web"])]
async fn fetch(cx: Cx) -> Result {
    let broken = std::env::var("ROLLOUT_BREAK").is_ok_and(|site| site == cx.site().name());
    let page = if broken {
        String::new()
    } else {
        format!("release {}", cx.batch_id())
    };
    cx.shell()
        .run(cmd![
            r#"mkdir -p "$FOLDER""#,
            r#"printf %s {page} > "$FOLDER/next""#
        ])
        .await?;
    let met = cx.barrier("fetched").wait().await?;
    cx.debug(format_args!("{} sites have the page", met.sites()));
    Ok(())
}

/// Switch over, one site after the other. Not to be left half-done: Ctrl-C lets it finish.
#[job(name = "switch", roles = ["web"], critical = true)]
async fn switch(cx: Cx) -> Result {
    let balancer = cx.lock("balancer").acquire().await?;
    cx.shell()
        .run(cmd!(r#"mv "$FOLDER/next" "$FOLDER/current""#))
        .await?;
    balancer.release();
    let name = cx.site().name().to_owned();
    cx.space().update(SWITCHED, |sites| sites.push(name));
    cx.background("warm", |cx| async move {
        cx.shell()
            .run(cmd!(r#"cat "$FOLDER/current" > /dev/null"#))
            .await?;
        Ok::<(), ploy::Error>(())
    });
    Ok(())
}

/// Fails where a site of the group serves an empty page.
async fn healthy(group: Group) -> Result {
    for site in group.sites() {
        group
            .shell(site)
            .run(cmd!(r#"test -s "$FOLDER/current""#))
            .await?;
    }
    Ok(())
}

/// Take the new page away again.
#[job(name = "roll-back", roles = ["web"])]
async fn roll_back(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!(r#"rm -f "$FOLDER/current" "$FOLDER/next""#))
        .await?;
    Ok(())
}

/// Say which sites were switched over.
#[job(name = "tell", roles = ["web"])]
async fn tell(cx: Cx) -> Result {
    let mut switched = cx.space().get(SWITCHED).unwrap_or_default();
    switched.sort();
    cx.report(format_args!("switched over: {}", switched.join(" ")));
    Ok(())
}

/// Roll over one site, then over a quarter of them, then over the rest.
#[schedule(name = "release")]
fn release() -> Schedule {
    Schedule::new()
        .rolling("1,25%,100%", jobs![fetch, switch])
        .name("roll-out")
        .pause(Duration::from_millis(100))
        .check(HealthCheck::new(healthy))
        .retries(2)
        .timeout(Duration::from_secs(60))
        .run(jobs![roll_back])
        .on_failure("roll-out")
        .run(jobs![tell])
        .always("roll-out")
        .once(true)
}

ploy::main!();
