/// What a transfer has moved. Files that were there already, and equal, do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moved {
    /// How many files were moved; folders and links do not count.
    pub files: u64,
    /// How many bytes they have, whatever part of them had to go over the network.
    pub bytes: u64,
    /// How many files and folders [`mirror`](crate::Transfer::mirror) deleted.
    pub deleted: u64,
}
