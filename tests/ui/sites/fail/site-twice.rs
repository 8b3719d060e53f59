//! A site is given once, whether by itself or by a range.

ploy::sites! {
    site web1 {}
    site "web[1-3]" {}
    site "db[1,1]" {}
}

fn main() {}
