//! An argument that is misspelt, and one that is near to none.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(nmae = "upload-web", roles = ["web"])]
fn upload() {}

#[ploy::job(roles = ["web"], help = "Upgrade.")]
fn upgrade() {}

fn main() {}
