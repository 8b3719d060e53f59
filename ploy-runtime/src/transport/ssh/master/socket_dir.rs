//! The folder in which connections are kept, for the next run and for every other program of this
//! user.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// The longest path in which ssh can make its socket: 108 bytes, less a suffix of 17 that it
/// appends while it does so.
pub(crate) const MAX_SOCKET_PATH: usize = 90;

/// The length of `/` and the name of a socket.
const SOCKET_NAME: usize = 17;

/// The folder of kept connections. Only its user can enter it.
#[derive(Clone, Debug)]
pub struct SocketDir {
    folder: PathBuf,
}

/// The key of a slot: a hash of all that its connection depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SlotKey(pub(super) u64);

/// Where the connection to one destination is kept.
#[derive(Clone, Debug)]
pub(crate) struct SocketSlot {
    pub(crate) socket: PathBuf,
    record: PathBuf,
    lock: PathBuf,
}

/// What is recorded beside a socket. The modification time of its file is when the connection was
/// last used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SlotRecord {
    /// The destination, as messages have it.
    pub(crate) destination: String,
    /// The host alone, which ssh has to be given again to control the master.
    pub(crate) host: String,
}

/// The right to start the connection of a slot, until it is dropped.
pub(crate) struct SlotLock(#[allow(dead_code)] File); // It is for its drop.

impl SocketDir {
    /// Opens the folder, and makes it if need be.
    ///
    /// # Errors
    ///
    /// If there is no folder that is this user's alone and has a path that is short enough for a
    /// socket.
    pub fn open() -> io::Result<Self> {
        let user = rustix::process::getuid().as_raw();
        let of_user = |parent: PathBuf| parent.join(format!("ploy-{user}"));
        let candidates = [
            std::env::var_os("XDG_RUNTIME_DIR").map(|parent| PathBuf::from(parent).join("ploy")),
            Some(of_user(std::env::temp_dir())),
            Some(of_user(PathBuf::from("/tmp"))),
        ];
        let mut error = io::Error::other("no folder for sockets has a short name");
        for folder in candidates.into_iter().flatten() {
            if !folder.is_absolute() || folder.as_os_str().len() + SOCKET_NAME > MAX_SOCKET_PATH {
                continue;
            }
            if !folder
                .parent()
                .is_some_and(|parent| is_safe_parent(parent, user))
            {
                continue;
            }
            match make_private(&folder, user) {
                Ok(()) => return Ok(SocketDir { folder }),
                Err(other) => error = other,
            }
        }
        Err(error)
    }

    pub(crate) fn slot(&self, key: SlotKey) -> SocketSlot {
        self.named(&format!("{:016x}", key.0))
    }

    fn named(&self, name: &str) -> SocketSlot {
        let path = |ending: &str| self.folder.join(format!("{name}{ending}"));
        SocketSlot {
            socket: path(""),
            record: path(".json"),
            lock: path(".lock"),
        }
    }

    /// All slots with a record, in the order of their destinations.
    pub(crate) fn slots(&self) -> Vec<(SocketSlot, SlotRecord)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut slots: Vec<_> = entries
            .filter_map(|entry| {
                let name = entry.file_name();
                let slot = self.named(name.to_str()?.strip_suffix(".json")?);
                let record = slot.record()?;
                Some((slot, record))
            })
            .collect();
        slots.sort_by(|(_, a), (_, b)| a.destination.cmp(&b.destination));
        slots
    }
}

/// Whether nobody but this user and root can replace a folder in this parent.
pub(crate) fn is_safe_parent(base: &Path, user: u32) -> bool {
    fs::metadata(base).is_ok_and(|base| {
        let is_ours = base.uid() == user || base.uid() == 0;
        let (others_write, sticky) = (base.mode() & 0o022 != 0, base.mode() & 0o1000 != 0);
        is_ours && (!others_write || sticky)
    })
}

/// Makes a folder that only this user can enter, or checks that it is one.
fn make_private(folder: &Path, user: u32) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let found = fs::symlink_metadata(folder)?;
    if found.is_dir() && found.uid() == user && found.mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "`{}` is not a folder that only you can enter",
        folder.display()
    )))
}

