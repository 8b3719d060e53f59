//! A deploy binary for the tests of parameters.

use std::path::PathBuf;
use std::time::Duration;

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web", "first"] }
    site web2 { roles: ["web"] }
}

/// Where a release goes.
#[derive(Clone, Debug, ParamValue)]
enum Target {
    /// For those who test
    Staging,
    /// For everybody
    #[param(name = "live")]
    Production,
}

/// Upload a release.
#[job(name = "upload-web", roles = ["web"])]
async fn upload(
    cx: Cx,
    /// The release, by its tag
    tag: String,
    /// How many old releases stay
    #[param(default = 3)]
    keep: u32,
    /// Upload what is not committed, too
    dirty: bool,
    /// Where it goes, all unless said
    targets: Vec<Target>,
    /// The folder to upload
    from: Option<PathBuf>,
    #[param(default = Duration::from_secs(90), name = "wait")] pause_before: Duration,
) -> Result {
    cx.report(format_args!(
        "tag={tag} keep={keep} dirty={dirty} targets={targets:?} from={from:?} wait={pause_before:?}"
    ));
    Ok(())
}

/// Takes some of them.
#[action(job = upload, roles = ["first"])]
async fn backup(cx: Cx, keep: u32, tag: String) -> Result {
    cx.report(format_args!("backup of {tag}, keeping {keep}"));
    Ok(())
}

/// A job whose tag is a number.
#[job(name = "number", roles = ["first"])]
fn number(
    cx: Cx,
    #[param(default = 1)] tag: u32,
    #[param(default = Target::Staging)] target: Target,
) -> Result {
    cx.report(format_args!("tag {tag} of {target:?}"));
    Ok(())
}

/// Log in somewhere.
#[job(name = "login", roles = ["first"])]
async fn login(
    cx: Cx,
    /// The token of the registry
    token: Secret,
    other: Option<Secret>,
) -> Result {
    let shown = cx.shell().run(cmd!("cat")).stdin(&token).await?;
    cx.report(format_args!(
        "{} bytes, other: {}",
        shown.text().len(),
        other.is_some()
    ));
    Ok(())
}

/// Log in once more.
#[job(name = "login-again", roles = ["first"])]
async fn login_again(cx: Cx, token: Option<Secret>) -> Result {
    let size = token.map_or(0, |token| token.expose().len());
    cx.report(format_args!("{size} bytes"));
    Ok(())
}

/// Delete something, if that is wanted.
#[job(name = "delete", roles = ["web"])]
async fn delete(cx: Cx) -> Result {
    if cx.confirm("delete it?").await? {
        cx.report("deleted");
    } else {
        cx.report("kept");
    }
    Ok(())
}

/// Fails on one of two sites.
#[job(name = "fail-first", roles = ["web"])]
async fn fail_first(cx: Cx) -> Result {
    if cx.site().name() == "web1" {
        cx.fail("not here");
    }
    Ok(())
}

/// Runs by its name a job that needs something.
#[schedule(name = "unsound")]
fn unsound(tag: String) -> Schedule {
    Schedule::new()
        .run(jobs![number])
        .run(jobs!["upload-web"])
        .name(tag)
}

/// Three stages.
#[schedule(name = "three")]
fn three() -> Schedule {
    Schedule::new()
        .run(jobs![number])
        .run(jobs![upload(tag = "a"), delete])
        .name("second")
        .run(jobs![number(tag = 9)])
        .always("second")
}

/// Stages that depend on a parameter.
#[schedule(name = "release")]
fn release(
    /// The release, by its tag
    tag: String,
    #[param(default = 1)] times: u32,
) -> Schedule {
    (0..times).fold(Schedule::new(), |schedule, number| {
        let keep = 7 + number;
        schedule.run(jobs![upload(
            tag = &tag,
            keep,
            targets = [Target::Production]
        )])
    })
}

/// Code that depends on one.
#[schedule(name = "tell")]
async fn tell(batch: Batch, tag: String) -> Result {
    batch
        .run(jobs![
            upload(tag, dirty = true, from = "dist"),
            number(tag = 2)
        ])
        .await
        .into_result()
}

ploy::main!();
