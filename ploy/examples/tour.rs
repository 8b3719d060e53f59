//! A deploy binary in one file. To look at it without a server: `cargo run -p ploy --example tour
//! -- plan release`.

use ploy::prelude::*;

ploy::sites! {
    site builder { roles: ["build"] } // no host: a shell on this machine
    site web1 { roles: ["web", "primary"], host: "web1.example.com", path: "/srv/www" }
    site "web-2" { roles: ["web"], host: "web2.example.com", user: "deploy", port: 2222, path: "/srv/www" }
    site "db[01-12]" { roles: ["db"], host: "{name}.example.com", vars: { keep: 7 } } // twelve sites
    update ["web", "db"] { roles: ["linux"] } // every site that carries one of these roles
    role "canary"; // declared, and filled at run time
}
use topology::roles;

/// What is uploaded.
const DIST: &str = "target/tour";

/// Package the release.
#[job(name = "package", roles = ["build"])]
async fn package(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!["mkdir -p {DIST}", "date > {DIST}/index.html"])
        .await?;
    Ok(())
}

/// Upload the new release beside the one that is running.
#[job(name = "upload-web", roles = ["web"])]
async fn upload(cx: Cx) -> Result {
    let release = cx.batch_id();
    cx.shell()
        .upload(format!("{DIST}/"), format!("releases/{release}"))
        .await?;
    cx.shell()
        .run(cmd!("ln -sfn releases/{release} next"))
        .await?;
    Ok(())
}

/// Back up what is running: joins the job, so it runs whenever that runs, at the same time.
#[action(job = upload, roles = ["primary"])]
async fn backup(cx: Cx) -> Result {
    let release = cx.batch_id();
    cx.shell()
        .run(cmd![
            "mkdir -p backups",
            "tar czf backups/{release}.tgz -C current ."
        ])
        .await?;
    Ok(())
}

/// Switch over to the release that was uploaded last.
#[job(name = "upgrade-web", roles = ["web"])]
async fn upgrade(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!(r#"ln -sfn "$(readlink next)" current"#))
        .await?;
    Ok(())
}

/// Remove old dumps.
#[job(name = "tidy-db", roles = ["db"])]
async fn tidy(cx: Cx) -> Result {
    let from = cx.var::<u32>("keep")? + 1;
    let old = cx
        .shell()
        .run(cmd!("ls -t dumps | tail -n +{from}"))
        .await?;
    let old = old.text();
    let files: Vec<&str> = old.lines().collect();
    cx.shell()
        .run(cmd!["cd dumps", "rm -f -- {files...}"])
        .await?;
    cx.report(format_args!("{} dumps removed", files.len()));
    Ok(())
}

/// See that everything is well: a job without work of its own, for actions to join.
#[job(name = "smoke")]
struct Smoke;

#[action(job = Smoke, roles = ["linux"])]
fn uptime(cx: Cx) -> Result {
    cx.blocking().run(cmd!("uptime"))?;
    Ok(())
}

/// Package, upload everywhere, then switch over everywhere. As data, so that `plan` can show it.
#[schedule(name = "release")]
fn release() -> Schedule {
    Schedule::new()
        .run(jobs![package])
        .sequential(jobs![upload, upgrade])
        .on([roles::web])
}

/// The same as code, where the next stage depends on the last.
#[schedule(name = "release-and-tell")]
async fn release_and_tell(batch: Batch) -> Result {
    batch.run(jobs![package]).await.into_result()?;
    let outcome = batch
        .sequential(jobs![upload, upgrade])
        .on([roles::web])
        .await;
    if outcome.failed() {
        tell(&outcome).await;
    }
    outcome.into_result()
}

async fn tell(outcome: &Outcome) {
    for error in outcome.errors() {
        eprintln!("to the chat: {error}");
    }
}

ploy::main!();
