use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use super::password_error::NoPassword;
use super::password_prompt;
use super::password_prompt::Question;
use super::passwords::Source;
use crate::error::{Failure, Kind};
use crate::secret::Secret;

/// How often somebody is asked for one password.
const TRIES: u32 = 5;

/// How long a site may take to say whether a password is right.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who needs a sudo password.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) site: &'a str,
    /// The login user there, who is asked for.
    pub(crate) user: &'a str,
    /// What the site's sudo has refused just now.
    pub(crate) refused: Option<&'a Secret>,
    /// Whether it is to be found out on this very site, whatever others say.
    pub(crate) verifies: bool,
}

/// What a site says to a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accepted,
    Rejected,
    /// It cannot be tried beforehand: whoever asks finds out.
    Unknown,
}

/// A password for whoever asked.
pub(crate) struct Granted {
    pub(crate) password: Secret,
    /// If it could not be tried: as long as this is there, no other site hears it.
    pub(crate) alone: Option<Alone>,
}

/// The password of a domain in the hands of one command, which finds out whether it is right.
pub(crate) struct Alone(OwnedMutexGuard<State>);

impl Alone {
    /// The site has refused it.
    pub(crate) fn refused_by(mut self, site: &str) {
        let state = &mut *self.0;
        if let Some(password) = state.password.clone() {
            state.refuse(site, &password);
        }
        state.tries += u32::from(state.is_typed);
        state.reject();
    }
}

/// A way to find out whether a password is right, on the site of whoever asks.
pub(crate) trait Trial: Send {
    /// Tries it.
    fn hear<'a>(
        &'a mut self,
        password: &'a Secret,
    ) -> Pin<Box<dyn Future<Output = Result<Verdict, Failure>> + Send + 'a>>;
}

/// The password of one domain. Whoever holds it asks and tries; all others wait.
#[derive(Default)]
pub(crate) struct Domain(Arc<tokio::sync::Mutex<State>>);

#[derive(Default)]
pub(crate) struct State {
    password: Option<Secret>,
    /// Whether somebody typed it, and may type another.
    is_typed: bool,
    /// Whether a site has taken it.
    is_right: bool,
    /// The site on which it is being tried: if that was broken off, no other is to hear it.
    on_trial: Option<String>,
    /// What a site has rejected before any had taken it.
    rejected: Vec<Secret>,
    /// What each site has refused: it hears none of it again.
    refused: HashMap<String, Vec<Secret>>,
    tries: u32,
    /// Why there is no password, once that is settled.
    failed: Option<NoPassword>,
}

impl Domain {
    pub(crate) async fn set(&self, password: Option<Secret>) {
        *self.0.lock().await = State {
            password,
            ..State::default()
        };
    }

    /// Asks for the password now, unless it is known. Whether it is right is found out when it is needed first.
    pub(crate) async fn prompt(
        &self,
        source: &Source,
        question: &Question<'_>,
    ) -> Result<(), Failure> {
        let mut state = self.0.lock().await;
        if state.password.is_none() {
            let password = source.next(question, state.tries, TRIES).await;
            let password = password.map_err(|why| why.failure(question.site))?;
            *state = State {
                is_typed: source.asks(),
                password: Some(password),
                ..State::default()
            };
        }
        Ok(())
    }

