//! An action takes some of its job's parameters, by name and type.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"])]
fn upload(_: Cx, tag: String) {
    let _ = tag;
}

#[action(job = upload, roles = ["web"])]
fn misspelled(_: Cx, tga: String) {
    let _ = tga;
}

#[action(job = upload, roles = ["web"])]
fn mistyped(_: Cx, tag: u32) {
    let _ = tag;
}

fn main() {}
