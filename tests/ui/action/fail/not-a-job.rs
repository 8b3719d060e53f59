//! A type that is no job is said at its path.

ploy::sites! {
    site web1 { roles: ["web"] }
}

mod web {
    pub struct Thing;
}

#[ploy::action(job = web::Thing, roles = ["web"])]
fn a() {}

fn main() {}
