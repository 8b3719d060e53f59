//! An update names roles that somebody carries, or that are declared.

ploy::sites! {
    site web1 { roles: ["web"] }
    update ["wbe", "database"] { port: 2222 }
}

fn main() {}
