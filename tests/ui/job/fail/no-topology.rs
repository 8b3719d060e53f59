//! Roles are checked against `crate::topology`. Without one, that is the only error, however many roles there are.

#[ploy::job(roles = ["web", "db"])]
fn upload() {}

fn main() {}
