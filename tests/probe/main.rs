//! A deploy binary for the tests that run a real program: signals, exit codes, output.
//!
//! Its sites are local, or the hosts of the ssh configuration that `PROBE_CONFIG` names.

use std::env;

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web", "first"], host: host("web1"), config: config() }
    site web2 { roles: ["web"], host: host("web2"), config: config() }
    site web3 { roles: ["web"], host: host("web3"), config: config() }
    // Nothing listens on its port.
    site nowhere { roles: ["dark"], host: "web1", port: 1, config: config() }
    update ["web"] { max_sessions: env::var("PROBE_MAX_SESSIONS").ok().and_then(|most| most.parse::<u32>().ok()) }
}

fn config() -> Option<String> {
    env::var("PROBE_CONFIG").ok()
}

fn host(name: &str) -> Option<String> {
    config().map(|_| name.to_owned())
}

/// Sleep, in a child, in a pipeline and in a child of a child.
#[job(name = "sleep", roles = ["web"])]
async fn sleep(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!(
            "sleep 1001 & sleep 1002 | cat & sh -c 'sh -c \"sleep 1003; :\"; :' & echo asleep; wait"
        ))
        .await?;
    Ok(())
}

/// Ignore every signal that can be ignored.
#[job(name = "stubborn", roles = ["web"])]
async fn stubborn(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!(
            "trap '' HUP INT TERM; echo asleep; while :; do sleep 1; done"
        ))
        .await?;
    Ok(())
}

/// Sleep on this machine, whatever the site.
#[job(name = "local-sleep", roles = ["first"])]
async fn local_sleep(cx: Cx) -> Result {
    cx.local()
        .run(cmd!("echo asleep; sleep 1004 | cat"))
        .await?;
    Ok(())
}

/// Upload the folder that `PROBE_SOURCE` names.
#[job(name = "upload", roles = ["first"])]
async fn upload(cx: Cx) -> Result {
    let source = env::var("PROBE_SOURCE")?;
    let target = env::var("PROBE_TARGET")?;
    cx.shell().upload(source, target).await?;
    Ok(())
}

/// Put out 20 MiB, in lines of 64 bytes.
#[job(name = "flood", roles = ["first"])]
async fn flood(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!(
            "yes 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde | head -n 327680"
        ))
        .await?;
    Ok(())
}

/// Put out what is no text.
#[job(name = "binary", roles = ["first"])]
async fn binary(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!(r"printf 'a\377\376b\0c\n\033[31mred\n\303\n'"))
        .await?;
    Ok(())
}

/// Succeed.
#[job(name = "succeed", roles = ["web", "dark"])]
async fn succeed(cx: Cx) -> Result {
    cx.shell().run(cmd!("true")).await?;
    Ok(())
}

/// Fail.
#[job(name = "fail", roles = ["web", "dark"])]
async fn fail(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!("echo the disk is full >&2; exit 3"))
        .await?;
    Ok(())
}

/// Go wrong in the program itself.
#[job(name = "panic", roles = ["first"])]
async fn panic(_cx: Cx) {
    panic!("no such luck");
}

/// Let a stage fail and go on.
#[schedule(name = "forgive")]
async fn forgive(batch: Batch) -> Result {
    batch.run(jobs![fail]).on(["web"]).await.allow_failure();
    batch.run(jobs![succeed]).on(["web"]).await.into_result()?;
    Ok(())
}

ploy::main!();
