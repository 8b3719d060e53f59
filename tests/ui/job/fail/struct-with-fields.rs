//! The struct of a job holds nothing.

#[ploy::job]
struct Smoke {
    _count: u8,
}

#[ploy::job]
struct Smoking(#[allow(dead_code)] u8);

#[ploy::job]
struct Smoked<T>(T);

fn main() {}
