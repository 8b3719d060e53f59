//! Another topology than `crate::topology`, or none.

#![deny(warnings)]

mod fleet {
    ploy::sites! {
        site web1 { roles: ["web", "upgrade"] }
    }
}

#[ploy::job(roles = ["web"], topology = fleet::topology)]
fn upload() {}

#[ploy::job(topology = crate::fleet::topology)]
fn upgrade() {}

#[ploy::job(roles = ["whatever"], topology = any)]
fn shared() {}

#[ploy::job(topology = any)]
fn other() {}

fn main() {}
