//! A first deploy binary: two folders of this machine, and one job that publishes a page there.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"], path: "/tmp/first-ploy/web1" } // no host: a folder of this machine
    site web2 { roles: ["web"], path: "/tmp/first-ploy/web2" } // host: "web2.example.com" makes it remote
}

/// Publish the page.
#[job(name = "publish", roles = ["web"])]
async fn publish(cx: Cx) -> Result {
    let release = cx.batch_id();
    cx.shell()
        .write("next.html", format!("release {release}\n"))
        .await?;
    cx.shell().run(cmd!("mv next.html index.html")).await?;
    cx.report(format_args!("{release} is published in {}", cx.path()));
    Ok(())
}

ploy::main!();
