//! All secrets of this program, so that none of them is shown.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::forms::Forms;
use crate::secret::Secret;
use crate::secret::secret::Value;

/// What is shown instead.
pub(crate) const STARS: &[u8] = b"***";

/// The secrets that are there, and all that they look like.
static KNOWN: Mutex<Registry> = Mutex::new(Registry {
    all: Vec::new(),
    runs: 0,
});

/// How many there are, so that whoever has none pays nothing.
static COUNT: AtomicUsize = AtomicUsize::new(0);

struct Registry {
    all: Vec<Known>,
    /// How many runs there are.
    runs: u32,
}

struct Known {
    value: Weak<Value>,
    /// The same, while something runs that may still tell of it.
    kept: Option<Arc<Value>>,
    forms: Arc<Forms>,
}

fn registry() -> MutexGuard<'static, Registry> {
    // Nothing in here panics between two changes that belong together.
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// While this is there, all secrets stay known, also when their last copy is gone: an error may be told that has one.
pub(crate) struct Keeping(());

impl Keeping {
    pub(crate) fn begin() -> Self {
        let mut registry = registry();
        registry.runs += 1;
        for one in &mut registry.all {
            one.kept = one.value.upgrade();
        }
        Keeping(())
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        let mut registry = registry();
        registry.runs -= 1;
        let mut last = Vec::new();
        if registry.runs == 0 {
            last.extend(registry.all.iter_mut().filter_map(|one| one.kept.take()));
        }
        drop(registry);
        // The end of a value is noted in the registry.
        drop(last);
    }
}

/// Has the value masked from now on, as long as there is a copy of it.
pub(crate) fn register(secret: &Secret) {
    if !secret.is_maskable() {
        return;
    }
    let mut registry = registry();
    let same = registry.all.iter().find_map(|one| {
        let value = one.value.upgrade()?;
        (value.0 == secret.0.0).then(|| one.forms.clone())
    });
    let kept = (registry.runs > 0).then(|| secret.0.clone());
    registry.all.push(Known {
        value: Arc::downgrade(&secret.0),
        kept,
        forms: same.unwrap_or_else(|| Arc::new(Forms::of(secret.expose()))),
    });
    COUNT.store(registry.all.len(), Ordering::Release);
}

/// Forgets what is not there any more.
pub(crate) fn forget() {
    let mut registry = registry();
    let (there, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut registry.all)
        .into_iter()
        .partition(|one| one.value.strong_count() > 0);
    registry.all = there;
    COUNT.store(registry.all.len(), Ordering::Release);
    drop(registry);
    drop(gone);
}

/// All that secrets look like now.
pub(crate) fn all_forms() -> Vec<Arc<Forms>> {
    if COUNT.load(Ordering::Acquire) == 0 {
        return Vec::new();
    }
    let mut forms: Vec<Arc<Forms>> = Vec::new();
    for one in &registry().all {
        if !forms.iter().any(|known| Arc::ptr_eq(known, &one.forms)) {
            forms.push(one.forms.clone());
        }
    }
    forms
}

/// A text without any secret in it.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let forms = all_forms();
    let places = super::matches::places(&forms, text.as_bytes());
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let shown = super::matches::starred(text.as_bytes(), 0, &places);
    Cow::Owned(String::from_utf8_lossy(&shown).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_as_long_as_it_is_there() {
        let secret = Secret::new("known-value-4711");
        let (copy, equal) = (secret.clone(), Secret::new("known-value-4711"));
        let text = "a known-value-4711b known-value-4711";
        drop((secret, equal));
        assert_eq!(masked(text), "a ***b ***");
        drop(copy);
        let knows = |one: &Known| one.forms.has(b"known-value-4711");
        // Another test may keep all that is there.
        if registry().runs == 0 {
            assert!(!registry().all.iter().any(knows));
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn it_is_kept_while_something_runs() {
        let keeping = Keeping::begin();
        drop(Secret::new("kept-value-4711"));
        assert_eq!(masked("kept-value-4711"), "***");
        drop(keeping);
    }

    #[test]
    fn a_short_one_is_not() {
        let _secret = Secret::new("abc");
        assert_eq!(masked("abc"), "abc");
    }

    #[test]
    fn one_in_another_leaves_nothing_of_either() {
        let _both = [
            Secret::new("outer-inner-value"),
            Secret::new("inner-value-x"),
        ];
        assert_eq!(masked("<outer-inner-value-x>"), "<***>");
    }
}
