//! A topology is a path, or `any`.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"], topology = "fleet")]
fn upload() {}

fn main() {}
