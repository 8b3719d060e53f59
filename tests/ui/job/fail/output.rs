//! A job returns nothing, `ploy::Result`, or another `Result<(), E>`.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"])]
async fn upload() -> Option<u8> {
    None
}

#[ploy::job(roles = ["web"])]
fn upgrade() -> u8 {
    0
}

fn main() {}
