//! The terminal of this process: who writes to it, and what stays at its bottom.

use std::fs::File;
use std::io::{Write, stderr};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use super::pinned_lines::{PinnedLines, SharedWriter};
use super::terminal_size::TerminalSize;
use super::terminal_size::is_foreground;
use super::typed_lines::TypedLines;

/// Moves to the beginning of the line, and empties it.
const ERASE: &[u8] = b"\r\x1b[K";

/// The terminal of this process, if it has one. Everybody who writes to it goes through one lock.
pub struct Screen {
    bottom: Mutex<Bottom>,
}

/// What is at the bottom of the terminal.
struct Bottom {
    /// The question that is asked, on the last line. Nothing is pinned meanwhile.
    question: Option<Question>,
    /// Whether a question is asked, or is about to be. What is typed is then its answer.
    is_asking: bool,
    /// Whether lines may be pinned.
    is_enabled: bool,
    pinned: Option<PinnedLines>,
    /// Whether pinned lines are hidden, because this process is about to stop.
    is_hidden: bool,
    typed: Option<TypedLines>,
    /// The lines that were typed, until they are taken.
    lines: Vec<Vec<u8>>,
}

struct Question {
    tty: File,
    text: String,
}

static SCREEN: Screen = Screen {
    bottom: Mutex::new(Bottom {
        question: None,
        is_asking: false,
        is_enabled: false,
        pinned: None,
        is_hidden: false,
        typed: None,
        lines: Vec::new(),
    }),
};

/// The terminal of this process.
pub fn screen() -> &'static Screen {
    &SCREEN
}

impl Screen {
    /// Writes whole lines to the terminal at once, above what is pinned.
    pub fn write_above<T>(&self, write: impl FnOnce() -> T) -> T {
        // The lock is held meanwhile, so that nothing is written in between.
        self.bottom().write_above(write)
    }

    /// Writes whole lines to a stream of the terminal. While lines are pinned, they may be held
    /// back for a moment.
    ///
    /// # Errors
    ///
    /// Whatever goes wrong, unless they are held back.
    pub(super) fn write_lines(&self, stream: &SharedWriter, lines: &[u8]) -> std::io::Result<()> {
        let mut bottom = self.bottom();
        if bottom.question.is_none()
            && let Some(pinned) = &mut bottom.pinned
        {
            if pinned.hold(stream, lines) {
                bottom.redraw();
            }
            return Ok(());
        }
        bottom.write_above(|| {
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            stream.write_all(lines).and_then(|()| stream.flush())
        })
    }

