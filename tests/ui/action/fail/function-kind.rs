//! An action is a function that ploy can call.

use ploy::prelude::*;

#[job]
struct Smoke;

#[action(job = Smoke, topology = any)]
unsafe fn a<T>(_: Cx, _: u8) {}

#[action(job = Smoke, topology = any)]
async fn b(_: &str) {}

#[action(job = Smoke, topology = any)]
async fn c() -> u8 {
    0
}

fn main() {}
