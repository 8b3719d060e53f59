//! More than 100,000 sites are a slip.

ploy::sites! {
    site "db[1-1000000]" {}
    site "node[0-999][0-999]" {}
}

fn main() {}
