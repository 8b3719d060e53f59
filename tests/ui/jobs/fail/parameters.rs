//! What a job is given has the names and types of its parameters, and all that it needs.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"])]
fn upload(_: Cx, tag: String, #[param(default = 3)] keep: u32) {
    let _ = (tag, keep);
}

#[job(roles = ["web"])]
fn upgrade() {}

fn main() {
    let _ = jobs![upload(tga = "v1", tag = "v2")];
    let _ = jobs![upload(tag = 5)];
    let _ = jobs![upload(tag = "v1", keep = "3")];
    let _ = jobs![upgrade(tag = "v1")];
}
