//! A schedule is a function that ploy can call.

use ploy::prelude::*;

#[schedule]
const unsafe fn a<T>() -> Schedule {
    loop {}
}

fn main() {}
