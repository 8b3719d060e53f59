//! A function that is not there is said at its path.

use ploy::catalogue::Catalogue;
use ploy::topology::Topology;
use ploy::Result;

ploy::sites! {}

async fn prepare(_: &mut Topology, _: &mut Catalogue) -> Result {
    Ok(())
}

ploy::main! { setup: prepaer }
