//! What is typed on a terminal that does not show it.

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

/// The longest password that is read, in bytes: so that no copy is left behind where it would grow.
const LONGEST: usize = 4096;

/// What came of a question.
pub(crate) enum Answer {
    Line(Zeroizing<Vec<u8>>),
    End,
    /// A key that stands for a signal.
    Signal(Signal),
}

/// The terminal of this process, to write to.
pub(crate) fn open() -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

/// A terminal that shows nothing of what is typed, and hands over each key: until this is dropped.
pub(crate) struct Quiet {
    pub(crate) tty: File,
    before: Termios,
}

impl Quiet {
    /// Begins, or says why nobody can be asked here.
    pub(crate) fn begin(tty: File) -> Result<Self, String> {
        let text = |error: rustix::io::Errno| error.to_string();
        if tcgetpgrp(&tty).map_err(text)? != getpgrp() {
            // Whoever changes its modes from there is stopped.
            return Err("this runs in the background of its terminal".to_owned());
        }
        let before = tcgetattr(&tty).map_err(text)?;
        let mut modes = before.clone();
        modes.local_modes -=
            LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
        // Ctrl-S would hold up all that is written, this question's end too.
        modes.input_modes -= InputModes::IXON | InputModes::IXOFF;
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        let quiet = Quiet { tty, before };
        // What was typed before the question is no answer to it.
        tcsetattr(&quiet.tty, OptionalActions::Flush, &modes).map_err(text)?;
        Ok(quiet)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // What was typed of an answer that is not wanted is not for the shell.
        let _ = tcsetattr(&self.tty, OptionalActions::Flush, &self.before);
    }
}

/// The keys of a terminal, as they are typed.
pub(crate) struct Keys {
    tty: File,
    /// Ends when they are not wanted any more.
    end: PipeReader,
}

impl Keys {
    pub(crate) fn new(end: PipeReader) -> std::io::Result<Self> {
        // Opened anew, so that reading without waiting is nobody else's matter.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        let tty = OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open("/dev/tty")?;
        Ok(Keys { tty, end })
    }

    /// Reads until the line is whole, and shows it as it grows, if it is to be seen; `None` if the answer is not wanted any
    /// more.
    pub(crate) fn read(mut self, show: impl Fn(&[u8])) -> Option<Answer> {
        let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
        loop {
            if !self.wait() {
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
                Ok(_) | Err(_) => return Some(Answer::End),
            }
            if let Some(answer) = typed(&mut line, key[0]) {
                return Some(answer);
            }
            show(&line);
        }
    }

    /// Waits for a key. Whether one is still wanted.
    fn wait(&self) -> bool {
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

/// What a key does to the line, and what it ends it with.
fn typed(line: &mut Zeroizing<Vec<u8>>, key: u8) -> Option<Answer> {
    match key {
        b'\n' | b'\r' => return Some(Answer::Line(std::mem::take(line))),
        // Ctrl-C, Ctrl-\ and Ctrl-Z: a run that is stopped would leave its commands without heartbeats, and one that dumps
        // its core would leave its passwords.
        0x03 | 0x1a | 0x1c => return Some(Answer::Signal(Signal::INT)),
        // Ctrl-D.
        0x04 if line.is_empty() => return Some(Answer::End),
        0x04 => {}
        0x7f | 0x08 => erase(line),
        // Ctrl-U.
        0x15 => line.clear(),
        key if line.len() < LONGEST => line.push(key),
        _ => {}
    }
    None
}

/// Takes the last character away, of UTF-8 all of it.
fn erase(line: &mut Vec<u8>) {
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
    fn a_character_is_erased_whole() {
        let mut line = Zeroizing::new(Vec::new());
        for key in "aü€\x7fb\x08c".bytes() {
            assert!(typed(&mut line, key).is_none());
        }
        assert_eq!(line.as_slice(), "aüc".as_bytes());
        for key in "\x7f\x7f\x7f\x7f\x7f".bytes() {
            assert!(typed(&mut line, key).is_none());
        }
        assert!(matches!(typed(&mut line, 4), Some(Answer::End)));
    }

    #[test]
    fn keys_end_a_line() {
        let mut line = Zeroizing::new(b"half".to_vec());
        assert!(matches!(
            typed(&mut line, 3),
            Some(Answer::Signal(Signal::INT))
        ));
        assert!(typed(&mut line, 4).is_none() && typed(&mut line, 0x15).is_none());
        typed(&mut line, b'x');
        let Some(Answer::Line(line)) = typed(&mut line, b'\r') else {
            panic!("a line")
        };
        assert_eq!(line.as_slice(), b"x");
    }
}
