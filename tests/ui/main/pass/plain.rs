//! Nothing but a topology.

#![deny(warnings)]

ploy::sites! {
    site local { roles: ["all"] }
}

#[ploy::job]
fn all() {}

/// Not the real `main`, which would read the command line.
#[allow(dead_code)]
mod deploy {
    ploy::main!();
}

fn main() {}
