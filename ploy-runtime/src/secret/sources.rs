//! Secrets from a file, a file descriptor or a command.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU16, Ordering};

use zeroize::Zeroizing;

use super::secret::Secret;
use crate::error::{Failure, Kind};

/// The longest secret: 1 MiB.
const MAX_LENGTH: usize = 1024 * 1024;

/// The descriptors from which secrets were read, as bits. They cannot be closed here, because
/// others may own them.
static USED_DESCRIPTORS: AtomicU16 = AtomicU16::new(0);

/// Shell commands that close these descriptors before a command of this machine runs. Not every
/// shell knows numbers above 9, and standard input is replaced by then.
pub(crate) fn close_used_descriptors() -> String {
    let used = USED_DESCRIPTORS.load(Ordering::Relaxed);
    (3..=9)
        .filter(|number| used & (1 << number) != 0)
        .map(|number| format!("exec {number}<&-; "))
        .collect()
}

/// Secrets from elsewhere.
impl Secret {
    /// What is in a file, without a line break at its end. The file must be this user's or root's,
    /// and nobody else may read or write it.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if others may read or write the file, it is empty, or longer than 1 MiB;
    /// [`Kind::Other`] if it cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Failure> {
        let path = path.as_ref();
        let name = format!("`{}`", path.display());
        let headline = format!("cannot take a secret from {name}");
        let file = File::open(path).map_err(|error| unreadable(&headline, error))?;
        let found = file
            .metadata()
            .map_err(|error| unreadable(&headline, error))?;
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

    /// What comes from an open file descriptor of this process, to its end, without a line break at
    /// its end: `3` for `./deploy 3< <(pass show deploy)`. It can be read once.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if it is not open, nothing comes, or more than 1 MiB; [`Kind::Other`] if it
    /// cannot be read.
    pub fn from_descriptor(number: u32) -> Result<Self, Failure> {
        let headline = format!("cannot take a secret from file descriptor {number}");
        if matches!(number, 1 | 2) {
            return Err(Failure::new(Kind::Usage, headline, "it is for output"));
        }
        if let Some(bit) = 1_u16.checked_shl(number) {
            USED_DESCRIPTORS.fetch_or(bit, Ordering::Relaxed);
        }
        let file = File::open(format!("/dev/fd/{number}")).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Failure::new(Kind::Usage, &*headline, "it is not open"),
            _ => unreadable(&headline, error),
        })?;
        read(file, headline)
    }

    /// What a command on this machine puts out, without a line break at its end; run by `sh -c`. It
    /// may ask for something on the terminal, as `pass` and `op` do.
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
        let output = run.await.map_err(|error| unreadable(&headline, error))?;
        let value = Zeroizing::new(output.stdout);
        if !output.status.success() {
            return Err(Failure::new(
                Kind::Command,
                headline,
                output.status.to_string(),
            ));
        }
        without_line_end(value, headline)
    }
}

fn read(file: File, headline: String) -> Result<Secret, Failure> {
    // The final capacity at once: growing would leave a copy of the secret behind.
    let mut value = Zeroizing::new(Vec::with_capacity(MAX_LENGTH + 2));
    let mut file = file.take(MAX_LENGTH as u64 + 1);
    if let Err(error) = file.read_to_end(&mut value) {
        return Err(unreadable(&headline, error));
    }
    if value.len() > MAX_LENGTH {
        return Err(Failure::new(
            Kind::Usage,
            headline,
            "it is longer than 1 MiB",
        ));
    }
    without_line_end(value, headline)
}

fn without_line_end(value: Zeroizing<Vec<u8>>, headline: String) -> Result<Secret, Failure> {
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

fn unreadable(headline: &str, error: std::io::Error) -> Failure {
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
