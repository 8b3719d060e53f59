//! What a schedule runs, and where, is said in its function.

use ploy::prelude::*;

#[schedule(roles = ["web"])]
fn a() -> Schedule {
    Schedule::new()
}

#[schedule(nam = "b")]
fn b() -> Schedule {
    Schedule::new()
}

fn main() {}
