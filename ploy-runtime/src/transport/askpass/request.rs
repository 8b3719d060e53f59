//! One request for a password or a secret, and its answer.

use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::transport::control_channel::{ControlMessage, ControlSender};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AskpassKind {
    /// The password of a user, by a sudo with this process id.
    SudoPassword { sudo_pid: u32, user: String },
    /// One of the secrets that the command was given.
    CommandSecret { index: usize },
}

/// A request that a command made while it runs. Dropped without an answer, it tells the command
/// that there is none.
pub(crate) struct AskpassRequest {
    pub(crate) kind: AskpassKind,
    /// The name of the pipe for the answer; `None` once the answer was sent.
    reply_pipe: Option<String>,
    control: ControlSender,
}

/// The requests of one command, as they come.
pub(crate) type AskpassRequests = mpsc::UnboundedReceiver<AskpassRequest>;

impl AskpassRequest {
    pub(super) fn new(kind: AskpassKind, reply_pipe: String, control: ControlSender) -> Self {
        AskpassRequest {
            kind,
            reply_pipe: Some(reply_pipe),
            control,
        }
    }

    /// Answers it: with a password as a line, with a secret byte for byte.
    pub(crate) fn answer(mut self, value: &[u8]) {
        let lines = value.split(|byte| *byte == b'\n').count();
        let format = match self.kind {
            AskpassKind::SudoPassword { .. } => "line",
            AskpassKind::CommandSecret { .. } => "exactly",
        };
        self.send(lines, format, value);
    }

    fn send(&mut self, lines: usize, format: &str, value: &[u8]) {
        let Some(reply_pipe) = self.reply_pipe.take() else {
            return;
        };
        let head = format!("give {reply_pipe} {lines} {format}\n");
        // The final capacity at once: growing would leave a copy of the secret behind.
        let mut message: ControlMessage =
            Zeroizing::new(Vec::with_capacity(head.len() + value.len() + 1));
        message.extend_from_slice(head.as_bytes());
        message.extend_from_slice(value);
        if lines > 0 {
            message.push(b'\n');
        }
        // Fails only if the reaper is gone, and whoever asked with it.
        let _ = self.control.send(message);
    }
}

impl Drop for AskpassRequest {
    fn drop(&mut self) {
        self.send(0, "nothing", b"");
    }
}
