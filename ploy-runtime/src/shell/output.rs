//! The result of a command.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// The result of a command: its exit code and the end of its output.
///
/// Shown by `{}`, it is its standard output as [text](Output::text).
#[derive(Clone, PartialEq, Eq)]
pub struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
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

    /// The number of the signal that ended the command, if one did and its number is known.
    ///
    /// The number is known only for a signal to the shell itself on this machine. A shell whose
    /// command was ended by a signal exits with [code](Output::code) 128 plus the number, here and
    /// over ssh. ssh does not pass on which signal ended the shell itself: then neither code nor
    /// signal is known.
    pub fn signal(&self) -> Option<i32> {
        self.signal
    }

    /// The captured bytes of standard output: all of them, unless there were more than the capture
    /// limit.
    pub fn stdout(&self) -> &[u8] {
        &self.stdout
    }

    /// The captured bytes of standard error.
    pub fn stderr(&self) -> &[u8] {
        &self.stderr
    }

    /// Standard output as text, without the line breaks at its end. Broken UTF-8 is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        text(&self.stdout)
    }

    /// Standard error as text, as [`text`](Output::text) is standard output.
    pub fn stderr_text(&self) -> Cow<'_, str> {
        text(&self.stderr)
    }

    /// The lines of standard output as text, without their ends. Broken UTF-8 is replaced.
    pub fn lines(&self) -> impl Iterator<Item = Cow<'_, str>> {
        lines(&self.stdout)
    }

    /// The lines of standard error as text, as [`lines`](Output::lines) of standard output.
    pub fn stderr_lines(&self) -> impl Iterator<Item = Cow<'_, str>> {
        lines(&self.stderr)
    }

    /// How many bytes of standard output were dropped from its beginning because of the capture
    /// limit.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How long the command ran.
    pub fn duration(&self) -> Duration {
        self.duration
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output")
            .field("code", &self.code)
            .field("signal", &self.signal)
            .field("stdout", &String::from_utf8_lossy(&self.stdout))
            .field("stderr", &String::from_utf8_lossy(&self.stderr))
            .field("dropped", &self.dropped)
            .field("duration", &self.duration)
            .finish()
    }
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end_matches(['\n', '\r'])),
        Cow::Owned(text) => Cow::Owned(text.trim_end_matches(['\n', '\r']).to_owned()),
    }
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = Cow<'_, str>> {
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\n").unwrap_or(line))
        .map(|line| String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(stdout: &[u8]) -> Output {
        Output {
            code: Some(0),
            signal: None,
            stdout: stdout.to_vec(),
            stderr: b"e\n\xff".to_vec(),
            dropped: 0,
            duration: Duration::ZERO,
        }
    }

    #[test]
    fn output_is_read_as_text_and_as_lines() {
        let some = output(b"a\r\n\nb\n\n");
        assert_eq!(some.text(), "a\r\n\nb");
        assert_eq!(some.to_string(), "a\r\n\nb");
        assert_eq!(some.lines().collect::<Vec<_>>(), ["a", "", "b", ""]);
        assert_eq!(some.stderr_text(), "e\n\u{fffd}");
        assert_eq!(some.stderr_lines().collect::<Vec<_>>(), ["e", "\u{fffd}"]);
        assert_eq!(output(b"").lines().count(), 0);
        assert_eq!(output(b"x").lines().collect::<Vec<_>>(), ["x"]);
        assert!(format!("{some:?}").contains(r#"stdout: "a\r\n\nb\n\n""#));
    }
}
