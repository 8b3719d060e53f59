use std::borrow::Cow;
use std::time::Duration;

/// What came of a command: its exit code and the end of what it put out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) dropped: u64,
    pub(crate) duration: Duration,
}

impl Output {
    /// Whether the command exited with status 0.
    pub fn success(&self) -> bool {
        self.code == Some(0)
    }

    /// The exit code; `None` if a signal ended the command.
    pub fn code(&self) -> Option<i32> {
        self.code
    }

    /// The captured bytes of standard output: all of them, unless there were more than the capture limit.
    pub fn stdout(&self) -> &[u8] {
        &self.stdout
    }

    /// The captured bytes of standard error.
    pub fn stderr(&self) -> &[u8] {
        &self.stderr
    }

    /// Standard output as text, without the line breaks at its end. Broken UTF-8 is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        match String::from_utf8_lossy(&self.stdout) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_end_matches(['\n', '\r'])),
            Cow::Owned(text) => Cow::Owned(text.trim_end_matches(['\n', '\r']).to_owned()),
        }
    }

    /// How many bytes of standard output were dropped from its beginning because of the capture limit.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How long the command ran.
    pub fn duration(&self) -> Duration {
        self.duration
    }
}
