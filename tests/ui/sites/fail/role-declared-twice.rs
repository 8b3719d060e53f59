//! A role is declared once. One that a site carries may be declared too.

ploy::sites! {
    site web1 { roles: ["web"] }
    role "web";
    role "canary";
    role "canary";
}

fn main() {}
