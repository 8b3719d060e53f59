//! How large a terminal is, and whether it is ours.

use std::os::fd::AsFd;

use rustix::process::getpgrp;
use rustix::termios::{tcgetpgrp, tcgetwinsize};

/// How large a terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalSize {
    /// Columns.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
}

impl TerminalSize {
    /// The size of a terminal; 80 by 24 where it does not tell.
    pub fn of(terminal: impl AsFd) -> Self {
        let or = |number: u16, other| match number {
            0 => other,
            number => usize::from(number),
        };
        let (columns, rows) =
            tcgetwinsize(terminal).map_or((0, 0), |size| (size.ws_col, size.ws_row));
        TerminalSize {
            columns: or(columns, 80),
            rows: or(rows, 24),
        }
    }
}

/// Whether this process is in the foreground of a terminal, and not the shell that it was started
/// from. `None` if it is not our controlling terminal.
pub(super) fn is_foreground(terminal: impl AsFd) -> Option<bool> {
    tcgetpgrp(terminal).ok().map(|group| group == getpgrp())
}
