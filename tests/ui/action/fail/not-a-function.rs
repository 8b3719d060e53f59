//! An action is a function.

#[ploy::job]
struct Smoke;

#[ploy::action(job = Smoke, topology = any)]
struct Test;

#[ploy::action(job = Smoke, topology = any)]
enum Tests {}

fn main() {}
