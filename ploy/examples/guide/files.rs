//! Snippets of the chapter on files.

use ploy::prelude::*;

/// What is uploaded: the folder of this source.
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/guide/");

/// Upload the sources, and configure what would serve them.
#[job(name = "configure", roles = ["web"])]
pub(crate) async fn configure(cx: Cx) -> Result {
    cx.shell()
        .upload(SOURCES, "www")
        .mirror()
        .exclude("uploads/")
        .await?;
    let port = 8080;
    let written = cx
        .shell()
        .write("app.conf", format!("listen {port};\n"))
        .mode(0o640)
        .await?;
    if written.changed {
        cx.shell().run(cmd!("echo reload > reloaded")).await?;
    }
    Ok(())
}
