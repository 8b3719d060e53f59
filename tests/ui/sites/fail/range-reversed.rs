//! A range runs upwards.

ploy::sites! {
    site "db[12-01]" {}
}

fn main() {}
