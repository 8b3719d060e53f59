ploy::sites! {
    site web1 { roles: ["web"] }
}

fn main() {}

#[ploy::job(roles = ["web"], critical = "yes")]
async fn switch() {}
