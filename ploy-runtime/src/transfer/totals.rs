//! What a transfer has done.

/// What a transfer has moved. Files that were there already, and equal, do not count. With
/// `--dry-run` among its [`args`](crate::transfer::Transfer::args) it is what would be moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransferTotals {
    /// How many files were moved; folders and links do not count.
    pub files: u64,
    /// How many bytes they have, whatever part of them had to go over the network. 0 where an rsync
    /// on this machine that is older than 3.1 was told to round its figures.
    pub bytes: u64,
    /// How many files and folders [`mirror`](crate::transfer::Transfer::mirror) deleted. An rsync
    /// that is older than 3.1, on either side, does not say so: it is 0 then.
    pub deleted: u64,
}
