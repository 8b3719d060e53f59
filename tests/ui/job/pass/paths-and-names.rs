//! A handle is an item like any other: it can be imported, renamed, re-exported, be raw, or stand in a function.

#![deny(warnings)]

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

mod web {
    pub use inner::upload as put;
    pub use inner::*;

    mod inner {
        #[ploy::job(roles = ["web"])]
        pub fn upload() {}

        #[ploy::job(roles = ["web"])]
        pub(crate) fn r#try() {}
    }
}

use web::upload as send;

macro_rules! job_of {
    ($name:ident, $role:literal) => {
        #[job(roles = [$role])]
        fn $name() {}
    };
}

job_of!(made, "web");

fn main() {
    #[job(roles = ["web"])]
    fn local() {}

    let jobs = jobs![web::put, web::upload, send, web::r#try, made, local];
    let names: Vec<&str> = jobs.iter().map(|job| job.name()).collect();
    assert_eq!(
        names,
        ["upload", "upload", "upload", "try", "made", "local"]
    );
}
