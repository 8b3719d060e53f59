//! A lock of one run.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::SyncClient;
use super::ask::Caller;
use super::request::{Ask, Primitive, Ticket};
use crate::error::Failure;
use crate::event::ActionId;

/// A lock of the run: one action has it at a time, and who asked first gets it first.
///
/// What an action has is released when the action ends, whatever became of its guard.
#[derive(Clone, Debug)]
pub struct Lock(Caller);

impl Lock {
    pub(crate) fn new(client: Arc<dyn SyncClient>, action: ActionId, name: &str) -> Self {
        Lock(Caller::new(client, action, Primitive::Lock, name))
    }

    /// Waits until this action has the lock. While it waits, its place to run goes to others.
    ///
    /// # Errors
    ///
    /// With [`Kind::Deadlock`](crate::error::Kind::Deadlock) if all that runs has waited for five
    /// seconds and nothing else can start, if the action has the lock already or waits for it
    /// already, or if whoever has it waits, perhaps through others, for a lock that this action
    /// has; with [`Kind::Cancelled`](crate::error::Kind::Cancelled) if it had to wait and the run
    /// is cancelled; with [`Kind::Usage`](crate::error::Kind::Usage) if the name is empty.
    #[track_caller]
    pub fn acquire(&self) -> impl Future<Output = Result<LockGuard, Failure>> + Send + use<> {
        let at = Location::caller();
        let caller = self.0.clone();
        async move {
            let lock = caller.subject.name.clone();
            let asked = caller.clone().ask(|ticket, reply| Ask::Acquire {
                lock,
                ticket,
                reply,
            });
            let ((), ticket) = asked.await.map_err(|failure| failure.at(at))?;
            Ok(LockGuard { caller, ticket })
        }
    }

    /// Takes the lock if nobody has it. `None` if somebody has, this action included.
    ///
    /// # Errors
    ///
    /// With [`Kind::Usage`](crate::error::Kind::Usage) if the name is empty, and with
    /// [`Kind::Cancelled`](crate::error::Kind::Cancelled) if the run is over.
    #[track_caller]
    pub fn try_acquire(
        &self,
    ) -> impl Future<Output = Result<Option<LockGuard>, Failure>> + Send + use<> {
        let at = Location::caller();
        let caller = self.0.clone();
        async move {
            let lock = caller.subject.name.clone();
            let asked = caller.clone().ask(|ticket, reply| Ask::TryAcquire {
                lock,
                ticket,
                reply,
            });
            let (granted, ticket) = asked.await.map_err(|failure| failure.at(at))?;
            Ok(granted.then(|| LockGuard { caller, ticket }))
        }
    }

    /// Who has the lock, such as `upload on web1`; `None` if nobody has.
    pub async fn owner(&self) -> Option<String> {
        let lock = self.0.subject.name.clone();
        self.0
            .query(|reply| Ask::Owner { lock, reply })
            .await
            .flatten()
    }
}

/// That the action has the lock. Dropped, it releases it.
#[must_use = "the lock is released when its guard is dropped"]
pub struct LockGuard {
    caller: Caller,
    ticket: Ticket,
}

impl LockGuard {
    /// Releases the lock: the same as dropping the guard, said aloud.
    pub fn release(self) {}
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        self.caller.withdraw(self.ticket, None);
    }
}

