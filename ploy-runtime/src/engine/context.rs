use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use super::Catalogue;
use super::message::Line;
use crate::event::BatchId;
use crate::topology::Topology;
use crate::transport::Pool;

/// What all parts of a run share.
pub(super) struct Context {
    pub(super) batch: BatchId,
    pub(super) topology: Arc<Topology>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) pool: Pool,
    pub(super) line: Line,
    pub(super) next_stage: AtomicU32,
}
