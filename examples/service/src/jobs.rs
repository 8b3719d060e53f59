//! The sites and jobs of the service, by hand.

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::topology::{Settings, Topology};
use ploy::{Cx, Error, Key, Result, Script};

/// How many sites have a backup that is fresh.
const FRESH: Key<u32> = Key::new("fresh");

/// Three folders under the temporary one; it could as well be hosts.
pub(crate) fn topology() -> Topology {
    let root = std::env::temp_dir().join("ploy-service");
    let mut topology = Topology::new();
    for name in ["alpha", "beta", "gamma"] {
        let folder = root.join(name);
        topology.add(
            name,
            Settings::new()
                .roles(["files"])
                .env("FOLDER", folder.to_string_lossy()),
        );
    }
    topology
}

pub(crate) fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::new();
    catalogue
        .add("backup", ["files"], [Action::new(backup)])
        .add("verify", ["files"], [Action::new(verify)])
        .add("watch", ["files"], [Action::new(watch)]);
    catalogue
}

/// Packs what is in the folder, one site at a time. The lock is that of a run: two runs do not keep
/// each other out.
async fn backup(cx: Cx) -> Result {
    let _disk = cx.lock("disk").acquire().await?;
    let script = r#"mkdir -p "$FOLDER/data" && tar czf "$FOLDER/backup.tgz" -C "$FOLDER" data && ls -l "$FOLDER""#;
    cx.shell().run(Script::raw(script)).await?;
    Ok(())
}

/// Fails where there is no backup of the last day.
async fn verify(cx: Cx) -> Result {
    let script = r#"find "$FOLDER" -name backup.tgz -mtime -1"#;
    let found = cx.shell().run(Script::raw(script)).unchecked().await?;
    if found.text().is_empty() {
        return Err(Error::msg("there is no fresh backup; run `backup` first"));
    }
    let fresh = cx.space().update(FRESH, |fresh| {
        *fresh += 1;
        *fresh
    });
    cx.report(format_args!("{fresh} fresh so far"));
    Ok(())
}

/// Says the time until somebody cancels the run.
async fn watch(cx: Cx) -> Result {
    cx.shell()
        .run(Script::raw("while :; do date; sleep 1; done"))
        .await?;
    Ok(())
}
