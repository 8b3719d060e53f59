//! An action has no name and no handle.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"])]
fn upload() {}

#[ploy::action(job = upload, role = ["web"])]
fn a() {}

#[ploy::action(job = upload, handle = B)]
fn b() {}

fn main() {}
