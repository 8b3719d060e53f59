//! A range is `[01-12]` or `[1-3,7]`.

ploy::sites! {
    site "db[a-c]" {}
    site "db[1-" {}
    site "db1]" {}
    site "db[1-02]" {}
    site "db[1--3]" {}
}

fn main() {}
