//! Where a secret comes from, if not from the terminal.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU16, Ordering};

use zeroize::Zeroizing;

use crate::error::{Failure, Kind};
use crate::secret::Secret;

/// How much is read at most: 1 MiB.
const LONGEST: usize = 1024 * 1024;

/// The descriptors that secrets came from, as bits. They cannot be closed here, as somebody else may own them.
static TAKEN: AtomicU16 = AtomicU16::new(0);

/// What closes these in a shell on this machine, before it runs anything. Not every shell knows numbers above 9, and standard
/// input is another's by then.
pub(crate) fn close_taken() -> String {
    let taken = TAKEN.load(Ordering::Relaxed);
    (3..=9)
        .filter(|number| taken & (1 << number) != 0)
        .map(|number| format!("exec {number}<&-; "))
        .collect()
}

/// Where a secret comes from.
impl Secret {
    /// What is in a file, without a line break at its end. The file must be this user's or root's, and nobody else may read
    /// or write it.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if others may read or write the file, it is empty, or longer than 1 MiB; [`Kind::Other`] if it cannot
    /// be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Failure> {
        let path = path.as_ref();
        let name = format!("`{}`", path.display());
        let headline = format!("cannot take a secret from {name}");
        let file = File::open(path).map_err(|error| unread(&headline, error))?;
        let found = file.metadata().map_err(|error| unread(&headline, error))?;
        let us = rustix::process::geteuid().as_raw();
        if found.mode() & 0o077 != 0 {
            let cause = format!(
                "others may read or write it (mode {:03o})",
                found.mode() & 0o777
            );
            return Err(
                Failure::new(Kind::Usage, headline, cause).with_hint(format!(
                    "a secret is for its owner alone: chmod 600 {}",
                    path.display()
                )),
            );
        }
        if found.uid() != us && found.uid() != 0 {
            return Err(Failure::new(Kind::Usage, headline, "it is another user's"));
        }
        read(file, headline)
    }

    /// What comes from an open file descriptor of this process, to its end, without a line break at its end: `3` for
    /// `./deploy 3< <(pass show deploy)`. It can be read once.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if it is not open, nothing comes, or more than 1 MiB; [`Kind::Other`] if it cannot be read.
    pub fn from_descriptor(number: u32) -> Result<Self, Failure> {
        let headline = format!("cannot take a secret from file descriptor {number}");
        if matches!(number, 1 | 2) {
            return Err(Failure::new(Kind::Usage, headline, "it is for output"));
        }
        if let Some(bit) = 1_u16.checked_shl(number) {
            TAKEN.fetch_or(bit, Ordering::Relaxed);
        }
        let file = File::open(format!("/dev/fd/{number}")).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Failure::new(Kind::Usage, &*headline, "it is not open"),
            _ => unread(&headline, error),
        })?;
        read(file, headline)
    }

    /// What a command on this machine puts out, without a line break at its end; run by `sh -c`. It may ask for something
    /// on the terminal, as `pass` and `op` do.
    ///
    /// # Errors
    ///
    /// [`Kind::Command`] if it fails, [`Kind::Usage`] if it puts out nothing.
    pub async fn from_command(command: &str) -> Result<Self, Failure> {
        let headline = format!("cannot take a secret from `{command}`");
        let run = tokio::process::Command::new("sh")
            .args(["-c", command])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .output();
        let output = run.await.map_err(|error| unread(&headline, error))?;
        let value = Zeroizing::new(output.stdout);
        if !output.status.success() {
            return Err(Failure::new(
                Kind::Command,
                headline,
                output.status.to_string(),
            ));
        }
        whole(value, headline)
    }
}

fn read(file: File, headline: String) -> Result<Secret, Failure> {
    // Of its final size at once, so that no copy is left behind where it grows.
    let mut value = Zeroizing::new(Vec::with_capacity(LONGEST + 2));
    let mut file = file.take(LONGEST as u64 + 1);
    if let Err(error) = file.read_to_end(&mut value) {
        return Err(unread(&headline, error));
    }
    if value.len() > LONGEST {
        return Err(Failure::new(
            Kind::Usage,
            headline,
            "it is longer than 1 MiB",
        ));
    }
    whole(value, headline)
}

fn whole(value: Zeroizing<Vec<u8>>, headline: String) -> Result<Secret, Failure> {
    let secret = Secret::without_line_end(value);
    if secret.expose().is_empty() {
        return Err(Failure::new(
            Kind::Usage,
            headline,
            "there is nothing in it",
        ));
    }
    Ok(secret)
}

fn unread(headline: &str, error: std::io::Error) -> Failure {
    Failure::new(Kind::Other, headline, error.to_string()).with_source(error)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "in a file\r\n").unwrap();
        for (mode, is_taken) in [(0o600, true), (0o400, true), (0o640, false), (0o602, false)] {
            std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
            match Secret::from_file(&file) {
                Ok(secret) => assert!(is_taken && secret.expose() == b"in a file", "{mode:o}"),
                Err(failure) => {
                    assert!(!is_taken, "{failure:?}");
                    assert!(failure.hint().unwrap().contains("chmod 600"));
                }
            }
        }
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
        std::fs::write(&file, "\n").unwrap();
        let failure = Secret::from_file(&file).unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage);
        assert!(Secret::from_file(folder.path().join("missing")).is_err());
    }

    #[tokio::test]
    async fn a_command_gives_what_it_puts_out() {
        let secret = Secret::from_command("printf 'from a\\ncommand\\n'")
            .await
            .unwrap();
        assert_eq!(secret.expose(), b"from a\ncommand");
        assert_eq!(secret.first_line().expose(), b"from a");
        let failure = Secret::from_command("exit 3").await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Command);
        assert!(Secret::from_command(":").await.is_err());
    }

    #[test]
    fn a_descriptor_that_is_not_open_is_an_error() {
        let failure = Secret::from_descriptor(4711).unwrap_err();
        assert_eq!(failure.detail().to_string(), "it is not open");
        assert_eq!(Secret::from_descriptor(2).unwrap_err().kind(), Kind::Usage);
    }
}
