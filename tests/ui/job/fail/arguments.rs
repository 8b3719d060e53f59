//! A job takes nothing, or one `Cx`.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"])]
async fn upload(cx: Cx, dir: &str) -> Result {
    let _ = (cx, dir);
    Ok(())
}

fn main() {}
