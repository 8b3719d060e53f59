//! Another name for the handle, where a module has the function's.

#![deny(warnings)]

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

mod upload {
    #[ploy::job(roles = ["web"], handle = Upload)]
    pub fn upload() {}
}

use upload::{Upload, upload};

fn main() {
    upload();
    assert_eq!(jobs![Upload, upload::Upload].iter().len(), 2);
}
