//! A schedule is a function.

#[ploy::schedule]
struct Release;

fn main() {}
