//! What is generated warns of nothing, whatever the crate denies.

#![deny(
    warnings,
    dead_code,
    missing_docs,
    missing_copy_implementations,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    non_camel_case_types,
    unexpected_cfgs,
    single_use_lifetimes,
    trivial_casts,
    clippy::all,
    clippy::pedantic
)]

ploy::sites! {
    site web1 { roles: ["web", "upload"], host: "web1.example.com" }
}

/// Documented.
#[ploy::job(roles = ["web"])]
pub fn package() {}

/// Documented.
#[ploy::job]
pub fn upload() {}

#[ploy::job(roles = ["web"])]
#[deprecated]
#[allow(dead_code)]
fn old(_cx: ploy::Cx) {}

#[ploy::job]
struct Smoke;

#[ploy::action(job = upload, roles = ["web"])]
#[ploy::action(job = Smoke, roles = ["web"])]
fn joined() {}

#[ploy::schedule]
fn release() -> ploy::Schedule {
    ploy::Schedule::new().run(ploy::jobs![package])
}

fn main() {}
