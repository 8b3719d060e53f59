//! What the jobs of a run share, by keys.

use std::any::{Any, TypeId};
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

/// The name of a value in a [`Space`], with its type. Made once, as a constant:
///
/// ```
/// use ploy::action::Space;
/// use ploy::Key;
///
/// const RELEASES: Key<Vec<String>> = Key::new("releases");
///
/// let space = Space::new();
/// space.update(RELEASES, |releases| releases.push("v1".to_owned()));
/// assert_eq!(space.get(RELEASES), Some(vec!["v1".to_owned()]));
/// ```
///
/// Keys of one name and different types are different keys.
pub struct Key<T> {
    name: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T: Send + 'static> Key<T> {
    /// A key of this name.
    pub const fn new(name: &'static str) -> Self {
        Key {
            name,
            value: PhantomData,
        }
    }

    fn id(self) -> (TypeId, &'static str) {
        (TypeId::of::<T>(), self.name)
    }
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

impl<T> fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.name).finish()
    }
}

type Values = HashMap<(TypeId, &'static str), Box<dyn Any + Send>>;

/// Values that actions share, safe from parallel ones: one space for a run, and one for each site
/// in it.
///
/// A value is copied out or changed in place by a function; nothing that is handed out keeps the
/// space locked, so none can be locked across an `await`.
#[derive(Clone, Default)]
pub struct Space(Arc<Mutex<Values>>);

thread_local! {
    /// Whether this thread is inside a space: then the function it was given must not use another.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Notes that the thread has left the space, also when the function it was given panics.
struct Leave;

impl Drop for Leave {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

impl Space {
    /// An empty space.
    pub fn new() -> Self {
        Space::default()
    }

    /// Sets a value, and returns the one that was there.
    pub fn set<T: Send + 'static>(&self, key: Key<T>, value: T) -> Option<T> {
        let old = self.with(|values| values.insert(key.id(), Box::new(value)));
        old.and_then(unboxed)
    }

    /// A copy of a value, if there is one.
    pub fn get<T: Clone + Send + 'static>(&self, key: Key<T>) -> Option<T> {
        self.with(|values| {
            let value = values.get(&key.id())?;
            value.downcast_ref::<T>().cloned()
        })
    }

    /// Takes a value out, if there is one.
    pub fn take<T: Send + 'static>(&self, key: Key<T>) -> Option<T> {
        self.with(|values| values.remove(&key.id()))
            .and_then(unboxed)
    }

    /// Changes a value in place, atomically: nobody sees it in between. One that is not there
    /// begins as the type's default; for a type that has none, the value can be an `Option`.
    ///
    /// Returns what the function returns. If that panics, the value stays as the function left it.
    ///
    /// # Panics
    ///
    /// If the function uses a space itself.
    pub fn update<T: Default + Send + 'static, R>(
        &self,
        key: Key<T>,
        change: impl FnOnce(&mut T) -> R,
    ) -> R {
        self.with(|values| {
            let value = values
                .entry(key.id())
                .or_insert_with(|| Box::<T>::default());
            match value.downcast_mut::<T>() {
                Some(value) => change(value),
                // The type is part of the key, so this does not happen.
                None => change(&mut T::default()),
            }
        })
    }

    fn with<R>(&self, work: impl FnOnce(&mut Values) -> R) -> R {
        assert!(
            !INSIDE.get(),
            "a space cannot be used inside a function that is changing one"
        );
        INSIDE.set(true);
        let leave = Leave;
        // A panic of a user's function leaves the map whole.
        let result = work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        drop(leave);
        result
    }
}

fn unboxed<T: 'static>(value: Box<dyn Any + Send>) -> Option<T> {
    value.downcast::<T>().ok().map(|value| *value)
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values may be secret; names are not.
        let mut names: Vec<&str> =
            self.with(|values| values.keys().map(|(_, name)| *name).collect());
        names.sort_unstable();
        f.debug_tuple("Space").field(&names).finish()
    }
}

/// The spaces of a run.
#[derive(Debug, Default)]
pub(crate) struct Spaces {
    batch: Space,
    sites: Mutex<HashMap<String, Space>>,
}

impl Spaces {
    pub(crate) fn batch(&self) -> &Space {
        &self.batch
    }

    pub(crate) fn site(&self, name: &str) -> Space {
        // The map is whole between any two operations on it.
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        match sites.get(name) {
            Some(space) => space.clone(),
            None => sites.entry(name.to_owned()).or_default().clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNT: Key<u32> = Key::new("count");
    const NAME: Key<String> = Key::new("count");

    #[test]
    fn a_key_is_a_name_and_a_type() {
        let space = Space::new();
        assert_eq!(space.set(COUNT, 1), None);
        assert_eq!(space.set(NAME, "one".to_owned()), None);
        assert_eq!(space.set(COUNT, 2), Some(1));
        assert_eq!(
            (space.get(COUNT), space.take(NAME)),
            (Some(2), Some("one".to_owned()))
        );
        assert_eq!(space.get(NAME), None);
        assert_eq!(format!("{space:?}"), "Space([\"count\"])");
    }

    #[test]
    fn updates_of_many_threads_are_all_there() {
        let space = Space::new();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..1000).for_each(|_| space.update(COUNT, |count| *count += 1)));
            }
        });
        assert_eq!(space.get(COUNT), Some(8000));
    }

    #[test]
    fn a_space_inside_a_space_is_told_and_not_waited_for() {
        let space = Space::new();
        let inner = space.clone();
        let nested = std::panic::catch_unwind(|| space.update(COUNT, |_| inner.get(COUNT)));
        assert!(nested.is_err());
        assert_eq!(space.update(COUNT, |count| *count + 1), 1);
    }

    #[test]
    fn sites_have_spaces_of_their_own() {
        let spaces = Spaces::default();
        spaces.site("web1").set(COUNT, 1);
        assert_eq!(spaces.site("web1").get(COUNT), Some(1));
        assert_eq!(
            (spaces.site("web2").get(COUNT), spaces.batch().get(COUNT)),
            (None, None)
        );
    }
}
