//! A handle is an identifier.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"], handle = "Upload")]
fn upload() {}

fn main() {}
