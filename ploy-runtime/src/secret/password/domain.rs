//! The password of one domain: got once, tried on one site, and then given to all.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::domain_state::{Candidate, DomainState, PasswordPhase};
use super::password_error::PasswordError;
use super::password_prompt::PasswordPrompt;
use super::password_request::{PasswordRequest, PasswordTrial, PasswordVerdict};
use super::password_source::{MAX_ATTEMPTS, PasswordSource};
use crate::error::{Failure, Kind};
use crate::secret::Secret;

/// How long a site may take to say whether a password is right.
const TRIAL_LIMIT: Duration = Duration::from_secs(60);

/// The password of one domain. The holder of the lock asks for it and tries it; all others wait.
#[derive(Default)]
pub(super) struct PasswordDomain(Arc<Mutex<DomainState>>);

/// A password that was granted to a request.
pub(crate) struct GrantedPassword {
    pub(crate) password: Secret,
    /// If it could not be tried: no other site gets it while this exists.
    pub(crate) unverified: Option<UnverifiedPassword>,
}

/// The password of a domain in the hands of one command, which finds out whether it is right.
pub(crate) struct UnverifiedPassword(OwnedMutexGuard<DomainState>);

impl UnverifiedPassword {
    /// Notes that the site has rejected it.
    pub(crate) fn rejected_by(mut self, site: &str) {
        match std::mem::take(&mut self.0.phase) {
            PasswordPhase::Unverified(candidate) => self.0.reject(site, candidate),
            // Nobody else changes the phase while this holds the lock.
            phase => self.0.phase = phase,
        }
    }
}

/// What a site said to a candidate.
enum TrialResult {
    Granted,
    /// The site could not try it.
    Unverified,
    /// The site rejected it, or is known to: `was_known`.
    Rejected {
        was_known: bool,
    },
}

impl PasswordDomain {
    /// Sets the password, or forgets it.
    pub(super) async fn set(&self, password: Option<Secret>) {
        *self.0.lock().await = DomainState::set(password);
    }

    /// Gets the password now, unless it is known. Whether it is right is found out when it is
    /// needed.
    pub(super) async fn prompt(
        &self,
        source: &PasswordSource,
        prompt: &PasswordPrompt<'_>,
    ) -> Result<(), Failure> {
        let mut state = self.0.lock().await;
        if state.can_prompt() {
            let password = source.next(prompt, state.attempts).await;
            let password = password.map_err(|error| error.failure(prompt.site))?;
            *state = DomainState::with_candidate(Candidate {
                password,
                is_typed: source.can_ask_again(),
            });
        }
        Ok(())
    }

    /// The password for a request. It is tried on the request's site, unless another site has
    /// accepted it already.
    pub(super) async fn password(
        &self,
        source: &PasswordSource,
        mut prompt: PasswordPrompt<'_>,
        request: &PasswordRequest<'_>,
        trial: &mut dyn PasswordTrial,
    ) -> Result<GrantedPassword, Failure> {
        let mut state = self.0.clone().lock_owned().await;
        let site = request.site;
        if let Some(password) = request.rejected {
            state.note_rejection(site, password);
            prompt.remark = Some(format!("{site} rejected that password"));
        }
        if let Some(granted) = state.resume(source, &mut prompt, request, trial).await? {
            return Ok(granted);
        }
        loop {
            let candidate = state.candidate(source, &prompt).await;
            let candidate = candidate.map_err(|error| error.failure(site))?;
            let password = candidate.password.clone();
            let was_known = match state
                .try_candidate(candidate.clone(), request, trial)
                .await?
            {
                TrialResult::Granted => return Ok(GrantedPassword::verified(password)),
                TrialResult::Unverified => {
                    return Ok(GrantedPassword {
                        password,
                        unverified: Some(UnverifiedPassword(state)),
                    });
                }
                TrialResult::Rejected { was_known } => was_known,
            };
            if let PasswordSource::Given { origin, .. } = source {
                state.note_rejection(site, &password);
                let (site, origin) = (site.to_owned(), origin.clone());
                let error = PasswordError::OnlyOneRejected { site, origin };
                return Err(state.fail(error).failure(request.site));
            }
            state.reject(site, candidate);
            prompt.remark = Some(if was_known {
                "that one was rejected already".to_owned()
            } else {
                format!("{site} rejected that password")
            });
            if state.attempts >= MAX_ATTEMPTS {
                let error = PasswordError::RejectedTooOften {
                    site: site.to_owned(),
                    times: MAX_ATTEMPTS,
                };
                return Err(state.fail(error).failure(site));
            }
        }
    }
}

impl GrantedPassword {
    fn verified(password: Secret) -> Self {
        GrantedPassword {
            password,
            unverified: None,
        }
    }
}