    /// The password for whoever asks.
    pub(crate) async fn password(
        &self,
        source: &Source,
        mut question: Question<'_>,
        asker: &Asker<'_>,
        trial: &mut dyn Trial,
    ) -> Result<Granted, Failure> {
        let granted = |password| Granted {
            password,
            alone: None,
        };
        let mut state = self.0.clone().lock_owned().await;
        let site = asker.site;
        if let Some(password) = asker.refused {
            state.refuse(site, password);
            question.remark = Some(format!("{site} rejected that password"));
        }
        if let Some(failed) = &state.failed {
            return Err(failed.failure(site));
        }
        if state.is_right {
            match state.password.clone() {
                Some(password) if !state.has_refused(site, &password) => {
                    if !asker.verifies || hear(trial, asker, &password).await? != Verdict::Rejected
                    {
                        return Ok(granted(password));
                    }
                    state.refuse(site, &password);
                }
                _ => {}
            }
            // Others have taken it, so it may be right for the next one.
            if let Source::Given { from, .. } = source {
                return Err(NoPassword::differs(site, from).failure(site));
            }
            question.remark = Some(format!("{site} has another password"));
            *state = State {
                refused: std::mem::take(&mut state.refused),
                ..State::default()
            };
        } else if let Some(other) = state.on_trial.take().filter(|other| other != site) {
            // Who tried it has gone, and whether it is right nobody knows.
            if !state.is_typed {
                return Err(state.fail(NoPassword::broken_off(&other)).failure(site));
            }
            state.reject();
        }
        loop {
            if state.password.is_none() {
                match source.next(&question, state.tries, TRIES).await {
                    Ok(password) => {
                        state.is_typed = source.asks();
                        state.password = Some(password);
                    }
                    Err(why) => return Err(state.fail(why).failure(site)),
                }
            }
            let Some(password) = state.password.clone() else {
                continue;
            };
            let was_heard = state.rejected.iter().any(|one| one.is_same(&password))
                || state.has_refused(site, &password);
            let verdict = if was_heard {
                Verdict::Rejected
            } else {
                // It stays there if this is broken off.
                state.on_trial = Some(site.to_owned());
                let heard = hear(trial, asker, &password).await;
                state.on_trial = None;
                heard?
            };
            match verdict {
                Verdict::Accepted => {
                    state.is_right = true;
                    state.tries = 0;
                    return Ok(granted(password));
                }
                Verdict::Unknown => {
                    return Ok(Granted {
                        password,
                        alone: Some(Alone(state)),
                    });
                }
                Verdict::Rejected => {}
            }
            if let Source::Given { from, .. } = source {
                state.refuse(site, &password);
                return Err(state.fail(NoPassword::wrong(site, from)).failure(site));
            }
            state.refuse(site, &password);
            state.tries += u32::from(state.is_typed);
            state.reject();
            question.remark = Some(if was_heard {
                "that one was rejected already".to_owned()
            } else {
                format!("{site} rejected that password")
            });
            if state.tries >= TRIES {
                return Err(state.fail(NoPassword::too_often(site, TRIES)).failure(site));
            }
        }
    }
}

impl State {
    fn refuse(&mut self, site: &str, password: &Secret) {
        if !self.has_refused(site, password) {
            let refused = self.refused.entry(site.to_owned()).or_default();
            refused.push(password.clone());
        }
    }

    fn has_refused(&self, site: &str, password: &Secret) -> bool {
        let refused = self.refused.get(site);
        refused.is_some_and(|refused| refused.iter().any(|one| one.is_same(password)))
    }

    /// No site is to hear the password any more.
    fn reject(&mut self) {
        self.rejected.extend(self.password.take());
    }

    fn fail(&mut self, why: NoPassword) -> NoPassword {
        self.failed = Some(why.clone());
        why
    }
}

/// What the asker's site says to a password.
async fn hear(
    trial: &mut dyn Trial,
    asker: &Asker<'_>,
    password: &Secret,
) -> Result<Verdict, Failure> {
    let heard = tokio::time::timeout(PATIENCE, trial.hear(password)).await;
    heard.unwrap_or_else(|_| {
        let cause = format!(
            "it did not say within {} s whether it is right",
            PATIENCE.as_secs()
        );
        let headline = format!("sudo asks for a password on {}", asker.site);
        Err(Failure::new(Kind::Password, headline, cause))
    })
}

impl Source {
    /// Whether somebody is asked, and may be asked again.
    fn asks(&self) -> bool {
        matches!(self, Source::Terminal)
    }

    /// Another password to try.
    async fn next(
        &self,
        question: &Question<'_>,
        tries: u32,
        most: u32,
    ) -> Result<Secret, NoPassword> {
        let hint = match self {
            Source::Given { secret, .. } => return Ok(secret.clone()),
            Source::Terminal => {
                "run it in a terminal, or give the password by --sudo-pass-file FILE, --sudo-pass-fd NUMBER or \
                 --sudo-pass-command COMMAND; sites whose sudoers say NOPASSWD need none"
            }
            Source::Nobody => "give it to the run or the shell by `Passwords`",
        };
        let nobody = match &question.remark {
            Some(remark) => format!("{remark}, and there is nobody to ask for another"),
            None => "this program has no password, and nobody to ask for it".to_owned(),
        };
        match self {
            Source::Terminal => password_prompt::ask(question, tries, most).await,
            _ => Err(nobody),
        }
        .map_err(|cause| NoPassword {
            cause,
            hint: Some(hint.to_owned()),
        })
    }
}
