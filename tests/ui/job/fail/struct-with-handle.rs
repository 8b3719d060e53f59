//! A struct is its own handle.

#[ploy::job(handle = Other)]
struct Smoke;

fn main() {}
