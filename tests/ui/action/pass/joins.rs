//! An action joins a job of this or another module by its path, or any job by its name.

#![deny(warnings)]

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web", "primary", "upload"] }
}

mod web {
    #[ploy::job]
    pub async fn upload() {}
}

mod other {
    use ploy::prelude::*;

    #[action(job = crate::web::upload, roles = ["primary", ["web"]])]
    async fn backup(cx: Cx) -> Result {
        let _ = cx;
        Ok(())
    }
}

use web::upload as send;

#[action(job = send)]
#[action(job = "of-another-crate", roles = ["web"])]
#[action(job = "upload")]
fn notify(_: Cx) {}

#[job]
struct Smoke;

#[action(job = Smoke, topology = any)]
fn smoke() -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {}
