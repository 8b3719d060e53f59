//! The fleet: the sites and roles that all job crates share.
//!
//! Dependencies run one way: this crate knows no job, the job crates know this crate, and the binary knows them all.
//! Each job crate says `use fleet::topology;` once at its root, and from then on a role that is not declared here does
//! not compile there.
//!
//! As it stands, all sites are folders of this machine, so that everything runs anywhere. `FLEET_FOLDER` says under
//! which folder they are.

use std::env;
use std::time::Duration;

ploy::sites! {
    site web1 { roles: ["web", "primary"], path: folder("web1") }
    site web2 { roles: ["web"], path: folder("web2") }

    // Three sites. They share a folder, as sites may, and each knows its own name.
    site "db[1-3]" { roles: ["db"], path: folder("db"), env: { DATABASE: "{name}" }, vars: { keep: 2 } }

    // Declared, and empty until the deploy binary fills it at run time.
    role "canary";

    update ["web", "db"] { roles: ["monitored"], timeout: Duration::from_secs(60) }
}

/// The folder of a site on this machine.
pub fn folder(site: &str) -> String {
    let folder = env::var("FLEET_FOLDER").unwrap_or_else(|_| {
        let user = env::var("USER").unwrap_or_else(|_| "me".to_owned());
        format!("{}/ploy-fleet-{user}", env::temp_dir().display())
    });
    format!("{folder}/{site}")
}
