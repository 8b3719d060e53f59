//! The lines that a person types on the terminal, unasked.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, PipeReader, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::termios::{LocalModes, tcgetattr};

use super::terminal_size::is_foreground;

/// The lines that a person types. The terminal keeps its modes: it hands over whole lines, and
/// echoes what is typed. Copies read the same lines.
#[derive(Clone)]
pub struct TypedLines {
    tty: Arc<File>,
}

/// What was typed since the last look.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TypedInput {
    /// The lines, without their ends.
    pub(super) lines: Vec<Vec<u8>>,
    /// How many lines the cursor was moved down by their echo.
    pub(super) down: usize,
    /// Whether nothing more will come.
    pub(super) has_ended: bool,
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WakeReason {
    /// A person typed, or the time is over.
    Input,
    /// The terminal is gone: nobody can type any more.
    TerminalGone,
    /// The wait was cancelled.
    Cancelled,
}

const GONE: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

impl TypedLines {
    /// The terminal of this process, if it has one. It is opened anew, so that non-blocking reads
    /// concern nobody else.
    pub fn open() -> Option<Self> {
        let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOCTTY).bits()).unwrap_or_default();
        let tty = OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open("/dev/tty")
            .ok()?;
        Some(TypedLines { tty: Arc::new(tty) })
    }

    /// Whether what is typed is for this process. Reading in the background would stop the process.
    pub fn is_for_us(&self) -> bool {
        is_foreground(&*self.tty).unwrap_or(false)
    }

    /// Takes all whole lines that have been typed.
    pub(super) fn take(&self) -> TypedInput {
        let mut taken = TypedInput::default();
        let mut bytes = [0; 1024];
        // Bounded, so that a key that is held down does not keep the lines from being drawn.
        for _ in 0..64 {
            match (&*self.tty).read(&mut bytes) {
                Ok(0) => break, // Ctrl-D, which ends nothing here.
                Ok(count) => {
                    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r');
                    let read = bytes[..count]
                        .strip_suffix(b"\n")
                        .unwrap_or(&bytes[..count]);
                    taken.lines.extend(read.split(ends).map(<[u8]>::to_vec));
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    taken.has_ended = error.kind() != ErrorKind::WouldBlock;
                    break;
                }
            }
        }
        if !taken.lines.is_empty() && self.is_echoed() {
            taken.down = taken.lines.len();
        }
        taken
    }

    fn is_echoed(&self) -> bool {
        tcgetattr(&*self.tty).is_ok_and(|modes| {
            modes
                .local_modes
                .intersects(LocalModes::ECHO | LocalModes::ECHONL)
        })
    }
}

/// Waits until a person types, if `typed` is given, or until the time is over, if there is one.
/// Ends when the other side of `end` is closed.
pub fn wait_for_input(
    typed: Option<&TypedLines>,
    end: &PipeReader,
    time: Option<Duration>,
) -> WakeReason {
    let time = time.map(|time| Timespec {
        tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: time.subsec_nanos().into(),
    });
    let end = end.as_fd();
    let mut ready = vec![PollFd::new(&end, PollFlags::IN)];
    let tty = typed.map(|typed| typed.tty.as_fd());
    ready.extend(tty.iter().map(|tty| PollFd::new(tty, PollFlags::IN)));
    match poll(&mut ready, time.as_ref()) {
        Ok(_) if !ready[0].revents().is_empty() => WakeReason::Cancelled,
        Ok(_) if ready.iter().any(|one| one.revents().intersects(GONE)) => WakeReason::TerminalGone,
        Ok(_) | Err(rustix::io::Errno::INTR) => WakeReason::Input,
        Err(_) => WakeReason::Cancelled,
    }
}
