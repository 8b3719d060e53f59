//! Passwords for sudo, and other secrets.

pub use ploy_runtime::secret::{Consent, Passwords, Secret};
