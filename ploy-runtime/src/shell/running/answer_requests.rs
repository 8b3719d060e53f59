//! Answers what a command asks for while it runs.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::Failure;
use crate::secret::{GrantedPassword, PasswordRequest};
use crate::shell::command_secrets::CommandSecret;
use crate::shell::shell::Shell;
use crate::shell::silence_monitor::SilenceMonitor;
use crate::shell::sudo::SudoTrial;
use crate::transport::{AskpassKind, AskpassRequests};

/// How often is checked whether a command still waits for an answer.
const CHECK_INTERVAL: Duration = Duration::from_millis(200);

/// How long a command has waited for answers. That does not count as its own time.
#[derive(Default)]
pub(super) struct WaitingTime(Mutex<Waits>);

#[derive(Clone, Copy, Default)]
struct Waits {
    total: Duration,
    since: Option<Instant>,
}

impl WaitingTime {
    /// When to check again, if a command whose time is up at `deadline` has time left because it
    /// waited.
    pub(super) fn extended_deadline(&self, deadline: Instant) -> Option<Instant> {
        let Waits { total, since } = *self.waits();
        match since {
            // It still waits, for a time that is not known.
            Some(_) => Some(Instant::now() + CHECK_INTERVAL),
            None => Some(deadline + total).filter(|later| *later > Instant::now()),
        }
    }

    fn begin(&self) {
        self.waits().since = Some(Instant::now());
    }

    fn end(&self) {
        let mut waits = self.waits();
        if let Some(since) = waits.since.take() {
            waits.total += since.elapsed();
        }
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        // Two times, each whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers the requests of one command.
pub(super) struct RequestAnswerer<'a> {
    pub(super) shell: &'a Shell,
    pub(super) secrets: &'a [CommandSecret],
    pub(super) waiting_time: &'a WaitingTime,
    pub(super) silence: &'a SilenceMonitor,
}

impl RequestAnswerer<'_> {
    /// Answers requests until one cannot be answered, and returns why not. Never returns otherwise.
    pub(super) async fn answer_all(self, requests: Option<AskpassRequests>) -> Failure {
        let Some(mut requests) = requests else {
            return std::future::pending().await;
        };
        // What each sudo was given, by its process id: a sudo that asks again has rejected that.
        let mut given: HashMap<u32, GrantedPassword> = HashMap::new();
        while let Some(request) = requests.recv().await {
            match request.kind.clone() {
                AskpassKind::CommandSecret { index } => {
                    let secret = self.secrets.get(index);
                    request.answer(secret.map_or(b"", |one| one.secret.expose()));
                }
                AskpassKind::SudoPassword { sudo_pid, user } => {
                    let rejected = given.remove(&sudo_pid);
                    // Another sudo of the same command is finding out whether the password is
                    // right. Asking for it here would wait for that one, and the command for both.
                    let unverified = given.values().find(|one| one.unverified.is_some());
                    if let (None, Some(unverified)) = (&rejected, unverified) {
                        request.answer(unverified.password.expose());
                        continue;
                    }
                    match self.password(&user, rejected).await {
                        Ok(granted) => {
                            request.answer(granted.password.expose());
                            given.insert(sudo_pid, granted);
                        }
                        Err(failure) => return failure,
                    }
                }
            }
        }
        // What passes its requests on is gone.
        std::future::pending().await
    }

    async fn password(
        &self,
        user: &str,
        rejected: Option<GrantedPassword>,
    ) -> Result<GrantedPassword, Failure> {
        let shell = self.shell;
        let rejected = rejected.map(|granted| {
            if let Some(unverified) = granted.unverified {
                unverified.rejected_by(shell.name());
            }
            granted.password
        });
        let request = PasswordRequest {
            site: shell.name(),
            user,
            rejected: rejected.as_ref(),
            must_verify: false,
        };
        self.waiting_time.begin();
        // The person who is asked for the password knows what is waited for.
        self.silence.pause();
        let mut trial = SudoTrial::new(shell);
        let domain = shell.password_domain();
        let passwords = &shell.0.passwords;
        let password = passwords.password(&domain, &request, &mut trial).await;
        self.silence.resume();
        self.waiting_time.end();
        password
    }
}
