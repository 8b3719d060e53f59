//! An argument is given once.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"], name = "a", roles = ["web1"], name = "b")]
fn upload() {}

fn main() {}
