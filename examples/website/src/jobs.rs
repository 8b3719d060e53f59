use ploy::prelude::*;

/// What is uploaded: the folder beside this program's source.
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/site/");

/// Upload the new release beside the one that is running.
#[job(name = "upload-web", roles = ["web"])]
async fn upload(cx: Cx) -> Result {
    let release = cx.batch_id();
    cx.shell()
        .upload(SITE, format!("releases/{release}"))
        .await?;
    cx.shell()
        .run(cmd!("ln -sfn releases/{release} next"))
        .await?;
    cx.report(format_args!("{release} is ready in {}", cx.path()));
    Ok(())
}

/// Back up what is running, while the new release is uploaded.
#[action(job = upload, roles = ["primary"])]
async fn backup(cx: Cx) -> Result {
    let (release, path) = (cx.batch_id(), cx.path());
    // Not from within the site's folder: at the very first upload it may not be there yet.
    let running = cx
        .shell()
        .run(cmd!("[ -e {path}/current ]"))
        .cwd("/")
        .unchecked()
        .await?;
    if running.success() {
        cx.shell()
            .run(cmd![
                "mkdir -p backups",
                "tar czf backups/{release}.tgz -C current ."
            ])
            .await?;
    } else {
        cx.report("nothing is running yet, so there is nothing to back up");
    }
    Ok(())
}

/// Switch over to the release that was uploaded last, and remove old ones.
#[job(name = "upgrade-web", roles = ["web"])]
async fn upgrade(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!["[ -e next ]", "ln -sfn \"$(readlink next)\" current"])
        .await?;
    let keep: u32 = cx.var_or("keep", 3)?;
    let from = keep + 1;
    cx.shell()
        .run(cmd!(
            "ls -1d releases/* | sort -r | tail -n +{from} | xargs rm -rf"
        ))
        .await?;
    Ok(())
}

/// Check that what is running can be read.
#[job(name = "smoke", roles = ["web"])]
fn smoke(cx: Cx) -> Result {
    let page = cx.blocking().run(cmd!("cat current/index.html"))?;
    if !page.text().contains("ploy") {
        cx.fail("the page does not say who uploaded it");
    }
    Ok(())
}

/// Upload everywhere, then switch over everywhere, then check.
#[schedule(name = "release")]
fn release() -> Schedule {
    Schedule::new()
        .sequential(jobs![upload, upgrade])
        .name("release")
        .run(jobs![smoke])
        .on(["web"])
}
