//! A role that could not be one is said as such, also where roles are not checked.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web", "a b"])]
fn upload() {}

#[ploy::job(roles = [""], topology = any)]
fn upgrade() {}

fn main() {}
