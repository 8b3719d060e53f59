//! The function that prepares is one that is there, and returns what a job does.

use ploy::catalogue::Catalogue;
use ploy::topology::Topology;

ploy::sites! {}

async fn prepare(_: &mut Topology, _: &mut Catalogue) -> u8 {
    0
}

ploy::main! { setup: prepare }
