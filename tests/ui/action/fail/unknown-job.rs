//! A job that is not there, or is none, is said at its path.

ploy::sites! {
    site web1 { roles: ["web"] }
}

mod web {
    #[ploy::job(roles = ["web"])]
    pub fn upload() {}

    pub struct Thing;
}

#[ploy::action(job = web::uplaod)]
fn a() {}

#[ploy::action(job = web::uplaod, roles = ["web"])]
fn b() {}

fn main() {}