impl SocketSlot {
    /// Waits for the right to start the connection: one program at a time.
    pub(crate) async fn lock(&self) -> io::Result<SlotLock> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.lock)?;
        let mut pause = Duration::from_millis(5);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(SlotLock(file)),
                Err(fs::TryLockError::WouldBlock) => tokio::time::sleep(pause).await,
                Err(fs::TryLockError::Error(error)) => return Err(error),
            }
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    pub(crate) fn record(&self) -> Option<SlotRecord> {
        serde_json::from_slice(&fs::read(&self.record).ok()?).ok()
    }

    /// Records what is kept here.
    pub(crate) fn write(&self, record: &SlotRecord) {
        // The connection works without the record; it is only not listed.
        if let Ok(text) = serde_json::to_vec(record) {
            let _ = fs::write(&self.record, text);
        }
    }

    /// Records that the connection was used until now.
    pub(crate) fn touch(&self) {
        let record = File::options().write(true).open(&self.record);
        let _ = record.and_then(|record| record.set_modified(SystemTime::now()));
    }

    /// How long ago the connection was last used, as far as that is known.
    pub(crate) fn idle_time(&self) -> Duration {
        let used = fs::metadata(&self.record).and_then(|record| record.modified());
        used.ok()
            .and_then(|used| SystemTime::now().duration_since(used).ok())
            .unwrap_or(Duration::MAX)
    }

    /// Removes what an ended connection left here. The lock stays, because another program may hold
    /// it.
    pub(crate) fn clear(&self) {
        let _ = fs::remove_file(&self.socket);
        let _ = fs::remove_file(&self.record);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_folder_that_others_can_enter_is_refused() {
        let base = tempfile::tempdir().unwrap();
        let user = rustix::process::getuid().as_raw();
        let folder = base.path().join("ploy");
        make_private(&folder, user).unwrap();
        make_private(&folder, user).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o750)).unwrap();
        assert!(make_private(&folder, user).is_err());
        let link = base.path().join("link");
        std::os::unix::fs::symlink(base.path(), &link).unwrap();
        assert!(make_private(&link, user).is_err());
        assert!(make_private(base.path(), user + 1).is_err());
    }

    #[test]
    fn a_parent_where_others_can_rename_is_refused() {
        let base = tempfile::tempdir().unwrap();
        let user = rustix::process::getuid().as_raw();
        let is_safe_with = |mode| {
            fs::set_permissions(base.path(), fs::Permissions::from_mode(mode)).unwrap();
            is_safe_parent(base.path(), user)
        };
        assert!(is_safe_with(0o700) && is_safe_with(0o755) && is_safe_with(0o1777));
        assert!(!is_safe_with(0o777) && !is_safe_with(0o770));
        if user != 0 {
            return assert!(is_safe_parent(Path::new("/"), user));
        }
        std::os::unix::fs::chown(base.path(), Some(4711), None).unwrap();
        assert!(!is_safe_with(0o700));
    }

    #[tokio::test]
    async fn one_program_at_a_time_has_the_lock() {
        let base = tempfile::tempdir().unwrap();
        let socket_dir = SocketDir {
            folder: base.path().to_owned(),
        };
        let slot = socket_dir.slot(SlotKey(7));
        let lock = slot.lock().await.unwrap();
        let other = tokio::spawn({
            let slot = slot.clone();
            async move { slot.lock().await.map(drop) }
        });
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert!(!other.is_finished());
        drop(lock);
        other.await.unwrap().unwrap();
    }

    #[test]
    fn recorded_slots_are_listed_by_destination() {
        let base = tempfile::tempdir().unwrap();
        let socket_dir = SocketDir {
            folder: base.path().to_owned(),
        };
        let record = |name: &str| SlotRecord {
            destination: format!("me@{name}"),
            host: name.to_owned(),
        };
        socket_dir.slot(SlotKey(1)).write(&record("web2"));
        socket_dir.slot(SlotKey(2)).write(&record("web1"));
        let listed: Vec<_> = socket_dir
            .slots()
            .into_iter()
            .map(|(_, record)| record)
            .collect();
        assert_eq!(listed, [record("web1"), record("web2")]);
        assert!(socket_dir.slot(SlotKey(1)).idle_time() < Duration::from_secs(60));
        socket_dir.slot(SlotKey(1)).clear();
        assert_eq!(socket_dir.slots().len(), 1);
        assert_eq!(socket_dir.slot(SlotKey(1)).idle_time(), Duration::MAX);
    }
}
