//! The path of the crate is absolute.

use ploy as deploy;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[deploy::job(roles = ["web"], crate = deploy)]
fn upload() {}

fn main() {}
