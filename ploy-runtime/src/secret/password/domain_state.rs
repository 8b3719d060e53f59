//! What is known of the password of a domain.

use std::collections::HashMap;

use super::password_error::PasswordError;
use crate::secret::Secret;

/// What is known of the password of a domain.
#[derive(Default)]
pub(super) struct DomainState {
    pub(super) phase: PasswordPhase,
    /// What sites have rejected before any had accepted it.
    rejected: Vec<Secret>,
    /// What each site has rejected: it gets none of it again.
    rejected_by_site: HashMap<String, Vec<Secret>>,
    /// How many passwords a person has typed that were wrong.
    pub(super) attempts: u32,
}

/// How far a domain is on its way to a password.
#[derive(Default)]
pub(super) enum PasswordPhase {
    /// There is no password yet.
    #[default]
    Missing,
    /// There is a password that no site has accepted yet.
    Unverified(Candidate),
    /// A site tries it. Seen when the trial is over only if that was cancelled.
    OnTrial { candidate: Candidate, site: String },
    /// A site has accepted it.
    Accepted(Secret),
    /// There is none, and that is settled.
    Failed {
        error: PasswordError,
        /// Whether a [prompt](super::Passwords::prompt) may ask for one all the same: no password
        /// is left that was given or set.
        can_prompt: bool,
    },
}

/// A password that may be right.
#[derive(Clone)]
pub(super) struct Candidate {
    pub(super) password: Secret,
    /// Whether a person typed it, and may type another.
    pub(super) is_typed: bool,
}

impl DomainState {
    /// The state after the password was set, or forgotten.
    pub(super) fn set(password: Option<Secret>) -> Self {
        let phase = password.map_or(PasswordPhase::Missing, |password| {
            PasswordPhase::Unverified(Candidate {
                password,
                is_typed: false,
            })
        });
        DomainState {
            phase,
            ..DomainState::default()
        }
    }

    /// The state after a source gave the password.
    pub(super) fn with_candidate(candidate: Candidate) -> Self {
        DomainState {
            phase: PasswordPhase::Unverified(candidate),
            ..DomainState::default()
        }
    }

    /// Whether no password is known, so that one may be asked for beforehand.
    pub(super) fn can_prompt(&self) -> bool {
        match self.phase {
            PasswordPhase::Missing => true,
            PasswordPhase::Failed { can_prompt, .. } => can_prompt,
            PasswordPhase::Unverified(_)
            | PasswordPhase::OnTrial { .. }
            | PasswordPhase::Accepted(_) => false,
        }
    }

    /// Begins anew with another password; what each site has rejected stays known.
    pub(super) fn restart(&mut self) {
        *self = DomainState {
            rejected_by_site: std::mem::take(&mut self.rejected_by_site),
            ..DomainState::default()
        };
    }

    /// Notes that a site has rejected a password.
    pub(super) fn note_rejection(&mut self, site: &str, password: &Secret) {
        if !self.is_rejected_by(site, password) {
            let rejected = self.rejected_by_site.entry(site.to_owned()).or_default();
            rejected.push(password.clone());
        }
    }

    /// Whether a site has rejected a password.
    pub(super) fn is_rejected_by(&self, site: &str, password: &Secret) -> bool {
        let rejected = self.rejected_by_site.get(site);
        rejected.is_some_and(|rejected| rejected.iter().any(|one| one.is_same(password)))
    }

    /// Whether it is known that a site will not accept a password.
    pub(super) fn is_known_wrong(&self, site: &str, password: &Secret) -> bool {
        self.rejected.iter().any(|one| one.is_same(password)) || self.is_rejected_by(site, password)
    }

    /// Gives a candidate up: no site gets it any more.
    pub(super) fn discard(&mut self, candidate: Candidate) {
        self.rejected.push(candidate.password);
        self.phase = PasswordPhase::Missing;
    }

    /// Gives a candidate up that a site has rejected.
    pub(super) fn reject(&mut self, site: &str, candidate: Candidate) {
        self.note_rejection(site, &candidate.password);
        self.attempts += u32::from(candidate.is_typed);
        self.discard(candidate);
    }

    /// Settles that there is no password. Returns the error.
    pub(super) fn fail(&mut self, error: PasswordError) -> PasswordError {
        let can_prompt = matches!(self.phase, PasswordPhase::Missing);
        self.phase = PasswordPhase::Failed {
            error: error.clone(),
            can_prompt,
        };
        error
    }
}
