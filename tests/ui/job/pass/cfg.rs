//! What `#[cfg]` removes leaves nothing behind, wherever the attribute stands.

#![deny(warnings)]

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["nowhere"])]
#[cfg(any())]
fn upload() {}

#[cfg(any())]
#[job(roles = ["nowhere"])]
fn upgrade() {}

#[job(roles = ["web"])]
#[cfg(unix)]
fn package() {}

fn main() {
    let _ = jobs![package];
}
