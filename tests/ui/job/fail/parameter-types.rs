//! The type of a parameter, and of its default.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[derive(Clone)]
struct Unknown;

#[job(roles = ["web"])]
async fn upload(cx: Cx, what: Unknown) -> Result {
    let _ = (cx, what);
    Ok(())
}

#[job(roles = ["web"])]
async fn upgrade(cx: Cx, #[param(default = "three")] keep: u32) -> Result {
    let _ = (cx, keep);
    Ok(())
}

fn main() {}
