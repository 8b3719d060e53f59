//! The path of the crate is absolute.

use ploy as deploy;

ploy::sites! {
    crate = deploy;
    site web1 {}
}

fn main() {}
