//! The sites, and the command line.

mod jobs;

ploy::sites! {
    site web1 { roles: ["web"], path: folder("web1") }
    site web2 { roles: ["web"], path: folder("web2") }
}

/// A folder that stands for a server, so that everything can be tried here. With
/// `host: "web1.example.com"` a site is on that server, and `path` is a folder there.
fn folder(site: &str) -> String {
    format!("{}/target/sites/{site}", env!("CARGO_MANIFEST_DIR"))
}

ploy::main!();
