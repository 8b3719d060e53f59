//! A schedule is data, or code.

use ploy::prelude::*;

#[schedule]
async fn a() -> Result {
    Ok(())
}

#[schedule]
fn b(batch: Batch) -> Schedule {
    let _ = batch;
    Schedule::new()
}

#[schedule]
fn c() {}

#[schedule]
async fn d(batch: Batch, more: u8) -> Result {
    let _ = (batch, more);
    Ok(())
}

fn main() {}
