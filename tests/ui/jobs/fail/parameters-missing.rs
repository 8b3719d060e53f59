//! A job that needs something is not listed without it.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"])]
fn upload(_: Cx, tag: String, token: Secret, #[param(default = 3)] keep: u32) {
    let _ = (tag, token, keep);
}

fn main() {
    let _ = jobs![upload];
    let _ = jobs![upload(tag = "v1", keep = 5)];
}
