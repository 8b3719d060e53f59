//! Something to look at.

use ploy::prelude::*;
use ploy::transfer::{Template, context};

/// What a node's log looks like.
const LOG: &str = "{% for line in range(1, 7) %}\
2026-03-0{{ line }}T10:00:00Z {{ 'ERROR disk is slow' if line == 5 else 'INFO all is well' }} on {{ site.name }}
{% endfor %}";

/// Put a log and a backup on each node, for the other jobs to find.
#[job(name = "demo", roles = ["node"])]
async fn demo(cx: Cx) -> Result {
    let log = Template::text(LOG);
    let written = cx
        .shell()
        .template(log, "logs/app.log", context! {})
        .mode(0o640)
        .await?;
    if written.changed {
        cx.report("the log is new");
    }
    cx.shell()
        .run(cmd!["mkdir -p backups", "tar czf backups/today.tgz logs"])
        .await?;
    Ok(())
}
