//! The terminal of this process, on which somebody is asked while others write to it.

use std::fs::File;
use std::io::{PipeWriter, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rustix::process::{getpgrp, kill_process_group};
use rustix::termios::tcgetwinsize;
use tokio::sync::oneshot;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Secret;
use super::keys::{Answer, Keys, Quiet, open};

/// To the beginning of the line, and nothing on it.
const ERASE: &[u8] = b"\r\x1b[K";

/// The terminal of this process, if it has one.
pub(super) struct Terminal {
    /// What stands on the last line, where somebody is asked something.
    question: Mutex<Option<Shown>>,
    /// Held by whoever asks.
    turn: tokio::sync::Mutex<()>,
}

struct Shown {
    tty: File,
    text: String,
}

static TERMINAL: Terminal = Terminal {
    question: Mutex::new(None),
    turn: tokio::sync::Mutex::const_new(()),
};

/// The terminal of this process.
pub(super) fn terminal() -> &'static Terminal {
    &TERMINAL
}

impl Terminal {
    /// Writes whole lines to the terminal: a question that stands there is put below them.
    fn write_above<T>(&self, write: impl FnOnce() -> T) -> T {
        // Held meanwhile, so that no question comes in between.
        let mut question = self.question();
        if let Some(shown) = &mut *question {
            let _ = shown.tty.write_all(ERASE);
        }
        let done = write();
        if let Some(shown) = &mut *question {
            let _ = shown.tty.write_all(shown.text.as_bytes());
        }
        done
    }

    /// Says something to whoever sits there.
    pub(super) fn say(&self, text: &str) {
        if let Ok(mut tty) = open() {
            self.write_above(|| {
                let _ = tty.write_all(text.as_bytes());
            });
        }
    }

    /// Asks, after a remark of whole lines; one question at a time. What is typed is not shown. When this is dropped, the
    /// terminal is as before.
    ///
    /// # Errors
    ///
    /// Why nobody answers.
    pub(super) async fn ask(&self, remark: &str, text: &str) -> Result<Secret, String> {
        let no_terminal =
            |error: std::io::Error| format!("there is no terminal to ask on: {error}");
        // Tells at once, also while another question stands there.
        let tty = open().map_err(no_terminal)?;
        let _turn = self.turn.lock().await;
        let quiet = Quiet::begin(tty)?;
        self.say(remark);
        let mut asking = Asking::begin(self, &quiet, text).map_err(no_terminal)?;
        let answer = (&mut asking.answer).await.unwrap_or(Answer::End);
        drop((asking, quiet));
        match answer {
            Answer::Line(mut line) => Ok(Secret::new(std::mem::take(&mut *line))),
            Answer::End => {
                Err("the terminal was closed, or nothing was typed before its end".to_owned())
            }
            Answer::Signal(signal) => {
                // As the terminal itself would have done it: to this process and all that was started with it.
                let _ = kill_process_group(getpgrp(), signal);
                // Whoever hears it cancels the run, and this with it.
                tokio::time::sleep(std::time::Duration::from_secs(5)).await;
                Err("the question was broken off".to_owned())
            }
        }
    }

    fn question(&self) -> MutexGuard<'_, Option<Shown>> {
        // It is set and taken as a whole.
        self.question.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that goes to the terminal, in whole lines: they are put above a question that stands there.
#[cfg(feature = "cli")]
pub(crate) struct Above<W>(pub(crate) W);

#[cfg(feature = "cli")]
impl<W: Write> Write for Above<W> {
    fn write(&mut self, lines: &[u8]) -> std::io::Result<usize> {
        TERMINAL.write_above(|| self.0.write_all(lines).and_then(|()| self.0.flush()))?;
        Ok(lines.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// A question that stands on the terminal, until this is dropped.
struct Asking<'a> {
    terminal: &'a Terminal,
    answer: oneshot::Receiver<Answer>,
    /// Ends what reads the keys.
    end: Option<PipeWriter>,
    reader: Option<JoinHandle<()>>,
}

impl<'a> Asking<'a> {
    fn begin(terminal: &'a Terminal, quiet: &Quiet, text: &str) -> std::io::Result<Self> {
        let width = tcgetwinsize(&quiet.tty).map_or(0, |size| usize::from(size.ws_col));
        let text = fitted(text, if width == 0 { 80 } else { width });
        let (end, writer) = std::io::pipe()?;
        let keys = Keys::new(end)?;
        let mut shown = quiet.tty.try_clone()?;
        shown.write_all(text.as_bytes())?;
        *terminal.question() = Some(Shown { tty: shown, text });
        let (tell, answer) = oneshot::channel();
        let mut asking = Asking {
            terminal,
            answer,
            end: Some(writer),
            reader: None,
        };
        let reader = std::thread::Builder::new().name("ploy-prompt".to_owned());
        asking.reader = Some(reader.spawn(move || {
            if let Some(answer) = keys.read() {
                let _ = tell.send(answer);
            }
        })?);
        Ok(asking)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        // Before anybody else reads there: no key is lost.
        self.end = None;
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        if let Some(mut shown) = self.terminal.question().take() {
            let _ = shown.tty.write_all(b"\n");
        }
    }
}

/// A question that fits on one line, so that it can be erased.
fn fitted(text: &str, width: usize) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let most = width.saturating_sub(1).max(10);
    if text.width() <= most {
        return text;
    }
    let mut fitted = String::new();
    let mut used = "…: ".width();
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > most {
            break;
        }
        fitted.push(c);
    }
    fitted + "…: "
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn a_question_fits_on_its_line() {
        assert_eq!(fitted("password: ", 80), "password: ");
        assert_eq!(fitted("password of deploy: ", 13), "password …: ");
        assert_eq!(fitted("a\x1b[2Jb\n: ", 80), "a[2Jb: ");
    }
}
