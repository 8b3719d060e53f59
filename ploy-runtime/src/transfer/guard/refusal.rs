//! Why a transfer may not delete in a destination.

use crate::transfer::request::BaseFolder;

/// What would be lost by a mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum MirrorRefusal {
    #[error("the destination is empty")]
    EmptyDestination,
    #[error("it is the root of all files")]
    Root,
    #[error("it is {0}")]
    IsBase(BaseFolder),
    #[error("it leads out of {0}")]
    LeadsOut(BaseFolder),
    #[error("the current directory is in it")]
    HoldsCurrent,
    #[error("the home directory is in it")]
    HoldsHome,
    #[error("the site's path is in it")]
    HoldsSitePath,
    #[error("the source lies in it")]
    HoldsSource,
    #[error("it lies in the source")]
    LiesInSource,
}
