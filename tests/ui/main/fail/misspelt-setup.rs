//! A function that is not there is said at its path.

use ploy::{Catalogue, Result, Topology};

ploy::sites! {}

async fn prepare(_: &mut Topology, _: &mut Catalogue) -> Result {
    Ok(())
}

ploy::main! { setup: prepaer }
