//! A job without work of its own needs no role.

#![deny(warnings)]

use ploy::prelude::*;

/// Try the sites.
#[job(name = "smoke")]
struct Smoke;

#[job]
pub struct SmokeTest;

fn main() {
    let jobs = jobs![Smoke, SmokeTest];
    let names: Vec<&str> = jobs.iter().map(|job| job.name()).collect();
    assert_eq!(names, ["smoke", "smoke-test"]);
}
