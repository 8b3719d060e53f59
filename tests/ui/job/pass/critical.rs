ploy::sites! {
    site web1 { roles: ["web"] }
}

/// Switches over, which is not to be left half-done.
#[ploy::job(roles = ["web"], critical = true)]
async fn switch() {}

#[ploy::job(roles = ["web"], critical = false)]
async fn upload() {}

#[ploy::job(name = "later", critical = true)]
struct Later;

fn main() {
    let catalogue = ploy::catalogue::linked::catalogue();
    let critical = |name: &str| catalogue.job(name).unwrap().is_critical();
    assert!(critical("switch") && critical("later") && !critical("upload"));
}
