//! A path that is not there, private, or no job, is said at the path.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

mod web {
    #[ploy::job(roles = ["web"])]
    pub fn upload() {}

    pub fn helper() {}
}

fn main() {
    let _ = jobs![web::uplaod];
    let _ = jobs![web::helper, [upload]];
}
