//! Answering what a command asks for while it runs.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::Failure;
use crate::secret::{Asker, Granted};
use crate::shell::Shell;
use crate::shell::command_secrets::Handed;
use crate::shell::silence_monitor::Silence;
use crate::shell::sudo::SudoTrial;
use crate::transport::{Asks, What};

/// How often is looked whether a command still waits for an answer.
const LOOK: Duration = Duration::from_millis(200);

/// How long a command has waited for an answer, and since when it waits now: that is not its own time.
#[derive(Default)]
pub(crate) struct Waits(Mutex<(Duration, Option<Instant>)>);

impl Waits {
    /// When to look again, if a command whose time would be up at this moment has time left.
    pub(crate) fn put_off(&self, moment: Instant) -> Option<Instant> {
        let (total, since) = *self.waits();
        match since {
            // Nobody knows for how long it waits.
            Some(_) => Some(Instant::now() + LOOK),
            None => Some(moment + total).filter(|later| *later > Instant::now()),
        }
    }

    fn begin(&self) {
        self.waits().1 = Some(Instant::now());
    }

    fn end(&self) {
        let mut waits = self.waits();
        if let Some(since) = waits.1.take() {
            waits.0 += since.elapsed();
        }
    }

    fn waits(&self) -> MutexGuard<'_, (Duration, Option<Instant>)> {
        // Two times, each whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers a command until there is no answer, and says why.
pub(crate) async fn attend(
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
    let mut told: HashMap<u32, Granted> = HashMap::new();
    while let Some(ask) = asks.recv().await {
        match ask.what.clone() {
            What::Secret(number) => {
                let handed = handed.get(number);
                ask.answer(handed.map_or(b"", |one| one.secret.expose()));
            }
            What::Password { sudo, user } => {
                let refused = told.remove(&sudo);
                // Another of the same command's finds out whether it is right, and would wait for itself.
                let own = told.values().find(|granted| granted.alone.is_some());
                if let (None, Some(own)) = (&refused, own) {
                    ask.answer(own.password.expose());
                    continue;
                }
                let refused = refused.map(|granted| {
                    if let Some(alone) = granted.alone {
                        alone.refused_by(shell.name());
                    }
                    granted.password
                });
                let asker = Asker {
                    site: shell.name(),
                    user: &user,
                    refused: refused.as_ref(),
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
                    Ok(granted) => {
                        ask.answer(granted.password.expose());
                        told.insert(sudo, granted);
                    }
                    Err(failure) => return failure,
                }
            }
        }
    }
    // Whoever passes its questions on is gone.
    std::future::pending().await
}
