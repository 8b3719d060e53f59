//! A topology that is not there is said at its path.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web", "web1"], topology = fleet::topology)]
fn upload() {}

fn main() {}
