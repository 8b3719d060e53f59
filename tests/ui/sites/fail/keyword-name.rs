//! A word of Rust cannot be the name of an item.

ploy::sites! {
    site type {}
    site web { roles: ["self", "gen"] }
    role "_";
}

fn main() {}
