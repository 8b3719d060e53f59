//! Brings each request to the command that made it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use super::request::{AskpassKind, AskpassRequest, AskpassRequests};
use crate::transport::control_channel::{ControlSender, RegistrationId};

/// The commands of one reaper that may ask.
#[derive(Clone, Default)]
pub(crate) struct AskpassRouter(Arc<Mutex<Senders>>);

type Senders = HashMap<RegistrationId, mpsc::UnboundedSender<AskpassRequest>>;

impl AskpassRouter {
    /// Lets a command ask, until it is [removed](AskpassRouter::remove).
    pub(crate) fn register(&self, id: RegistrationId) -> AskpassRequests {
        let (sender, requests) = mpsc::unbounded_channel();
        self.senders().insert(id, sender);
        requests
    }

    pub(crate) fn remove(&self, id: RegistrationId) {
        self.senders().remove(&id);
    }

    /// Passes on a line of the reaper's output if it is a request, such as
    /// `ask 3 sudo.4711 4711.4712 deploy`.
    pub(crate) fn dispatch(&self, line: &str, control: &ControlSender) {
        let Some((id, kind, reply_pipe)) = parse(line) else {
            return;
        };
        let request = AskpassRequest::new(kind, reply_pipe.to_owned(), control.clone());
        if let Some(sender) = self.senders().get(&id) {
            let _ = sender.send(request);
        }
    }

    fn senders(&self) -> MutexGuard<'_, Senders> {
        // The map is whole between any two operations on it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who asks, for what, and the name of the pipe for the answer.
fn parse(line: &str) -> Option<(RegistrationId, AskpassKind, &str)> {
    let mut words = line.split(' ');
    if words.next() != Some("ask") {
        return None;
    }
    let (id, kind) = (words.next()?.parse().ok()?, words.next()?);
    let (reply_pipe, user) = (words.next()?, words.next().unwrap_or_default());
    let kind = match kind.split_once('.')? {
        ("sudo", pid) => AskpassKind::SudoPassword {
            sudo_pid: pid.parse().ok()?,
            user: user.to_owned(),
        },
        ("secret", index) => AskpassKind::CommandSecret {
            index: index.parse().ok()?,
        },
        _ => return None,
    };
    // It becomes part of a path on the other side.
    let is_plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    reply_pipe
        .bytes()
        .all(is_plain)
        .then_some((id, kind, reply_pipe))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::control_channel::control_channel;

    #[test]
    fn a_request_reaches_its_command_and_the_answer_reaches_its_pipe() {
        let (router, (control, mut sent)) = (AskpassRouter::default(), control_channel());
        let mut requests = router.register(RegistrationId(3));
        for noise in ["welcome", "ask", "ask 3 sudo.1 ../x x", "ask 3 tea.1 1 x"] {
            router.dispatch(noise, &control);
        }
        router.dispatch("ask 3 sudo.47 47.48 deploy", &control);
        let request = requests.try_recv().ok().unwrap();
        let user = "deploy".to_owned();
        let kind = AskpassKind::SudoPassword { sudo_pid: 47, user };
        assert_eq!(request.kind, kind);
        request.answer(b"  two words ");
        let message = sent.try_recv().unwrap();
        assert_eq!(message.as_slice(), b"give 47.48 1 line\n  two words \n");
        router.dispatch("ask 3 secret.1 9.1 -", &control);
        let request = requests.try_recv().ok().unwrap();
        assert_eq!(request.kind, AskpassKind::CommandSecret { index: 1 });
        request.answer(b"a\nb\n");
        let message = sent.try_recv().unwrap();
        assert_eq!(message.as_slice(), b"give 9.1 3 exactly\na\nb\n\n");
    }

    #[test]
    fn a_request_without_an_answer_is_told_so() {
        let (router, (control, mut sent)) = (AskpassRouter::default(), control_channel());
        let mut requests = router.register(RegistrationId(3));
        drop(router.register(RegistrationId(5)));
        router.dispatch("ask 5 sudo.1 5.5 x", &control);
        router.remove(RegistrationId(3));
        router.dispatch("ask 3 secret.1 9.1 -", &control);
        assert!(requests.try_recv().is_err());
        for pipe in ["5.5", "9.1"] {
            let message = sent.try_recv().unwrap();
            let expected = format!("give {pipe} 0 nothing\n");
            assert_eq!(message.as_slice(), expected.as_bytes());
        }
    }
}
