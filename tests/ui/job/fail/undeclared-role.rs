//! A role that no site carries and nobody declares, at its literal; several are several errors.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
    site db1 { roles: ["database"] }
}

#[job(name = "upload-web", roles = ["web", ["databse"], "cache"])]
async fn upload(cx: Cx) -> Result {
    let _ = cx;
    Ok(())
}

fn main() {}
