//! Every mistake is said, each at its own token, and nothing else fails because of them.

use ploy::prelude::*;

ploy::sites! {
    site web1 { hots: "web1.example.com", port: 0, roles: ["web"] }
    site web1 {}
    site "db[3-1]" { roles: ["db"] }
    update ["cache"] { port: 22 }
    stie extra { roles: ["extra"] }
}

#[job(roles = ["web", "db", "extra"])]
fn upload() {}

fn main() {
    let _ = (jobs![upload], topology::topology(), topology::roles::web, topology::sites::web1);
}
