//! A job is a function or a unit struct.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"])]
enum Upload {}

#[ploy::job(name = "upgrade", roles = ["web"])]
mod upgrade {}

#[ploy::job(roles = ["web"])]
pub const fn_: u8 = 0;

fn main() {}
