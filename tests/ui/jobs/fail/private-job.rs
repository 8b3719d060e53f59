//! A private function is a private job.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

mod web {
    #[ploy::job(roles = ["web"])]
    fn upload() {}
}

fn main() {
    let _ = jobs![web::upload];
}
