//! The jobs of the web team.

use fleet::topology; // the roles that the macros check against
use ploy::prelude::*;

/// Write the new release beside the one that is running.
#[job(name = "upload-web", roles = ["web", "canary"])]
pub async fn upload(cx: Cx) -> Result {
    let release = cx.batch_id();
    let folder = cx.path();
    let page = format!("<p>Release {release} on {}.</p>", cx.site().name());
    // The folder itself may be missing, so this command does not start in it.
    cx.shell()
        .run(cmd!("mkdir -p {folder}/releases/{release}"))
        .cwd("/")
        .await?;
    cx.shell()
        .run(cmd![
            "echo {page} > releases/{release}/index.html",
            "ln -sfn releases/{release} next"
        ])
        .await?;
    Ok(())
}

/// Switch over to the release that was written last.
#[job(name = "upgrade-web", roles = ["web", "canary"])]
pub async fn upgrade(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!["[ -e next ]", r#"ln -sfn "$(readlink next)" current"#])
        .await?;
    Ok(())
}

/// Check that the page which is running is the one that was written for this site.
#[job(name = "check-web", roles = ["web", "canary"])]
pub async fn check(cx: Cx) -> Result {
    let page = cx.shell().run(cmd!("cat current/index.html")).await?;
    if !page.text().contains(cx.site().name()) {
        cx.fail("the page is that of another site");
    }
    Ok(())
}
