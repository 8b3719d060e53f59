//! A type that is no job.

use ploy::prelude::*;

struct Thing;

fn main() {
    let _ = jobs![Thing];
}
