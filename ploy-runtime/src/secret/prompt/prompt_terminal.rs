//! Asks a person on the terminal of this process, while others write to it.

use std::io::{PipeWriter, Write};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{getpgrp, kill_process_group};
use tokio::sync::oneshot;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use zeroize::Zeroizing;

use super::keys::{HiddenInput, KeyReader, KeyResult, open_terminal};
use super::prompt_error::PromptError;
use crate::secret::mask::masked;
use crate::secret::secret::Secret;
use crate::terminal::{PromptArea, TerminalSize, screen};

/// How long a run may take to be cancelled after a key that stands for a signal.
const CANCEL_WAIT: Duration = Duration::from_secs(5);

/// The terminal of this process, if it has one. One question is asked at a time.
pub(crate) struct PromptTerminal {
    /// Held while a question is asked.
    turn: tokio::sync::Mutex<()>,
}

static TERMINAL: PromptTerminal = PromptTerminal {
    turn: tokio::sync::Mutex::const_new(()),
};

/// The terminal of this process.
pub(crate) fn terminal() -> &'static PromptTerminal {
    &TERMINAL
}

impl PromptTerminal {
    /// Writes a message to the terminal.
    pub(crate) fn say(&self, text: &str) {
        if let Ok(mut tty) = open_terminal() {
            screen().write_above(|| {
                let _ = tty.write_all(text.as_bytes());
            });
        }
    }

    /// Asks for a secret, after a remark of whole lines. What is typed is not shown.
    pub(crate) async fn ask(&self, remark: &str, text: &str) -> Result<Secret, PromptError> {
        let mut line = self.line(remark, text, false).await?;
        Ok(Secret::new(std::mem::take(&mut *line)))
    }

    /// Asks for what may be seen. `answers` are the expected ones; they are shown however long the
    /// question is.
    pub(crate) async fn ask_visibly(
        &self,
        question: &str,
        answers: &str,
    ) -> Result<String, PromptError> {
        let end = format!(" [{answers}] ");
        let columns = open_terminal().map_or(80, |tty| TerminalSize::of(&tty).columns);
        let room = columns.saturating_sub(end.width() + answers.width());
        let begin = fitted(&masked(question), room);
        let line = self
            .line("", &format!("{}{end}", begin.trim_end_matches(": ")), true)
            .await?;
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    /// Asks, one question at a time. Dropped, it leaves the terminal as it was before.
    async fn line(
        &self,
        remark: &str,
        text: &str,
        is_shown: bool,
    ) -> Result<Zeroizing<Vec<u8>>, PromptError> {
        // Fails at once, also while another question is asked.
        let tty = open_terminal().map_err(PromptError::NoTerminal)?;
        let _turn = self.turn.lock().await;
        let reserved = screen().reserve_prompt();
        let hidden = HiddenInput::begin(tty)?;
        self.say(remark);
        let mut prompt = ActivePrompt::begin(&reserved, &hidden, text, is_shown)
            .map_err(PromptError::NoTerminal)?;
        let answer = (&mut prompt.answer).await.unwrap_or(KeyResult::End);
        drop((prompt, hidden));
        drop(reserved);
        match answer {
            KeyResult::Line(line) => Ok(line),
            KeyResult::End => Err(PromptError::Closed),
            KeyResult::Signal(signal) => {
                // As the terminal itself would have done it: to this process and everything that
                // was started with it.
                let _ = kill_process_group(getpgrp(), signal);
                // The signal cancels the run, and this with it.
                tokio::time::sleep(CANCEL_WAIT).await;
                Err(PromptError::Interrupted)
            }
        }
    }
}

/// A question on the terminal, until this is dropped.
struct ActivePrompt<'a> {
    reserved: &'a PromptArea<'static>,
    answer: oneshot::Receiver<KeyResult>,
    /// Ends the thread that reads the keys.
    end: Option<PipeWriter>,
    reader: Option<JoinHandle<()>>,
}

impl<'a> ActivePrompt<'a> {
    fn begin(
        reserved: &'a PromptArea<'static>,
        hidden: &HiddenInput,
        text: &str,
        is_shown: bool,
    ) -> std::io::Result<Self> {
        let text = fitted(text, TerminalSize::of(&hidden.tty).columns);
        let (end, writer) = std::io::pipe()?;
        let reader = KeyReader::new(end)?;
        reserved.ask(hidden.tty.try_clone()?, text.clone())?;
        let (tell, answer) = oneshot::channel();
        let mut prompt = ActivePrompt {
            reserved,
            answer,
            end: Some(writer),
            reader: None,
        };
        let thread = std::thread::Builder::new().name("ploy-prompt".to_owned());
        prompt.reader = Some(thread.spawn(move || {
            let show = |line: &[u8]| {
                if is_shown {
                    let line = String::from_utf8_lossy(line);
                    let visible: String = line.chars().filter(|c| !c.is_control()).collect();
                    screen().show_answer(format!("{text}{visible}"));
                }
            };
            if let Some(answer) = reader.read(show) {
                let _ = tell.send(answer);
            }
        })?);
        Ok(prompt)
    }
}

impl Drop for ActivePrompt<'_> {
    fn drop(&mut self) {
        // Before anybody else reads the terminal, so that no key is lost.
        self.end = None;
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        self.reserved.end_question();
    }
}

/// Cuts a question to one line, so that it can be erased.
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
    fn a_question_is_cut_to_fit_on_its_line() {
        assert_eq!(fitted("password: ", 80), "password: ");
        assert_eq!(fitted("password of deploy: ", 13), "password …: ");
        assert_eq!(fitted("a\x1b[2Jb\n: ", 80), "a[2Jb: ");
    }
}
