//! There are sites, updates and roles.

ploy::sites! {
    stie web1 { roles: ["web"] }
    host web2 {}
    role "canary"
}

fn main() {}
