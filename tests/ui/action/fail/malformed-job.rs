//! A job is a path or a string.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::action(job = 5, roles = ["web"])]
fn a() {}

#[ploy::action(job = "a b", roles = ["web"])]
fn b() {}

fn main() {}