    /// Clears the bottom for a question, and leaves what is typed to its prompt, until the result
    /// is dropped.
    pub fn reserve_prompt(&self) -> PromptArea<'_> {
        let mut bottom = self.bottom();
        bottom.is_asking = true;
        bottom.redraw();
        PromptArea(self)
    }

    /// Lets lines be pinned, until they are [cleared](Screen::clear). Lines that are typed are read
    /// from `typed`, if given.
    pub fn enable_pinned(&self, typed: Option<TypedLines>) {
        let mut bottom = self.bottom();
        bottom.is_enabled = true;
        bottom.typed = typed;
    }

    /// Pins lines at the bottom of standard error, which is a terminal of this size.
    pub fn pin(&self, lines: Vec<String>, size: TerminalSize) {
        let mut bottom = self.bottom();
        if !bottom.is_enabled {
            return;
        }
        let pinned = bottom
            .pinned
            .get_or_insert_with(|| PinnedLines::new(stderr(), size));
        pinned.set(lines, size);
        bottom.redraw();
    }

    /// Ends the pinning, and writes everything that was held back.
    pub fn clear(&self) {
        self.bottom().clear();
    }

    /// The same, if the lock can be had within this time. A process that is stopped while it writes
    /// holds it.
    pub fn clear_within(&self, time: Duration) {
        let begin = Instant::now();
        loop {
            match self.bottom.try_lock() {
                Ok(mut bottom) => return bottom.clear(),
                Err(TryLockError::Poisoned(bottom)) => return bottom.into_inner().clear(),
                Err(TryLockError::WouldBlock) if begin.elapsed() > time => return,
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    /// Erases what is pinned until it is drawn the next time: something is about to write that does
    /// not go through this lock. Does nothing where this very thread holds the lock.
    pub fn erase_until_redraw(&self) {
        if let Ok(mut bottom) = self.bottom.try_lock() {
            bottom.redraw_if(false);
        }
    }

    /// Hides what is pinned, or shows it again.
    pub fn set_hidden(&self, is_hidden: bool) {
        let mut bottom = self.bottom();
        bottom.is_hidden = is_hidden;
        bottom.redraw();
    }

    /// Whether typed lines may be read now: nobody else waits for them.
    pub fn can_read_lines(&self) -> bool {
        self.bottom().can_read_lines()
    }

    /// Takes the lines that have been typed since the last time.
    pub fn take_lines(&self) -> Vec<Vec<u8>> {
        let mut bottom = self.bottom();
        if bottom.pinned.is_some() {
            bottom.redraw();
        } else {
            bottom.read_typed();
        }
        std::mem::take(&mut bottom.lines)
    }

    /// Shows the question with what has been typed of its answer.
    pub fn show_answer(&self, text: String) {
        if let Some(question) = &mut self.bottom().question {
            let _ = question.tty.write_all(ERASE);
            let _ = question.tty.write_all(text.as_bytes());
            question.text = text;
        }
    }

    fn bottom(&self) -> MutexGuard<'_, Bottom> {
        // Its fields are true of the terminal between any two steps.
        self.bottom.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bottom {
    fn write_above<T>(&mut self, write: impl FnOnce() -> T) -> T {
        match &mut self.question {
            Some(question) => {
                let _ = question.tty.write_all(ERASE);
                let done = write();
                let _ = question.tty.write_all(question.text.as_bytes());
                done
            }
            None => {
                self.redraw_if(false);
                let done = write();
                self.redraw();
                done
            }
        }
    }

    fn redraw(&mut self) {
        self.redraw_if(true);
    }

    /// Draws what is pinned, or erases it, and writes what was held back.
    fn redraw_if(&mut self, is_wanted: bool) {
        if self.pinned.is_none() {
            // Nothing depends on the cursor here, and the waiting thread has no other sign of typed
            // input.
            return;
        }
        let down = self.read_typed();
        if let Some(pinned) = &mut self.pinned {
            // A terminal that is not our controlling terminal has no foreground.
            let is_ours = is_foreground(stderr()).unwrap_or(true);
            let can_show = is_wanted && is_ours && !self.is_asking && !self.is_hidden;
            pinned.redraw(down, can_show);
        }
    }

    /// Reads what was typed. Returns how many lines that has moved the cursor down.
    fn read_typed(&mut self) -> usize {
        if !self.can_read_lines() {
            return 0;
        }
        let taken = self
            .typed
            .as_ref()
            .map(TypedLines::take)
            .unwrap_or_default();
        if taken.has_ended {
            self.typed = None;
        }
        self.lines.extend(taken.lines);
        taken.down
    }

    fn can_read_lines(&self) -> bool {
        !self.is_asking && self.typed.as_ref().is_some_and(TypedLines::is_for_us)
    }

    fn clear(&mut self) {
        self.redraw_if(false);
        self.is_enabled = false;
        self.pinned = None;
        self.typed = None;
        self.lines.clear();
    }
}

/// Keeps the bottom of the terminal for a question, until this is dropped.
pub struct PromptArea<'a>(&'a Screen);

impl PromptArea<'_> {
    /// Shows a question. What others write goes above it.
    ///
    /// # Errors
    ///
    /// If the terminal cannot be written to.
    pub fn ask(&self, mut tty: File, text: String) -> std::io::Result<()> {
        let mut bottom = self.0.bottom();
        bottom.redraw();
        tty.write_all(text.as_bytes())?;
        bottom.question = Some(Question { tty, text });
        Ok(())
    }

    /// Ends the question, with an answer or without.
    pub fn end_question(&self) {
        if let Some(mut question) = self.0.bottom().question.take() {
            let _ = question.tty.write_all(b"\n");
        }
    }
}

impl Drop for PromptArea<'_> {
    fn drop(&mut self) {
        self.end_question();
        let mut bottom = self.0.bottom();
        bottom.is_asking = false;
        bottom.redraw();
    }
}
