//! Names that would be one identifier cannot be told apart.

ploy::sites! {
    site "web-1" {}
    site "web_1" {}
    site "1a" { roles: ["_1a", "x.y"] }
    role "x-y";
}

fn main() {}
