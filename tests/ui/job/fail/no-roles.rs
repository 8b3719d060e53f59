//! A list that names no role would keep the job from running anywhere.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = [[], []])]
fn upload() {}

fn main() {}
