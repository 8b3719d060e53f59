//! A name that is more than an identifier is a string.

ploy::sites! {
    site web-1 {}
    site db[1-2] {}
}

fn main() {}
