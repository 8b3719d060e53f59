//! Roles of a site are strings, in a list.

ploy::sites! {
    site web1 { roles: [web, "db" "cache", 5] }
}

fn main() {}
