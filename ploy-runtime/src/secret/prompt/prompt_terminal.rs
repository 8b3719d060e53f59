//! The terminal of this process, on which somebody is asked while others write to it.

use std::io::{PipeWriter, Write};
use std::thread::JoinHandle;

use rustix::process::{getpgrp, kill_process_group};
use tokio::sync::oneshot;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use zeroize::Zeroizing;

use super::keys::Answer;
use super::keys::Keys;
use super::keys::Quiet;
use super::keys::open;
use crate::secret::Secret;
use crate::secret::mask::masked;
use crate::terminal::{Reserved, Size, screen};

/// The terminal of this process, if it has one.
pub(crate) struct Terminal {
    /// Held by whoever asks.
    turn: tokio::sync::Mutex<()>,
}

static TERMINAL: Terminal = Terminal {
    turn: tokio::sync::Mutex::const_new(()),
};

/// The terminal of this process.
pub(crate) fn terminal() -> &'static Terminal {
    &TERMINAL
}

impl Terminal {
    /// Says something to whoever sits there.
    pub(crate) fn say(&self, text: &str) {
        if let Ok(mut tty) = open() {
            screen().above(|| {
                let _ = tty.write_all(text.as_bytes());
            });
        }
    }

    /// Asks for a secret, after a remark of whole lines: what is typed is not shown.
    ///
    /// # Errors
    ///
    /// Why nobody answers.
    pub(crate) async fn ask(&self, remark: &str, text: &str) -> Result<Secret, String> {
        let mut line = self.line(remark, text, false).await?;
        Ok(Secret::new(std::mem::take(&mut *line)))
    }

    /// Asks for what may be seen; `answers` are those that are expected, and are seen however long the question is.
    ///
    /// # Errors
    ///
    /// Why nobody answers.
    pub(crate) async fn ask_openly(&self, question: &str, answers: &str) -> Result<String, String> {
        let end = format!(" [{answers}] ");
        let columns = open().map_or(80, |tty| Size::of(&tty).columns);
        let room = columns.saturating_sub(end.width() + answers.width());
        let begin = fitted(&masked(question), room);
        let line = self
            .line("", &format!("{}{end}", begin.trim_end_matches(": ")), true)
            .await?;
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    /// Asks, one question at a time. When this is dropped, the terminal is as before.
    async fn line(
        &self,
        remark: &str,
        text: &str,
        shown: bool,
    ) -> Result<Zeroizing<Vec<u8>>, String> {
        let no_terminal =
            |error: std::io::Error| format!("there is no terminal to ask on: {error}");
        // Tells at once, also while another question stands there.
        let tty = open().map_err(no_terminal)?;
        let _turn = self.turn.lock().await;
        let reserved = screen().reserve();
        let quiet = Quiet::begin(tty)?;
        self.say(remark);
        let mut asking = Asking::begin(&reserved, &quiet, text, shown).map_err(no_terminal)?;
        let answer = (&mut asking.answer).await.unwrap_or(Answer::End);
        drop((asking, quiet));
        drop(reserved);
        match answer {
            Answer::Line(line) => Ok(line),
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
}

/// A question that stands on the terminal, until this is dropped.
struct Asking<'a> {
    reserved: &'a Reserved<'static>,
    answer: oneshot::Receiver<Answer>,
    /// Ends what reads the keys.
    end: Option<PipeWriter>,
    reader: Option<JoinHandle<()>>,
}

impl<'a> Asking<'a> {
    fn begin(
        reserved: &'a Reserved<'static>,
        quiet: &Quiet,
        text: &str,
        shown: bool,
    ) -> std::io::Result<Self> {
        let text = fitted(text, Size::of(&quiet.tty).columns);
        let (end, writer) = std::io::pipe()?;
        let keys = Keys::new(end)?;
        reserved.ask(quiet.tty.try_clone()?, text.clone())?;
        let (tell, answer) = oneshot::channel();
        let mut asking = Asking {
            reserved,
            answer,
            end: Some(writer),
            reader: None,
        };
        let reader = std::thread::Builder::new().name("ploy-prompt".to_owned());
        asking.reader = Some(reader.spawn(move || {
            let show = |line: &[u8]| {
                if shown {
                    let line = String::from_utf8_lossy(line);
                    let visible: String = line.chars().filter(|c| !c.is_control()).collect();
                    screen().show(format!("{text}{visible}"));
                }
            };
            if let Some(answer) = keys.read(show) {
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
        self.reserved.answered();
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
