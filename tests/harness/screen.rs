use std::fmt;
use std::fs::{File, OpenOptions};
use std::num::NonZeroU16;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use vt100::Parser;

use crate::guard::GUARD;

/// How many lines that have gone by can be read.
const GONE_BY: usize = 100_000;

/// What somebody who sits at a program's terminal sees. Copies see the same.
#[derive(Clone)]
pub struct Screen {
    shown: Arc<(Mutex<Parser>, Condvar)>,
    terminal: Arc<File>,
}

impl Screen {
    /// A new terminal of this size, and the program's side of it.
    pub(crate) fn new(columns: u16, rows: u16) -> (Self, File) {
        let terminal =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let name = ptsname(&terminal, Vec::new()).unwrap();
        let path = Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
        let side = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .unwrap();
        let parser = Parser::new(number(rows), number(columns), GONE_BY);
        let screen = Screen {
            shown: Arc::new((Mutex::new(parser), Condvar::new())),
            terminal: Arc::new(File::from(terminal)),
        };
        screen.resize(columns, rows);
        (screen, side)
    }

    pub(crate) fn terminal(&self) -> File {
        self.terminal.try_clone().unwrap()
    }

    pub(crate) fn take(&self, bytes: &[u8]) {
        let (parser, changed) = &*self.shown;
        parser.lock().unwrap().process(bytes);
        changed.notify_all();
    }

    /// Gives it another size, as whoever drags its window does.
    pub fn resize(&self, columns: u16, rows: u16) {
        // Not in between two pieces of what is drawn.
        let mut parser = self.shown.0.lock().unwrap();
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&*self.terminal, size).unwrap();
        parser.set_size(number(rows), number(columns));
    }

    /// The lines that are to be seen, from the top, without the empty ones at the end.
    pub fn lines(&self) -> Vec<String> {
        lines(&self.shown.0.lock().unwrap())
    }

    /// All lines, those too that have gone by.
    pub fn history(&self) -> Vec<String> {
        let mut parser = self.shown.0.lock().unwrap();
        let gone_by = parser.screen().scrollback_len();
        let mut history = Vec::new();
        for back in (1..=gone_by).rev() {
            parser.screen_mut().set_scrollback(back);
            let columns = parser.screen().size().1.get();
            history.extend(parser.screen().rows(0, columns).next());
        }
        parser.screen_mut().set_scrollback(0);
        history.extend(lines(&parser));
        history
    }

    /// Waits until what is to be seen is as this says, and returns it.
    ///
    /// # Panics
    ///
    /// If it never is.
    pub fn wait_until(&self, what: &str, mut is_so: impl FnMut(&[String]) -> bool) -> Vec<String> {
        let (parser, changed) = &*self.shown;
        let parser = parser.lock().unwrap();
        let mut seen = lines(&parser);
        let (parser, timeout) = changed
            .wait_timeout_while(parser, GUARD, |parser| {
                seen = lines(parser);
                !is_so(&seen)
            })
            .unwrap();
        drop(parser);
        assert!(!timeout.timed_out(), "never seen: {what}\n{self}");
        seen
    }

    /// Waits until a line has this on it.
    ///
    /// # Panics
    ///
    /// If none ever has.
    pub fn wait_for(&self, text: &str) -> Vec<String> {
        self.wait_until(text, |lines| lines.iter().any(|line| line.contains(text)))
    }

    /// Where the cursor is: its row and column, from 0. `None` if it is not to be seen.
    pub fn cursor(&self) -> Option<(u16, u16)> {
        let parser = self.shown.0.lock().unwrap();
        let screen = parser.screen();
        (!screen.hide_cursor()).then(|| screen.cursor_position())
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.history() {
            writeln!(f, "> {line}")?;
        }
        Ok(())
    }
}

fn lines(parser: &Parser) -> Vec<String> {
    let screen = parser.screen();
    let columns = screen.size().1.get();
    let mut lines: Vec<String> = screen
        .rows(0, columns)
        .map(|line| line.trim_end().to_owned())
        .collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn number(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}
