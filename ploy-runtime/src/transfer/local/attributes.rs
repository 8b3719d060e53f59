//! Setting mode, owner and time.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, lchown};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_OMIT, utimensat};

use crate::transfer::planner::entry::Attributes;
use crate::transfer::planner::privileges::CopyPrivileges;

/// Gives a path attributes in place of those that it has, as far as its user may. A link is not
/// followed, and has no mode of its own.
pub(super) fn set(
    path: &Path,
    wanted: Attributes,
    current: Attributes,
    is_link: bool,
    privileges: &CopyPrivileges,
) -> io::Result<()> {
    let owner = privileges.owner_to_set(wanted, current);
    let group = privileges.group_to_set(wanted, current);
    let has_new_owner = owner.is_some() || group.is_some();
    if has_new_owner {
        lchown(path, owner, group)?;
    }
    // A new owner may have cost bits of the mode.
    if !is_link && (has_new_owner || wanted.mode != current.mode) {
        fs::set_permissions(path, Permissions::from_mode(wanted.mode))?;
    }
    if wanted.modified != current.modified {
        set_time(path, wanted)?;
    }
    Ok(())
}

fn set_time(path: &Path, wanted: Attributes) -> io::Result<()> {
    let times = Timestamps {
        last_access: Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_OMIT,
        },
        last_modification: Timespec {
            tv_sec: wanted.modified.seconds,
            tv_nsec: wanted.modified.nanoseconds.into(),
        },
    };
    Ok(utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}
