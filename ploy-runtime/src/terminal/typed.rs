use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, PipeReader, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::termios::{LocalModes, tcgetattr};

use super::size::is_ours;

/// The lines that somebody types on the terminal, whose modes stay as they are: it hands over whole
/// lines, and shows what is typed. Copies read the same lines.
#[derive(Clone)]
pub struct Typed {
    tty: Arc<File>,
}

/// What came of a look at what was typed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// The lines, without their ends.
    pub(super) lines: Vec<Vec<u8>>,
    /// How many lines down the cursor was moved by showing them.
    pub(super) down: usize,
    /// Whether nothing more will come.
    pub(super) is_over: bool,
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// Somebody typed, or the time is over.
    Look,
    /// The terminal is gone: nobody will type any more.
    HungUp,
    /// Nobody waits any more.
    End,
}

const GONE: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

impl Typed {
    /// The terminal of this process, if it has one. It is opened anew, so that reading without
    /// waiting is nobody else's matter.
    pub fn open() -> Option<Self> {
        let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOCTTY).bits()).unwrap_or_default();
        let tty = OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open("/dev/tty")
            .ok()?;
        Some(Typed { tty: Arc::new(tty) })
    }

    /// Whether what is typed is for this process. Reading it in the background would stop the
    /// process.
    pub fn is_ours(&self) -> bool {
        is_ours(&*self.tty).unwrap_or(false)
    }

    /// Takes all whole lines that have been typed.
    pub(super) fn take(&self) -> Taken {
        let mut taken = Taken::default();
        let mut bytes = [0; 1024];
        // Whoever holds a key down is not to keep anybody from drawing.
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
                    taken.is_over = error.kind() != ErrorKind::WouldBlock;
                    break;
                }
            }
        }
        if !taken.lines.is_empty() && self.echoes() {
            taken.down = taken.lines.len();
        }
        taken
    }

    fn echoes(&self) -> bool {
        tcgetattr(&*self.tty).is_ok_and(|modes| {
            modes
                .local_modes
                .intersects(LocalModes::ECHO | LocalModes::ECHONL)
        })
    }
}

/// Waits until somebody types, if that is looked at, or until this time is over; without one, for
/// good. Ends when the other side of `end` is closed.
pub fn wait(typed: Option<&Typed>, end: &PipeReader, time: Option<Duration>) -> Woken {
    let time = time.map(|time| Timespec {
        tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: time.subsec_nanos().into(),
    });
    let end = end.as_fd();
    let mut ready = vec![PollFd::new(&end, PollFlags::IN)];
    let tty = typed.map(|typed| typed.tty.as_fd());
    ready.extend(tty.iter().map(|tty| PollFd::new(tty, PollFlags::IN)));
    match poll(&mut ready, time.as_ref()) {
        Ok(_) if !ready[0].revents().is_empty() => Woken::End,
        Ok(_) if ready.iter().any(|one| one.revents().intersects(GONE)) => Woken::HungUp,
        Ok(_) | Err(rustix::io::Errno::INTR) => Woken::Look,
        Err(_) => Woken::End,
    }
}
