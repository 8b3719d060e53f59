//! An action says which job it joins.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::action]
fn a() {}

#[ploy::action(roles = ["web"])]
fn b() {}

fn main() {}
