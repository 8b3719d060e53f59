//! A value that must not be seen.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::mask::{MIN_MASKED_LENGTH, SecretValue};

/// A value that must not be seen: a password, a token, a key.
///
/// It has no `Display`, its `Debug` does not show the value, and `cmd!` does not take it. It gets
/// to a command
///
/// - by its standard input: [`stdin(&secret)`](crate::shell::Command::stdin),
/// - as a variable of its environment, which is in no argument:
///   [`secret_env`](crate::shell::Command::secret_env),
/// - as a private file on the site, which is removed at the end:
///   [`secret_file`](crate::shell::Command::secret_file).
///
/// While a copy exists, the value is shown as `***` in everything that is shown of a run: output,
/// events, errors and logs; also where it is quoted for a shell, for JSON or for a URL, or encoded
/// in base64. A value of less than 8 bytes is not masked: it would be found in much that is not the
/// secret. What a command's [`Output`](crate::shell::Output) has captured is never changed. When
/// the last copy is dropped, the value is overwritten with zeros. In a program that runs jobs that
/// happens when these have ended, because a later error may still show the value.
///
/// ```
/// use ploy::Secret;
///
/// let token = Secret::new("correct horse battery");
/// assert_eq!(format!("{token:?}"), "Secret(***)");
/// assert_eq!(token.expose(), b"correct horse battery");
/// ```
#[derive(Clone)]
pub struct Secret(Arc<SecretValue>);

impl Secret {
    /// A secret with this value.
    pub fn new(value: impl Into<Vec<u8>>) -> Self {
        Secret(SecretValue::register(value.into()))
    }

    /// The value itself. Whatever it is put into is not a secret any more.
    pub fn expose(&self) -> &[u8] {
        self.0.bytes()
    }

    /// Whether it is long enough to be masked wherever it is shown: 8 bytes or more.
    pub fn is_maskable(&self) -> bool {
        self.expose().len() >= MIN_MASKED_LENGTH
    }

    /// Its first line, without the line's end: what is a password in the output of a password
    /// manager.
    pub(super) fn first_line(&self) -> Secret {
        let line = self.expose().split(|byte| *byte == b'\n').next();
        let line = line.unwrap_or_default();
        Secret::new(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The value without one line end, as files and programs put it behind a value.
    pub(super) fn without_line_end(mut value: Zeroizing<Vec<u8>>) -> Self {
        if value.ends_with(b"\n") {
            value.pop();
            if value.ends_with(b"\r") {
                value.pop();
            }
        }
        Secret::new(std::mem::take(&mut *value))
    }

    pub(super) fn is_same(&self, other: &Secret) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Secret::new(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Secret::new(value)
    }
}
