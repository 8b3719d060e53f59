//! A result that holds a value would lose it.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"])]
fn upload() -> ploy::Result<u8> {
    Ok(0)
}

fn main() {}