impl fmt::Debug for LockGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LockGuard({:?})", self.caller)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, Hand, label, now};
    use super::*;
    use crate::error::Kind;

    fn cause(failure: &Failure) -> String {
        assert_eq!(failure.kind(), Kind::Deadlock);
        failure.detail().to_string()
    }

    #[test]
    fn who_asked_first_gets_it_first() {
        let bench = Bench::new();
        let first = now(bench.lock(1, "a").acquire()).unwrap();
        assert_eq!(bench.resumed(), 0);
        let mut second = Hand::begin(bench.lock(2, "a").acquire());
        let mut third = Hand::begin(bench.lock(3, "a").acquire());
        let changes: Vec<_> = bench.table().take_changes().collect();
        assert_eq!(changes, [(ActionId(2), true), (ActionId(3), true)]);
        drop(first);
        assert!(third.poll().is_none());
        let second = second.end().unwrap();
        assert_eq!(bench.resumed(), 1);
        assert!(!bench.table().is_waiting(ActionId(2)) && bench.table().is_waiting(ActionId(3)));
        assert_eq!(now(bench.lock(1, "a").owner()), Some(label(2)));
        second.release();
        let third = third.end().unwrap();
        let changes: Vec<_> = bench.table().take_changes().collect();
        assert_eq!(changes, [(ActionId(2), false), (ActionId(3), false)]);
        drop(third);
        assert_eq!(now(bench.lock(1, "a").owner()), None);
        for action in 1..=3 {
            bench.table().end_action(ActionId(action));
        }
        assert!(bench.table().is_quiet());
    }

    #[test]
    fn to_try_does_not_wait() {
        let bench = Bench::new();
        let guard = now(bench.lock(1, "a").try_acquire()).unwrap().unwrap();
        assert!(now(bench.lock(1, "a").try_acquire()).unwrap().is_none());
        assert!(now(bench.lock(2, "a").try_acquire()).unwrap().is_none());
        assert_eq!(now(bench.lock(2, "a").owner()), Some(label(1)));
        drop(guard);
        assert!(now(bench.lock(2, "a").try_acquire()).unwrap().is_some());
        assert_eq!(now(bench.lock(2, "a").owner()), None);
    }

    #[test]
    fn a_wait_that_is_dropped_leaves_the_line_and_a_grant_on_its_way_is_released() {
        let bench = Bench::new();
        let first = now(bench.lock(1, "a").acquire()).unwrap();
        let second = Hand::begin(bench.lock(2, "a").acquire());
        let third = Hand::begin(bench.lock(3, "a").acquire());
        let mut fourth = Hand::begin(bench.lock(4, "a").acquire());
        drop(second);
        drop(first);
        assert_eq!(now(bench.lock(1, "a").owner()), Some(label(3)));
        assert!(fourth.poll().is_none());
        drop(third);
        drop(fourth.end().unwrap());
        assert_eq!(now(bench.lock(1, "a").owner()), None);
    }

    #[test]
    fn circles_do_not_close() {
        let bench = Bench::new();
        let _a = now(bench.lock(1, "a").acquire()).unwrap();
        let line = line!() + 1;
        let failure = now(bench.lock(1, "a").acquire()).unwrap_err();
        assert_eq!(failure.to_string(), "cannot wait for the lock `a`");
        assert_eq!(failure.detail().at().unwrap().line(), line);
        assert_eq!(
            cause(&failure),
            "upload on web1 waits for the lock `a`, which it has itself"
        );

        let b = now(bench.lock(2, "b").acquire()).unwrap();
        let mut two = Hand::begin(bench.lock(2, "a").acquire());
        let failure = now(bench.lock(1, "b").acquire()).unwrap_err();
        assert_eq!(
            cause(&failure),
            "upload on web1 waits for the lock `b`, which backup on web2 has; \
             backup on web2 waits for the lock `a`, which upload on web1 has"
        );

        let _c = now(bench.lock(3, "c").acquire()).unwrap();
        let _three = Hand::begin(bench.lock(3, "b").acquire());
        let failure = now(bench.lock(1, "c").acquire()).unwrap_err();
        assert_eq!(
            cause(&failure),
            "upload on web1 waits for the lock `c`, which check on web3 has; \
             check on web3 waits for the lock `b`, which backup on web2 has; \
             backup on web2 waits for the lock `a`, which upload on web1 has"
        );
        let failure = now(bench.lock(3, "b").acquire()).unwrap_err();
        assert_eq!(
            cause(&failure),
            "check on web3 waits for the lock `b` already, and would wait for itself"
        );
        // The others go on.
        bench.table().end_action(ActionId(1));
        drop(b);
        assert!(two.end().is_ok());
    }

    #[test]
    fn an_action_that_ends_releases_and_withdraws() {
        let bench = Bench::new();
        let guard = now(bench.lock(1, "a").acquire()).unwrap();
        let mut gone = Hand::begin(bench.lock(2, "a").acquire());
        let mut next = Hand::begin(bench.lock(3, "a").acquire());
        bench.table().end_action(ActionId(2));
        assert_eq!(gone.end().unwrap_err().kind(), Kind::Cancelled);
        bench.table().end_action(ActionId(1));
        let _next = next.end().unwrap();
        // A guard that outlived its action has no power any more.
        drop(guard);
        assert_eq!(now(bench.lock(1, "a").owner()), Some(label(3)));
        let changes: Vec<_> = bench.table().take_changes().collect();
        assert_eq!(changes, []);
    }

    #[test]
    fn a_name_is_needed() {
        let bench = Bench::new();
        let failure = now(bench.lock(1, "").acquire()).unwrap_err();
        assert_eq!(failure.to_string(), "a lock needs a name");
        assert_eq!(failure.kind(), Kind::Usage);
        assert_eq!(now(bench.lock(1, "").owner()), None);
    }

    #[test]
    fn the_end_of_the_run_ends_waits() {
        struct Deaf;
        impl SyncClient for Deaf {
            fn send(&self, _: ActionId, _: super::super::Request) {}
            fn resume(&self, _: ActionId) -> tokio::sync::oneshot::Receiver<()> {
                tokio::sync::oneshot::channel().1
            }
        }
        let lock = Lock::new(Arc::new(Deaf), ActionId(1), "a");
        assert_eq!(now(lock.acquire()).unwrap_err().kind(), Kind::Cancelled);
        assert_eq!(now(lock.owner()), None);
    }
}
