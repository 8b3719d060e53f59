//! Answering what a command asks for while it runs.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::Shell;
use super::secrets::Handed;
use super::silence::Silence;
use super::trial::SudoTrial;
use crate::error::Failure;
use crate::secret::{Asker, Secret};
use crate::transport::{Asks, What};

/// How long a command has waited for an answer: that is not its own time.
#[derive(Default)]
pub(super) struct Waits(Mutex<(Duration, Option<Instant>)>);

impl Waits {
    /// All in all, until now.
    pub(super) fn total(&self) -> Duration {
        let (total, since) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        total + since.map(|since| since.elapsed()).unwrap_or_default()
    }

    fn begin(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(Instant::now());
    }

    fn end(&self) {
        let mut waits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = waits.1.take() {
            waits.0 += since.elapsed();
        }
    }

    /// Whether it waits now.
    pub(super) fn is_waiting(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .1
            .is_some()
    }
}

/// Answers a command until there is no answer, and says why.
pub(super) async fn attend(
    shell: &Shell,
    asks: Option<Asks>,
    handed: &[Handed],
    waits: &Waits,
    silence: &Silence,
) -> Failure {
    let Some(mut asks) = asks else {
        return std::future::pending().await;
    };
    // What each sudo was told: if it asks again, it has refused that.
    let mut told: HashMap<u32, Secret> = HashMap::new();
    while let Some(ask) = asks.recv().await {
        match ask.what.clone() {
            What::Secret(number) => {
                let handed = handed.get(number);
                ask.answer(handed.map_or(b"", |one| one.secret.expose()));
            }
            What::Password { sudo, user } => {
                let asker = Asker {
                    site: shell.name(),
                    user: &user,
                    refused: told.get(&sudo),
                    verifies: false,
                };
                waits.begin();
                // Who is asked knows what is waited for.
                silence.break_off();
                let mut trial = SudoTrial::new(shell);
                let domain = shell.password_domain();
                let password = shell
                    .0
                    .passwords
                    .password(&domain, &asker, &mut trial)
                    .await;
                silence.begin();
                waits.end();
                match password {
                    Ok(password) => {
                        ask.answer(password.expose());
                        told.insert(sudo, password);
                    }
                    Err(failure) => return failure,
                }
            }
        }
    }
    // Whoever passes its questions on is gone.
    std::future::pending().await
}
