//! Roles are a list of strings.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = "web")]
fn a() {}

#[ploy::job(roles = [web, topology::roles::web, 5])]
fn b() {}

#[ploy::job(roles = ["web" "web1"])]
fn c() {}

fn main() {}
