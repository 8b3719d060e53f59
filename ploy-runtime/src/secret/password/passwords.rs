//! The sudo passwords of a program.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::domain::{GrantedPassword, PasswordDomain};
use super::password_prompt::PasswordPrompt;
use super::password_request::{PasswordRequest, PasswordTrial};
use super::password_source::PasswordSource;
use crate::error::Failure;
use crate::secret::secret::Secret;
use crate::topology::fold;

/// The sudo passwords of a program, each shared by the sites of a *password domain*. Copies are
/// cheap and mean the same passwords.
///
/// A domain is what the sites' `password_domain` names; a site without one is in a domain of its
/// user and host, `deploy@web1.example.com`. When sudo asks on the first site of a domain, the
/// password is taken from here, tried once on that site, and given to all others that ask only when
/// it was right. A site that needs no password is never asked for one.
///
/// ```
/// use ploy::secret::Passwords;
/// use ploy::Secret;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let passwords = Passwords::new();
/// passwords.set("prod", Secret::new("correct horse")).await;
/// passwords.reset("prod").await;
/// # }
/// ```
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    source: PasswordSource,
    domains: Mutex<HashMap<String, Arc<PasswordDomain>>>,
    /// The sites of each domain, to name them in prompts.
    sites: Mutex<BTreeMap<String, Vec<String>>>,
}

impl Passwords {
    /// No password, and nobody to ask: a sudo that asks for a password that was not
    /// [set](Passwords::set) fails.
    pub fn new() -> Self {
        Passwords::from_source(PasswordSource::Nobody)
    }

    /// Asks on the terminal of this process, without echo: at most five times for each domain.
    /// Without a terminal that fails at once.
    pub fn from_terminal() -> Self {
        Passwords::from_source(PasswordSource::Terminal)
    }

    /// One password for all domains: the first line of a secret that comes `from` somewhere, in the
    /// words of an error message. It is tried once in each domain.
    pub fn given(secret: &Secret, from: impl Into<String>) -> Self {
        Passwords::from_source(PasswordSource::Given {
            secret: secret.first_line(),
            origin: from.into(),
        })
    }

    fn from_source(source: PasswordSource) -> Self {
        Passwords(Arc::new(Inner {
            source,
            domains: Mutex::default(),
            sites: Mutex::default(),
        }))
    }

    /// Sets the password of a domain, and forgets earlier errors. If the first site rejects it,
    /// another is asked for, if there is somebody to ask. Waits while a person is being asked for
    /// it.
    pub async fn set(&self, domain: &str, password: Secret) {
        self.domain(domain).set(Some(password)).await;
    }

    /// Forgets the password of a domain, and earlier errors: the next sudo that asks has it asked
    /// for anew. Waits while a person is being asked for it.
    pub async fn reset(&self, domain: &str) {
        self.domain(domain).set(None).await;
    }

    /// Asks for the password of a domain now, unless it is known. Whether it is right is found out
    /// when it is needed.
    ///
    /// # Errors
    ///
    /// [`Kind::Password`](crate::error::Kind::Password) if there is nobody to ask.
    pub async fn prompt(&self, domain: &str) -> Result<(), Failure> {
        let sites = self.sites_of(domain).unwrap_or_else(|| domain.to_owned());
        let prompt = PasswordPrompt {
            site: domain,
            user: None,
            domain,
            sites: &sites,
            remark: None,
        };
        self.domain(domain).prompt(&self.0.source, &prompt).await
    }

    /// The password of a domain for a request.
    pub(crate) async fn password(
        &self,
        domain: &str,
        request: &PasswordRequest<'_>,
        trial: &mut dyn PasswordTrial,
    ) -> Result<GrantedPassword, Failure> {
        let sites = self.sites_of(domain);
        let sites = sites.as_deref().unwrap_or(request.site);
        let prompt = PasswordPrompt {
            site: request.site,
            user: Some(request.user),
            domain,
            sites,
            remark: None,
        };
        let shared = self.domain(domain);
        shared
            .password(&self.0.source, prompt, request, trial)
            .await
    }

    /// Notes that a site is in a domain.
    pub(crate) fn join(&self, domain: &str, site: &str) {
        let mut sites = self.0.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let sites = sites.entry(domain.to_owned()).or_default();
        if !sites.iter().any(|known| known == site) {
            sites.push(site.to_owned());
        }
    }

    fn sites_of(&self, domain: &str) -> Option<String> {
        let sites = self.0.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let sites = sites.get(domain)?;
        Some(fold(sites.iter().map(String::as_str)))
    }

    fn domain(&self, name: &str) -> Arc<PasswordDomain> {
        self.domains().entry(name.to_owned()).or_default().clone()
    }

    fn domains(&self) -> MutexGuard<'_, HashMap<String, Arc<PasswordDomain>>> {
        // The map is whole between any two operations on it.
        self.0
            .domains
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Passwords::new()
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let domains: Vec<String> = self.domains().keys().cloned().collect();
        f.debug_tuple("Passwords").field(&domains).finish()
    }
}
