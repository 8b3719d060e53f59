//! Who met at a barrier.

/// Who met at a [`Barrier`](super::Barrier).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    pub(super) sites: u32,
    pub(super) missing: u32,
}

impl Passed {
    /// How many sites met here. Several actions of one site count as one.
    pub fn sites(&self) -> u32 {
        self.sites
    }

    /// How many sites of those that should have come did not: their tasks have ended, failed or
    /// were skipped before.
    pub fn missing(&self) -> u32 {
        self.missing
    }
}
