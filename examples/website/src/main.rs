//! Uploads a web site to three servers and switches them over to it.
//!
//! As it stands, the servers are three folders of this machine. With `WEBSITE_HOST` set to a host, as ssh takes it,
//! they are three folders there. `WEBSITE_FOLDER` says under which folder they are, and `WEBSITE_SSH_CONFIG` names an
//! ssh configuration file.

mod jobs;

use std::env;

ploy::sites! {
    site web1 { roles: ["web", "primary"], path: folder("web1") }
    site web2 { roles: ["web"], path: folder("web2") }
    site web3 { roles: ["web"], path: folder("web3"), vars: { keep: 5 } }
    update ["web"] { host: env::var("WEBSITE_HOST").ok(), config: env::var("WEBSITE_SSH_CONFIG").ok() }
}

fn folder(site: &str) -> String {
    let folder = env::var("WEBSITE_FOLDER").unwrap_or_else(|_| {
        let user = env::var("USER").unwrap_or_else(|_| "me".to_owned());
        format!("{}/ploy-website-{user}", env::temp_dir().display())
    });
    format!("{folder}/{site}")
}

ploy::main!();
