//! A list holds paths, strings and lists.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"])]
fn upload() {}

fn main() {
    let _ = jobs![upload(), 5, "", upload upload, ["a b"]];
    let _ = jobs![upload; upload];
}
