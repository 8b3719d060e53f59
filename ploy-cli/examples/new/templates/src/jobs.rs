//! What is done on the sites.

use ploy::prelude::*;

use crate::topology::roles;

/// What is uploaded.
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/site/");

/// Upload the site beside the one that is being served.
#[job(name = "upload", roles = ["web"])]
async fn upload(cx: Cx) -> Result {
    let release = cx.batch_id();
    cx.shell()
        .upload(SITE, format!("releases/{release}"))
        .await?;
    cx.shell()
        .run(cmd!("ln -sfn releases/{release} next"))
        .await?;
    Ok(())
}

/// Switch over to what was uploaded last.
#[job(name = "switch", roles = ["web"])]
async fn switch(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!["[ -e next ]", r#"ln -sfn "$(readlink next)" current"#])
        .await?;
    cx.report(format_args!("{}/current is new", cx.path()));
    Ok(())
}

/// Upload everywhere, then switch over everywhere.
#[schedule(name = "release")]
fn release() -> Schedule {
    Schedule::new()
        .sequential(jobs![upload, switch])
        .on([roles::web])
}

#[cfg(test)]
mod tests {
    use ploy::catalogue::linked;
    use ploy::run::Runner;
    use ploy::topology::{Settings, Topology};

    use super::*;

    /// On a site of its own: a test touches no server.
    #[tokio::test]
    async fn what_was_uploaded_is_served() {
        let folder = tempfile::tempdir().unwrap();
        let mut topology = Topology::new();
        topology.add(
            "here",
            Settings::new()
                .roles(["web"])
                .path(folder.path().to_str().unwrap()),
        );
        let stats = Runner::new(topology, linked::catalogue())
            .run(|batch| async move {
                let outcome = batch.sequential(jobs![upload, switch]).await;
                outcome.into_result()
            })
            .await;
        assert!(stats.is_ok(), "{stats:?}");
        let served = std::fs::read(folder.path().join("current/index.html")).unwrap();
        assert_eq!(served, std::fs::read(format!("{SITE}index.html")).unwrap());
    }
}
