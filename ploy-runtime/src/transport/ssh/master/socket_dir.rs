//! The folder in which connections are kept, for the next run and for every other program of this user.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// The longest path in which ssh can make its socket: 108 bytes, less a suffix of 17 that it appends meanwhile.
pub(crate) const SOCKET_PATH: usize = 90;

/// The length of `/` and a file's name, without its ending.
const NAME: usize = 17;

/// The folder: only its user can enter it.
#[derive(Clone, Debug)]
pub(crate) struct Keep {
    folder: PathBuf,
}

/// Where the connection to one destination is kept.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) socket: PathBuf,
    note: PathBuf,
    lock: PathBuf,
}

/// What is noted beside a socket. Its file's time is when the connection was last used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    /// The destination, as messages have it.
    pub(crate) destination: String,
    /// The host alone, which ssh wants to hear again.
    pub(crate) host: String,
}

/// The right to start a connection in a place, until it is dropped.
pub(crate) struct Lock(#[allow(dead_code)] File); // It is for its drop.

impl Keep {
    /// The folder, made if need be.
    ///
    /// # Errors
    ///
    /// If there is none that is short enough for a socket and this user's alone.
    pub(crate) fn open() -> io::Result<Self> {
        let user = rustix::process::getuid().as_raw();
        let of_user = |base: PathBuf| base.join(format!("ploy-{user}"));
        let candidates = [
            std::env::var_os("XDG_RUNTIME_DIR").map(|base| PathBuf::from(base).join("ploy")),
            Some(of_user(std::env::temp_dir())),
            Some(of_user(PathBuf::from("/tmp"))),
        ];
        let mut error = io::Error::other("no folder for sockets has a short name");
        for folder in candidates.into_iter().flatten() {
            if !folder.is_absolute() || folder.as_os_str().len() + NAME > SOCKET_PATH {
                continue;
            }
            if !folder.parent().is_some_and(|base| is_safe(base, user)) {
                continue;
            }
            match private(&folder, user) {
                Ok(()) => return Ok(Keep { folder }),
                Err(other) => error = other,
            }
        }
        Err(error)
    }

    pub(crate) fn place(&self, key: u64) -> Place {
        self.named(&format!("{key:016x}"))
    }

    fn named(&self, name: &str) -> Place {
        let path = |ending: &str| self.folder.join(format!("{name}{ending}"));
        Place {
            socket: path(""),
            note: path(".json"),
            lock: path(".lock"),
        }
    }

    /// All places of which something is noted, in the order of their destinations.
    pub(crate) fn places(&self) -> Vec<(Place, Note)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut places: Vec<_> = entries
            .filter_map(|entry| {
                let name = entry.file_name();
                let place = self.named(name.to_str()?.strip_suffix(".json")?);
                let note = place.note()?;
                Some((place, note))
            })
            .collect();
        places.sort_by(|(_, a), (_, b)| a.destination.cmp(&b.destination));
        places
    }
}

/// Whether nobody but this user, and root, can put another in the place of a folder in this one.
pub(crate) fn is_safe(base: &Path, user: u32) -> bool {
    fs::metadata(base).is_ok_and(|base| {
        let is_ours = base.uid() == user || base.uid() == 0;
        let (others_write, sticky) = (base.mode() & 0o022 != 0, base.mode() & 0o1000 != 0);
        is_ours && (!others_write || sticky)
    })
}

/// Makes a folder that only this user can enter, or sees that it is one.
fn private(folder: &Path, user: u32) -> io::Result<()> {
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

impl Place {
    /// Waits for the right to start the connection here: one starter at a time, across programs too.
    pub(crate) async fn lock(&self) -> io::Result<Lock> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.lock)?;
        let mut pause = Duration::from_millis(5);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock(file)),
                Err(fs::TryLockError::WouldBlock) => tokio::time::sleep(pause).await,
                Err(fs::TryLockError::Error(error)) => return Err(error),
            }
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    pub(crate) fn note(&self) -> Option<Note> {
        serde_json::from_slice(&fs::read(&self.note).ok()?).ok()
    }

    /// Notes what is here.
    pub(crate) fn write(&self, note: &Note) {
        // Without the note the connection is as good, only not listed.
        if let Ok(text) = serde_json::to_vec(note) {
            let _ = fs::write(&self.note, text);
        }
    }

    /// Notes that the connection was used until now.
    pub(crate) fn touch(&self) {
        let note = File::options().write(true).open(&self.note);
        let _ = note.and_then(|note| note.set_modified(SystemTime::now()));
    }

    /// How long ago the connection was last used, as far as that is known.
    pub(crate) fn idle(&self) -> Duration {
        let used = fs::metadata(&self.note).and_then(|note| note.modified());
        used.ok()
            .and_then(|used| SystemTime::now().duration_since(used).ok())
            .unwrap_or(Duration::MAX)
    }

    /// Removes what a connection that ended left here. The lock stays: somebody may hold it.
    pub(crate) fn clear(&self) {
        let _ = fs::remove_file(&self.socket);
        let _ = fs::remove_file(&self.note);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_folder_that_others_can_enter_is_not_trusted() {
        let base = tempfile::tempdir().unwrap();
        let user = rustix::process::getuid().as_raw();
        let folder = base.path().join("ploy");
        private(&folder, user).unwrap();
        private(&folder, user).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o750)).unwrap();
        assert!(private(&folder, user).is_err());
        let link = base.path().join("link");
        std::os::unix::fs::symlink(base.path(), &link).unwrap();
        assert!(private(&link, user).is_err());
        assert!(private(base.path(), user + 1).is_err());
    }

    #[test]
    fn a_place_where_others_may_rename_is_not_trusted() {
        let base = tempfile::tempdir().unwrap();
        let user = rustix::process::getuid().as_raw();
        let is_safe_with = |mode| {
            fs::set_permissions(base.path(), fs::Permissions::from_mode(mode)).unwrap();
            is_safe(base.path(), user)
        };
        assert!(is_safe_with(0o700) && is_safe_with(0o755) && is_safe_with(0o1777));
        assert!(!is_safe_with(0o777) && !is_safe_with(0o770));
        if user != 0 {
            return assert!(is_safe(Path::new("/"), user));
        }
        std::os::unix::fs::chown(base.path(), Some(4711), None).unwrap();
        assert!(!is_safe_with(0o700));
    }

    #[tokio::test]
    async fn one_starter_at_a_time() {
        let base = tempfile::tempdir().unwrap();
        let keep = Keep {
            folder: base.path().to_owned(),
        };
        let place = keep.place(7);
        let lock = place.lock().await.unwrap();
        let other = tokio::spawn({
            let place = place.clone();
            async move { place.lock().await.map(drop) }
        });
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert!(!other.is_finished());
        drop(lock);
        other.await.unwrap().unwrap();
    }

    #[test]
    fn what_is_noted_is_listed() {
        let base = tempfile::tempdir().unwrap();
        let keep = Keep {
            folder: base.path().to_owned(),
        };
        let note = |name: &str| Note {
            destination: format!("me@{name}"),
            host: name.to_owned(),
        };
        keep.place(1).write(&note("web2"));
        keep.place(2).write(&note("web1"));
        let listed: Vec<_> = keep.places().into_iter().map(|(_, note)| note).collect();
        assert_eq!(listed, [note("web1"), note("web2")]);
        assert!(keep.place(1).idle() < Duration::from_secs(60));
        keep.place(1).clear();
        assert_eq!(keep.places().len(), 1);
        assert_eq!(keep.place(1).idle(), Duration::MAX);
    }
}
