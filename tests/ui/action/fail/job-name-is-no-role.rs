//! Without `roles` the job's name is the role, so it must be one. That is said at the job.

ploy::sites! {
    site web1 { roles: ["web"] }
}

mod web {
    #[ploy::job(name = "upload-web", roles = ["web"])]
    pub fn upload() {}
}

#[ploy::action(job = web::upload)]
fn a() {}

#[ploy::action(job = "upload-web")]
fn b() {}

fn main() {}
