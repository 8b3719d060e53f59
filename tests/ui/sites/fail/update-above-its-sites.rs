//! An update reaches the sites above it. A role that more sites get below would be missed.

ploy::sites! {
    site web1 { roles: ["web"] }
    update ["web", "db1", "db[1-2]"] { port: 2222 }
    site "web[2-3]" { roles: ["web"] }
    site db1 {}
}

fn main() {}
