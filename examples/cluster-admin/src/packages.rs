//! Packages that every node is to have.

use std::time::Duration;

use ploy::Error;
use ploy::event::Show;
use ploy::prelude::*;

/// Install a package where it is missing.
#[job(name = "install", roles = ["node"])]
async fn install(
    cx: Cx,
    /// The package, by the name that all systems know
    #[param(default = "rsync")]
    package: String,
) -> Result {
    // Each of the three asks in a way of its own whether a package is there, and none is on all
    // systems.
    let state = cx
        .shell()
        .run(cmd!(
            "if command -v dpkg >/dev/null; then
               dpkg -s {package} >/dev/null 2>&1 && echo there || echo apt-get
             elif command -v rpm >/dev/null; then
               rpm -q {package} >/dev/null 2>&1 && echo there || echo dnf
             elif command -v apk >/dev/null; then
               apk info -e {package} >/dev/null 2>&1 && echo there || echo apk
             fi"
        ))
        .show(Show::Errors)
        .cwd("/")
        .await?;
    let install = match &*state.text() {
        "there" => {
            cx.report(format_args!("{package} is there"));
            return Ok(());
        }
        "apt-get" => cmd!("DEBIAN_FRONTEND=noninteractive apt-get install -y -- {package}"),
        "dnf" => cmd!("dnf install -y -- {package}"),
        "apk" => cmd!("apk add -- {package}"),
        _ => return Err(Error::msg("none of dpkg, rpm and apk is installed")),
    };
    // One at a time on a host: package managers lock each other out.
    let _turn = cx
        .lock(format!("packages of {}", host(&cx)))
        .acquire()
        .await?;
    let user = cx.shell().run(cmd!("id -un")).cwd("/").await?;
    let install = if user.text() == "root" {
        cx.shell().run(install)
    } else {
        // Asks for the password of the cluster once, whatever the number of nodes.
        cx.shell().sudo(install)
    };
    install.cwd("/").timeout(Duration::from_secs(600)).await?;
    cx.report(format_args!("{package} was installed"));
    Ok(())
}

/// Install several packages, one after the other.
#[schedule(name = "prepare")]
fn prepare(packages: Vec<String>) -> Schedule {
    packages.iter().fold(Schedule::new(), |schedule, package| {
        schedule.sequential(jobs![install(package)])
    })
}

/// Sites without a host are all on this machine.
fn host(cx: &Cx) -> &str {
    cx.site().host.as_deref().unwrap_or("this machine")
}
