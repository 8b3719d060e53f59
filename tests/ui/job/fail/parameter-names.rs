//! No parameter has the name of an option that every deploy binary has.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"])]
async fn upload(cx: Cx, limit: u32, #[param(name = "dry-run")] dry: bool) -> Result {
    let _ = (cx, limit, dry);
    Ok(())
}

fn main() {}
