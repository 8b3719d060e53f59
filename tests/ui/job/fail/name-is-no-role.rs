//! Without `roles` the job's name is the role, so it must be one.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job]
fn upload() {}

#[ploy::job(name = "wbe")]
fn upgrade() {}

fn main() {}
