//! A module of the function's name leaves no room for the handle; `handle = ..` makes some.

ploy::sites! {
    site web1 { roles: ["web"] }
}

mod upload {
    #[ploy::job(roles = ["web"])]
    pub fn upload() {}
}

use upload::upload;

fn main() {
    upload();
}
