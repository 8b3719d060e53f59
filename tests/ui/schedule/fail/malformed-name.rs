//! A name is made of letters, digits, `-`, `_`, `.` and `:`.

use ploy::prelude::*;

#[schedule(name = "a b")]
fn a() -> Schedule {
    Schedule::new()
}

#[schedule]
fn __() -> Schedule {
    Schedule::new()
}

fn main() {}
