//! Reads keys from a terminal that does not show them.

use std::fs::{File, OpenOptions};
use std::io::{PipeReader, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::OFlags;
use rustix::process::{Signal, getpgrp};
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp,
    tcsetattr,
};
use zeroize::Zeroizing;

use super::prompt_error::PromptError;

/// The longest line that is read, in bytes. The buffer has this size from the beginning: growing
/// would leave a copy of the secret behind.
const MAX_LINE: usize = 4096;

/// The result of reading a line.
pub(crate) enum KeyResult {
    Line(Zeroizing<Vec<u8>>),
    End,
    /// A key that stands for a signal.
    Signal(Signal),
}

/// Opens the terminal of this process.
pub(crate) fn open_terminal() -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

/// A terminal that shows nothing of what is typed and hands over each key, until this is dropped.
pub(crate) struct HiddenInput {
    pub(crate) tty: File,
    before: Termios,
}

impl HiddenInput {
    /// Changes the modes of the terminal.
    pub(crate) fn begin(tty: File) -> Result<Self, PromptError> {
        if tcgetpgrp(&tty)? != getpgrp() {
            // A process that changes the modes from the background is stopped.
            return Err(PromptError::Background);
        }
        let before = tcgetattr(&tty)?;
        let mut modes = before.clone();
        modes.local_modes -=
            LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
        // Ctrl-S would hold up all that is written, the end of this question too.
        modes.input_modes -= InputModes::IXON | InputModes::IXOFF;
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        let hidden = HiddenInput { tty, before };
        // Input that was typed before the question is no answer to it.
        tcsetattr(&hidden.tty, OptionalActions::Flush, &modes)?;
        Ok(hidden)
    }
}

impl Drop for HiddenInput {
    fn drop(&mut self) {
        // The rest of an unwanted answer must not reach the shell.
        let _ = tcsetattr(&self.tty, OptionalActions::Flush, &self.before);
    }
}

/// Reads the keys of a terminal as they are typed.
pub(crate) struct KeyReader {
    tty: File,
    /// Closed when the answer is not wanted any more.
    end: PipeReader,
}

impl KeyReader {
    pub(crate) fn new(end: PipeReader) -> std::io::Result<Self> {
        // Opened anew, so that non-blocking reads concern nobody else.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        let tty = OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open("/dev/tty")?;
        Ok(KeyReader { tty, end })
    }

    /// Reads until the line is whole, and calls `show` with the line as it grows; `None` if the
    /// answer is not wanted any more.
    pub(crate) fn read(mut self, show: impl Fn(&[u8])) -> Option<KeyResult> {
        let mut line = Zeroizing::new(Vec::with_capacity(MAX_LINE));
        loop {
            if !self.wait_for_key() {
                return None;
            }
            let mut key = [0];
            match self.tty.read(&mut key) {
                Ok(1) => {}
                Err(error)
                    if matches!(
                        error.kind(),
                        std::io::ErrorKind::Interrupted | std::io::ErrorKind::WouldBlock
                    ) =>
                {
                    continue;
                }
                Ok(_) | Err(_) => return Some(KeyResult::End),
            }
            if let Some(answer) = apply_key(&mut line, key[0]) {
                return Some(answer);
            }
            show(&line);
        }
    }

    /// Waits for a key. Returns whether one is still wanted.
    fn wait_for_key(&self) -> bool {
        let (tty, end) = (self.tty.as_fd(), self.end.as_fd());
        let mut ready = [
            PollFd::new(&tty, PollFlags::IN),
            PollFd::new(&end, PollFlags::IN),
        ];
        match poll(&mut ready, None) {
            Ok(_) => ready[1].revents().is_empty(),
            Err(error) => error == rustix::io::Errno::INTR,
        }
    }
}

/// Applies a key to the line. Returns the result if the key ends the line.
fn apply_key(line: &mut Zeroizing<Vec<u8>>, key: u8) -> Option<KeyResult> {
    match key {
        b'\n' | b'\r' => return Some(KeyResult::Line(std::mem::take(line))),
        // Ctrl-C, Ctrl-\ and Ctrl-Z all interrupt: a stopped run would leave its commands without
        // heartbeats, and a core dump would have the passwords in it.
        0x03 | 0x1a | 0x1c => return Some(KeyResult::Signal(Signal::INT)),
        // Ctrl-D.
        0x04 if line.is_empty() => return Some(KeyResult::End),
        0x04 => {}
        0x7f | 0x08 => erase_character(line),
        // Ctrl-U.
        0x15 => line.clear(),
        key if line.len() < MAX_LINE => line.push(key),
        _ => {}
    }
    None
}

/// Removes the last character, all bytes of it.
fn erase_character(line: &mut Vec<u8>) {
    while let Some(byte) = line.pop() {
        if byte & 0xc0 != 0x80 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erasing_removes_a_whole_character() {
        let mut line = Zeroizing::new(Vec::new());
        for key in "aü€\x7fb\x08c".bytes() {
            assert!(apply_key(&mut line, key).is_none());
        }
        assert_eq!(line.as_slice(), "aüc".as_bytes());
        for key in "\x7f\x7f\x7f\x7f\x7f".bytes() {
            assert!(apply_key(&mut line, key).is_none());
        }
        assert!(matches!(apply_key(&mut line, 4), Some(KeyResult::End)));
    }

    #[test]
    fn some_keys_end_a_line() {
        let mut line = Zeroizing::new(b"half".to_vec());
        assert!(matches!(
            apply_key(&mut line, 3),
            Some(KeyResult::Signal(Signal::INT))
        ));
        assert!(apply_key(&mut line, 4).is_none() && apply_key(&mut line, 0x15).is_none());
        apply_key(&mut line, b'x');
        let Some(KeyResult::Line(line)) = apply_key(&mut line, b'\r') else {
            panic!("a line")
        };
        assert_eq!(line.as_slice(), b"x");
    }
}
