//! What the user who carries out a plan may do.

use super::entry::Attributes;

/// What the user who carries out a plan may do.
#[derive(Clone, Debug)]
pub(in crate::transfer) struct CopyPrivileges {
    /// Whether files can be given to others, and devices made.
    pub(in crate::transfer) is_root: bool,
    /// The groups to which files can be given.
    pub(in crate::transfer) groups: Vec<u32>,
}

impl CopyPrivileges {
    /// The owner that a file of these attributes is to get.
    pub(in crate::transfer) fn owner_to_set(
        &self,
        wanted: Attributes,
        current: Attributes,
    ) -> Option<u32> {
        (self.is_root && wanted.owner != current.owner).then_some(wanted.owner)
    }

    /// The group that a file of these attributes is to get.
    pub(in crate::transfer) fn group_to_set(
        &self,
        wanted: Attributes,
        current: Attributes,
    ) -> Option<u32> {
        let is_allowed = self.is_root || self.groups.contains(&wanted.group);
        (is_allowed && wanted.group != current.group).then_some(wanted.group)
    }
}
