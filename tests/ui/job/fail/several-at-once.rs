//! Every mistake is said, and the job can still be named.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(name = "a b", nmae = "x", roles = ["web", "wbe"], handle = 5)]
const fn upload(_: u8, _: u8) {}

fn main() {
    let _ = jobs![upload];
}
