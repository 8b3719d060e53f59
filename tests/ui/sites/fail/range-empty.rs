//! A range holds numbers.

ploy::sites! {
    site "db[]" {}
}

fn main() {}
