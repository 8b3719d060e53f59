use std::fs::File;
use std::io::{Write, stderr};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use super::Size;
use super::size::is_ours;
use super::standing::{Standing, Stream};
use super::typed::Typed;

/// To the beginning of the line, and nothing on it.
const ERASE: &[u8] = b"\r\x1b[K";

/// The terminal of this process, if it has one.
pub struct Screen {
    bottom: Mutex<Bottom>,
}

/// What stands at its bottom.
struct Bottom {
    /// What somebody is asked, on the last line. Nothing else stands there meanwhile.
    question: Option<Question>,
    /// Whether somebody is asked, or is about to be: then what is typed is the answer.
    asking: bool,
    /// Whether anything else may stand there.
    open: bool,
    standing: Option<Standing>,
    /// Whether it is not to be seen, for this process is about to stop.
    hidden: bool,
    typed: Option<Typed>,
    /// The lines that were typed, until somebody asks for them.
    lines: Vec<Vec<u8>>,
}

struct Question {
    tty: File,
    text: String,
}

static SCREEN: Screen = Screen {
    bottom: Mutex::new(Bottom {
        question: None,
        asking: false,
        open: false,
        standing: None,
        hidden: false,
        typed: None,
        lines: Vec::new(),
    }),
};

/// The terminal of this process.
pub fn screen() -> &'static Screen {
    &SCREEN
}

impl Screen {
    /// Writes whole lines to the terminal now: what stands there is put below them.
    pub fn above<T>(&self, write: impl FnOnce() -> T) -> T {
        // Held meanwhile, so that nothing comes in between.
        self.bottom().above(write)
    }

    /// Writes whole lines to a stream of the terminal. While something stands there, they may be
    /// held back for a moment.
    ///
    /// # Errors
    ///
    /// Whatever goes wrong, unless they are held back.
    pub(super) fn put(&self, stream: &Stream, lines: &[u8]) -> std::io::Result<()> {
        let mut bottom = self.bottom();
        if bottom.question.is_none()
            && let Some(standing) = &mut bottom.standing
        {
            if standing.hold(stream, lines) {
                bottom.settle();
            }
            return Ok(());
        }
        bottom.above(|| {
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            stream.write_all(lines).and_then(|()| stream.flush())
        })
    }

    /// Clears the bottom for a question, and leaves what is typed to whoever asks it, until this is
    /// dropped.
    pub fn reserve(&self) -> Reserved<'_> {
        let mut bottom = self.bottom();
        bottom.asking = true;
        bottom.settle();
        Reserved(self)
    }

    /// From now on something may stand at the bottom, until that is [cleared](Screen::clear); and
    /// the lines that are typed are taken from there, if they are to be.
    pub fn open(&self, typed: Option<Typed>) {
        let mut bottom = self.bottom();
        bottom.open = true;
        bottom.typed = typed;
    }

    /// Says what is to stand at the bottom of standard error, which is a terminal of this size.
    pub fn stand(&self, lines: Vec<String>, size: Size) {
        let mut bottom = self.bottom();
        if !bottom.open {
            return;
        }
        let standing = bottom
            .standing
            .get_or_insert_with(|| Standing::new(stderr(), size));
        standing.set(lines, size);
        bottom.settle();
    }

    /// Nothing stands there any more, and all that was held back is written.
    pub fn clear(&self) {
        self.bottom().clear();
    }

    /// The same, if the terminal can be had within this time. One that is stopped is held by
    /// whoever writes to it.
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

    /// Erases what stands there, until it is drawn anew: something is about to be written by
    /// whoever does not ask. Does nothing where that is this very thread's doing.
    pub fn give_way(&self) {
        if let Ok(mut bottom) = self.bottom.try_lock() {
            bottom.settle_as(false);
        }
    }

    /// Hides what stands there, or lets it be seen again.
    pub fn hide(&self, hidden: bool) {
        let mut bottom = self.bottom();
        bottom.hidden = hidden;
        bottom.settle();
    }

    /// Whether lines that are typed may be taken now: nobody else waits for them.
    pub fn may_listen(&self) -> bool {
        self.bottom().may_listen()
    }

    /// The lines that have been typed since the last time.
    pub fn typed(&self) -> Vec<Vec<u8>> {
        let mut bottom = self.bottom();
        if bottom.standing.is_some() {
            bottom.settle();
        } else {
            bottom.take_typed();
        }
        std::mem::take(&mut bottom.lines)
    }

    /// Shows what has been typed of an answer, behind its question.
    pub fn show(&self, text: String) {
        if let Some(question) = &mut self.bottom().question {
            let _ = question.tty.write_all(ERASE);
            let _ = question.tty.write_all(text.as_bytes());
            question.text = text;
        }
    }

    fn bottom(&self) -> MutexGuard<'_, Bottom> {
        // What it says of the terminal is true between any two steps.
        self.bottom.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bottom {
    fn above<T>(&mut self, write: impl FnOnce() -> T) -> T {
        match &mut self.question {
            Some(question) => {
                let _ = question.tty.write_all(ERASE);
                let done = write();
                let _ = question.tty.write_all(question.text.as_bytes());
                done
            }
            None => {
                self.settle_as(false);
                let done = write();
                self.settle();
                done
            }
        }
    }

    fn settle(&mut self) {
        self.settle_as(true);
    }

    /// Sees to it that what is to stand there does, or does not, and that nothing is held back.
    fn settle_as(&mut self, wanted: bool) {
        if self.standing.is_none() {
            // Where the cursor is does not matter; and whoever waits for keys has no other sign of
            // them.
            return;
        }
        let down = self.take_typed();
        if let Some(standing) = &mut self.standing {
            // What does not hand itself to processes is always ours.
            let ours = is_ours(stderr()).unwrap_or(true);
            let may = wanted && ours && !self.asking && !self.hidden;
            standing.settle(down, may);
        }
    }

    /// Takes what was typed, and says how far down that has moved the cursor.
    fn take_typed(&mut self) -> usize {
        if !self.may_listen() {
            return 0;
        }
        let taken = self.typed.as_ref().map(Typed::take).unwrap_or_default();
        if taken.is_over {
            self.typed = None;
        }
        self.lines.extend(taken.lines);
        taken.down
    }

    fn may_listen(&self) -> bool {
        !self.asking && self.typed.as_ref().is_some_and(Typed::is_ours)
    }

    fn clear(&mut self) {
        self.settle_as(false);
        self.open = false;
        self.standing = None;
        self.typed = None;
        self.lines.clear();
    }
}

/// The bottom of the terminal is for a question, until this is dropped.
pub struct Reserved<'a>(&'a Screen);

impl Reserved<'_> {
    /// Asks there. What others write goes above it.
    ///
    /// # Errors
    ///
    /// If the terminal cannot be written to.
    pub fn ask(&self, mut tty: File, text: String) -> std::io::Result<()> {
        let mut bottom = self.0.bottom();
        bottom.settle();
        tty.write_all(text.as_bytes())?;
        bottom.question = Some(Question { tty, text });
        Ok(())
    }

    /// The question has an answer, or wants none any more.
    pub fn answered(&self) {
        if let Some(mut question) = self.0.bottom().question.take() {
            let _ = question.tty.write_all(b"\n");
        }
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.answered();
        let mut bottom = self.0.bottom();
        bottom.asking = false;
        bottom.settle();
    }
}
