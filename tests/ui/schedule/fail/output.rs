//! What a schedule returns is checked at its type.

use ploy::prelude::*;

#[schedule]
fn a() -> Result {
    Ok(())
}

#[schedule]
async fn b(batch: Batch) -> Schedule {
    let _ = batch;
    Schedule::new()
}

#[schedule]
async fn c(cx: Cx) -> Result {
    let _ = cx;
    Ok(())
}

fn main() {}
