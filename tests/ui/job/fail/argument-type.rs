//! The argument is a `Cx`; anything else is said at its type.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"])]
async fn upload(dir: &str) {
    let _ = dir;
}

#[ploy::job(roles = ["web"])]
fn upgrade(_: u8) {}

fn main() {}
