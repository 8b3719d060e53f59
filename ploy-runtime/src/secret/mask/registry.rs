//! All secrets of this program, so that none of them is shown.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use zeroize::Zeroizing;

use super::forms::{MIN_MASKED_LENGTH, MaskedForms};
use super::matches::{find_secrets, mask_ranges};

/// The bytes of a secret. They are overwritten when the value is dropped, and are not masked any
/// more.
pub(crate) struct SecretValue(Zeroizing<Vec<u8>>);

/// The secrets that exist, and all forms of them.
static REGISTRY: Mutex<Registry> = Mutex::new(Registry {
    secrets: Vec::new(),
    retentions: 0,
});

/// How many secrets there are, so that a program without secrets pays nothing.
static COUNT: AtomicUsize = AtomicUsize::new(0);

struct Registry {
    secrets: Vec<RegisteredSecret>,
    /// How many [retentions](SecretRetention) there are.
    retentions: u32,
}

struct RegisteredSecret {
    value: Weak<SecretValue>,
    /// The same value, while something runs that may still show it.
    retained: Option<Arc<SecretValue>>,
    forms: Arc<MaskedForms>,
}

fn registry() -> MutexGuard<'static, Registry> {
    // Nothing in here panics between two changes that belong together.
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SecretValue {
    /// Has the value masked from now on, as long as a copy of the result exists.
    pub(crate) fn register(bytes: Vec<u8>) -> Arc<Self> {
        let value = Arc::new(SecretValue(Zeroizing::new(bytes)));
        if value.bytes().len() >= MIN_MASKED_LENGTH {
            register(&value);
        }
        value
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for SecretValue {
    fn drop(&mut self) {
        remove_dropped();
    }
}

/// While this exists, all secrets stay masked, also when their last copy is gone: an error that is
/// told later may have one in it.
pub(crate) struct SecretRetention(());

impl SecretRetention {
    pub(crate) fn begin() -> Self {
        let mut registry = registry();
        registry.retentions += 1;
        for one in &mut registry.secrets {
            one.retained = one.value.upgrade();
        }
        SecretRetention(())
    }
}

impl Drop for SecretRetention {
    fn drop(&mut self) {
        let mut registry = registry();
        registry.retentions -= 1;
        let mut released = Vec::new();
        if registry.retentions == 0 {
            let retained = registry.secrets.iter_mut();
            released.extend(retained.filter_map(|one| one.retained.take()));
        }
        drop(registry);
        // After the lock is released: dropping a value takes it.
        drop(released);
    }
}

fn register(value: &Arc<SecretValue>) {
    let mut registry = registry();
    let known_forms = registry.secrets.iter().find_map(|one| {
        let other = one.value.upgrade()?;
        (other.bytes() == value.bytes()).then(|| one.forms.clone())
    });
    let retained = (registry.retentions > 0).then(|| value.clone());
    registry.secrets.push(RegisteredSecret {
        value: Arc::downgrade(value),
        retained,
        forms: known_forms.unwrap_or_else(|| Arc::new(MaskedForms::of(value.bytes()))),
    });
    COUNT.store(registry.secrets.len(), Ordering::Release);
}

/// Removes the secrets whose last copy is gone.
fn remove_dropped() {
    let mut registry = registry();
    let (alive, dropped): (Vec<_>, Vec<_>) = std::mem::take(&mut registry.secrets)
        .into_iter()
        .partition(|one| one.value.strong_count() > 0);
    registry.secrets = alive;
    COUNT.store(registry.secrets.len(), Ordering::Release);
    drop(registry);
    drop(dropped);
}

/// All forms of all secrets that exist now.
pub(super) fn all_forms() -> Vec<Arc<MaskedForms>> {
    if COUNT.load(Ordering::Acquire) == 0 {
        return Vec::new();
    }
    let mut forms: Vec<Arc<MaskedForms>> = Vec::new();
    for one in &registry().secrets {
        if !forms.iter().any(|known| Arc::ptr_eq(known, &one.forms)) {
            forms.push(one.forms.clone());
        }
    }
    forms
}

/// A text with every secret in it masked.
pub fn masked(text: &str) -> Cow<'_, str> {
    let forms = all_forms();
    let found = find_secrets(&forms, text.as_bytes());
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let shown = mask_ranges(text.as_bytes(), 0, &found);
    Cow::Owned(String::from_utf8_lossy(&shown).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn a_secret_is_masked_while_a_copy_exists() {
        let secret = Secret::new("known-value-4711");
        let (copy, equal) = (secret.clone(), Secret::new("known-value-4711"));
        let text = "a known-value-4711b known-value-4711";
        drop((secret, equal));
        assert_eq!(masked(text), "a ***b ***");
        drop(copy);
        let knows = |one: &RegisteredSecret| one.forms.has(b"known-value-4711");
        // A test that runs at the same time may retain all secrets.
        if registry().retentions == 0 {
            assert!(!registry().secrets.iter().any(knows));
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn a_dropped_secret_is_masked_while_something_runs() {
        let retention = SecretRetention::begin();
        drop(Secret::new("kept-value-4711"));
        assert_eq!(masked("kept-value-4711"), "***");
        drop(retention);
    }

    #[test]
    fn a_short_secret_is_not_masked() {
        let _secret = Secret::new("abc");
        assert_eq!(masked("abc"), "abc");
    }

    #[test]
    fn overlapping_secrets_leave_nothing_of_either() {
        let _both = [
            Secret::new("outer-inner-value"),
            Secret::new("inner-value-x"),
        ];
        assert_eq!(masked("<outer-inner-value-x>"), "<***>");
    }
}
