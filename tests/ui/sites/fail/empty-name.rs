//! A name has at least one letter.

ploy::sites! {
    site "" {}
    site web { roles: [""] }
    role "";
}

fn main() {}
