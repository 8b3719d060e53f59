//! Passwords that are asked for, and tried, before anything runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::Runner;
use crate::error::{Failure, Kind};
use crate::shell::{Cancel, Shell, SilentEmitter, password_domain};
use crate::transport::ConnectionPool;

/// On how many sites of a domain is looked whether sudo asks at all.
const SITES: usize = 5;

/// In how many domains at once.
const DOMAINS: usize = 32;

impl Runner {
    /// Asks for the passwords for sudo now, before anything runs, and tries each on one of the
    /// sites of these names: the first of its domain where sudo asks for one, of the first five.
    /// Sites that cannot be reached are left to the run.
    ///
    /// # Errors
    ///
    /// [`Kind::Password`] if there is none, or only wrong ones.
    pub async fn verify_passwords(&self, names: &[String]) -> Result<(), Failure> {
        self.join_domains();
        let pool = ConnectionPool::new(self.keep.clone());
        let mut domains: BTreeMap<String, Vec<Shell>> = BTreeMap::new();
        for site in self.topology.sites() {
            if !names.iter().any(|name| name == site.name()) {
                continue;
            }
            let shells = domains.entry(password_domain(site)).or_default();
            if shells.len() < SITES {
                let (transport, silent) = (pool.transport(site), Arc::new(SilentEmitter));
                let (never, passwords) = (Cancel::never(), self.passwords.clone());
                shells.push(Shell::new(
                    site.clone(),
                    transport,
                    silent,
                    never,
                    passwords,
                ));
            }
        }
        let places = Arc::new(Semaphore::new(DOMAINS));
        let mut verifying = JoinSet::new();
        for shells in domains.into_values() {
            let places = places.clone();
            verifying.spawn(async move {
                // The semaphore is never closed.
                let _place = places.acquire_owned().await;
                verify(&shells).await
            });
        }
        let mut result = Ok(());
        while let Some(verified) = verifying.join_next().await {
            if let Ok(Err(failure)) = verified {
                result = Err(failure);
                break;
            }
        }
        verifying.shutdown().await;
        pool.close().await;
        result
    }
}

/// Verifies the password of a domain.
async fn verify(shells: &[Shell]) -> Result<(), Failure> {
    for shell in shells {
        match shell.verify_password().await {
            Ok(true) => return Ok(()),
            Err(failure) if failure.kind() == Kind::Password => return Err(failure),
            Ok(false) | Err(_) => {}
        }
    }
    Ok(())
}
