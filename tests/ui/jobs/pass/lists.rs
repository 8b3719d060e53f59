//! Lists nest, are flattened, and may be empty; a job may stand twice; a string is a name.

#![deny(warnings)]

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"])]
fn upload() {}

mod web {
    #[ploy::job(name = "upgrade-web", roles = ["web"])]
    pub fn upgrade() {}
}

fn names(jobs: ploy::catalogue::Jobs) -> Vec<String> {
    jobs.iter().map(|job| job.name().to_owned()).collect()
}

fn main() {
    assert!(names(jobs![]).is_empty());
    assert!(names(jobs![[], [[]]]).is_empty());
    assert_eq!(names(jobs![upload]), ["upload"]);
    assert_eq!(
        names(jobs![
            upload,
            [web::upgrade, ["by-name", upload,]],
            self::web::upgrade,
        ]),
        ["upload", "upgrade-web", "by-name", "upload", "upgrade-web"]
    );
}
