//! Async and plain functions, with and without a `Cx`, and every output.

#![deny(warnings, clippy::all, clippy::pedantic)]

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web", "a"] }
}

#[job]
async fn a() {
    std::future::ready(()).await;
}

#[job(name = "b:c.d-e_f", roles = ["web", ["web1", "web"], []])]
async fn b(cx: Cx) -> Result {
    std::future::ready(()).await;
    let _ = cx;
    Ok(())
}

#[job(roles = ["web"])]
fn c(_cx: Cx) {}

#[job(roles = ["web"])]
fn d() -> Result<(), std::io::Error> {
    std::fs::read("x")?;
    Ok(())
}

#[job(roles = ["web"])]
fn e(Cx { .. }: Cx) -> anyhow::Result<()> {
    anyhow::bail!("x")
}

#[job(roles = ["web"])]
fn f() -> Result<(), String> {
    Err(String::new())
}

fn main() {
    let all = jobs![a, b, c, d, e, f];
    let names: Vec<&str> = all.iter().map(ploy::catalogue::JobRef::name).collect();
    assert_eq!(names, ["a", "b:c.d-e_f", "c", "d", "e", "f"]);
    c_is_still_a_function(d);
}

fn c_is_still_a_function(_: fn() -> Result<(), std::io::Error>) {}
