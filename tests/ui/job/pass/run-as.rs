//! A job may say who runs its commands.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[job(roles = ["web"], run_as = "root")]
async fn install() {}

#[job(roles = ["web"])]
async fn reload() {}

fn main() {
    let catalogue = ploy::catalogue::linked::catalogue();
    assert_eq!(catalogue.job("install").unwrap().run_as(), Some("root"));
    assert_eq!(catalogue.job("reload").unwrap().run_as(), None);
    assert!(catalogue.validate(&topology::topology()).is_empty());
    let mut catalogue = ploy::catalogue::Catalogue::new();
    catalogue.run_as("nowhere", "root");
    let problems = catalogue.validate(&topology::topology());
    assert!(
        problems[0]
            .to_string()
            .contains("no job is named `nowhere`, to run as another user")
    );
}
