use crate::error::{Failure, Kind};

/// Why there is no password.
#[derive(Clone)]
pub(crate) struct NoPassword {
    pub(crate) cause: String,
    pub(crate) hint: Option<String>,
}

impl NoPassword {
    fn because(cause: String) -> Self {
        NoPassword { cause, hint: None }
    }

    /// Somebody was asked, and did not know it.
    pub(crate) fn too_often(site: &str, times: u32) -> Self {
        NoPassword::because(format!("{site} rejected the password {times} times"))
    }

    /// The only one that there is was rejected.
    pub(crate) fn wrong(site: &str, from: &str) -> Self {
        NoPassword::because(format!(
            "{site} rejected the password from {from}; it was tried once, and nowhere else"
        ))
    }

    /// The only one that there is was rejected on this site, and taken on another.
    pub(crate) fn differs(site: &str, from: &str) -> Self {
        NoPassword {
            cause: format!("{site} rejected the password from {from}, which another site took"),
            hint: Some(
                "sites with another password need a `password_domain` of their own".to_owned(),
            ),
        }
    }

    /// It may have been rejected, and nobody heard that.
    pub(crate) fn broken_off(site: &str) -> Self {
        NoPassword::because(format!(
            "{site} was to say whether the password is right, and that was broken off"
        ))
    }

    /// The failure of a site that waits for it.
    pub(crate) fn failure(&self, site: &str) -> Failure {
        let headline = format!("sudo asks for a password on {site}");
        let failure = Failure::new(Kind::Password, headline, &*self.cause);
        match &self.hint {
            Some(hint) => failure.with_hint(&**hint),
            None => failure,
        }
    }
}
