//! Parameters are given by name.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"])]
fn upload(_: Cx, tag: String) {
    let _ = tag;
}

fn main() {
    let _ = jobs![upload("v1")];
    let _ = jobs![upload(tag = "v1" tag = "v2")];
    let _ = jobs![upload(tag = "v1", tag = "v2")];
    let _ = jobs!["upload"(tag = "v1")];
}