impl DomainState {
    /// Goes on from the phase in which the last request left the domain. Returns the password if it
    /// is known to be right for this request.
    async fn resume(
        &mut self,
        source: &PasswordSource,
        prompt: &mut PasswordPrompt<'_>,
        request: &PasswordRequest<'_>,
        trial: &mut dyn PasswordTrial,
    ) -> Result<Option<GrantedPassword>, Failure> {
        let site = request.site;
        match std::mem::take(&mut self.phase) {
            PasswordPhase::Failed { error, can_prompt } => {
                let failure = error.failure(site);
                self.phase = PasswordPhase::Failed { error, can_prompt };
                return Err(failure);
            }
            PasswordPhase::Accepted(password) => {
                self.phase = PasswordPhase::Accepted(password.clone());
                if self.accepts(&password, request, trial).await? {
                    return Ok(Some(GrantedPassword::verified(password)));
                }
                // Other sites have accepted it, so it may be right for the next one.
                if let PasswordSource::Given { origin, .. } = source {
                    let (site, origin) = (site.to_owned(), origin.clone());
                    return Err(PasswordError::Differs { site, origin }.failure(request.site));
                }
                prompt.remark = Some(format!("{site} has another password"));
                self.restart();
            }
            PasswordPhase::OnTrial {
                candidate,
                site: other,
            } if other != site => {
                // The previous trial was cancelled; the password is unverified.
                if !candidate.is_typed {
                    self.phase = PasswordPhase::Unverified(candidate);
                    let error = PasswordError::TrialCancelled { site: other };
                    return Err(self.fail(error).failure(site));
                }
                self.discard(candidate);
            }
            PasswordPhase::OnTrial { candidate, .. } | PasswordPhase::Unverified(candidate) => {
                self.phase = PasswordPhase::Unverified(candidate);
            }
            PasswordPhase::Missing => {}
        }
        Ok(None)
    }

    /// Whether the site of a request accepts a password that another site has accepted.
    async fn accepts(
        &mut self,
        password: &Secret,
        request: &PasswordRequest<'_>,
        trial: &mut dyn PasswordTrial,
    ) -> Result<bool, Failure> {
        if self.is_rejected_by(request.site, password) {
            return Ok(false);
        }
        if request.must_verify
            && try_password(trial, request, password).await? == PasswordVerdict::Rejected
        {
            self.note_rejection(request.site, password);
            return Ok(false);
        }
        Ok(true)
    }

    /// The password to try: the unverified one, or another from the source.
    async fn candidate(
        &mut self,
        source: &PasswordSource,
        prompt: &PasswordPrompt<'_>,
    ) -> Result<Candidate, PasswordError> {
        if let PasswordPhase::Unverified(candidate) = &self.phase {
            return Ok(candidate.clone());
        }
        match source.next(prompt, self.attempts).await {
            Ok(password) => {
                let candidate = Candidate {
                    password,
                    is_typed: source.can_ask_again(),
                };
                self.phase = PasswordPhase::Unverified(candidate.clone());
                Ok(candidate)
            }
            Err(error) => Err(self.fail(error)),
        }
    }

    /// Tries a candidate on the site of a request, unless it is known to be wrong there.
    async fn try_candidate(
        &mut self,
        candidate: Candidate,
        request: &PasswordRequest<'_>,
        trial: &mut dyn PasswordTrial,
    ) -> Result<TrialResult, Failure> {
        let (site, password) = (request.site, candidate.password.clone());
        if self.is_known_wrong(site, &password) {
            return Ok(TrialResult::Rejected { was_known: true });
        }
        // If this future is dropped, the phase stays: no other site is to get the password then.
        self.phase = PasswordPhase::OnTrial {
            candidate: candidate.clone(),
            site: site.to_owned(),
        };
        let verdict = try_password(trial, request, &password).await;
        self.phase = PasswordPhase::Unverified(candidate);
        Ok(match verdict? {
            PasswordVerdict::Accepted => {
                self.phase = PasswordPhase::Accepted(password);
                self.attempts = 0;
                TrialResult::Granted
            }
            PasswordVerdict::Unknown => TrialResult::Unverified,
            PasswordVerdict::Rejected => TrialResult::Rejected { was_known: false },
        })
    }
}

/// What the site of a request says to a password.
async fn try_password(
    trial: &mut dyn PasswordTrial,
    request: &PasswordRequest<'_>,
    password: &Secret,
) -> Result<PasswordVerdict, Failure> {
    let verdict = tokio::time::timeout(TRIAL_LIMIT, trial.try_password(password)).await;
    verdict.unwrap_or_else(|_| {
        let cause = format!(
            "it did not say within {} s whether it is right",
            TRIAL_LIMIT.as_secs()
        );
        let headline = format!("sudo asks for a password on {}", request.site);
        Err(Failure::new(Kind::Password, headline, cause))
    })
}
