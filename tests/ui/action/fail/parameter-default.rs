//! The default of a parameter stands at its job.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"])]
fn upload(_: Cx, keep: u32) {
    let _ = keep;
}

#[action(job = upload, roles = ["web"])]
fn backup(_: Cx, #[param(default = 3)] keep: u32) {
    let _ = keep;
}

fn main() {}
