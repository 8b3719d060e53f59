ploy::sites! {
    site web1 { roles: ["web"] }
}

fn main() {}

#[ploy::job(roles = ["web"], run_as = root)]
async fn switch() {}

#[ploy::job(roles = ["web"], run_as = "-x")]
async fn option() {}

#[ploy::job(roles = ["web"], run_as = "")]
async fn nobody() {}
