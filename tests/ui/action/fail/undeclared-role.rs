//! The roles of an action are checked as those of a job.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"])]
fn upload() {}

#[ploy::action(job = upload, roles = ["web", "primry"])]
fn a() {}

fn main() {}
