//! The function that prepares gets the topology and the catalogue.

use ploy::Result;

ploy::sites! {}

async fn prepare() -> Result {
    Ok(())
}

ploy::main! { setup: prepare }
