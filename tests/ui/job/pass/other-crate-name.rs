//! The crate may have another name.

#![deny(warnings)]

mod renamed {
    pub extern crate ploy as deploy;
}

use renamed::deploy;

deploy::sites! {
    crate = crate::renamed::deploy;
    site web1 { roles: ["web"] }
}

#[deploy::job(roles = ["web"], crate = crate::renamed::deploy)]
async fn upload(_: deploy::Cx) {}

#[deploy::job(roles = ["web"], crate = ::ploy)]
fn upgrade() {}

#[deploy::action(job = upload, roles = ["web"], crate = crate::renamed::deploy)]
fn joined() {}

#[deploy::schedule(crate = crate::renamed::deploy)]
fn release() -> deploy::Schedule {
    deploy::Schedule::new().run(deploy::jobs![crate = crate::renamed::deploy; upload, upgrade])
}

fn main() {
    let user = "x";
    assert_eq!(
        deploy::cmd!(crate = crate::renamed::deploy; "id {user}").to_string(),
        "id x"
    );
    let _ = release();
}
