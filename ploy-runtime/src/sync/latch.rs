//! A latch: it opens once.

use std::panic::Location;
use std::sync::Arc;

use super::SyncClient;
use super::ask::Caller;
use super::request::{Ask, Primitive};
use crate::error::Failure;
use crate::event::ActionId;

/// Something that happens once in a run, and that actions wait for. It is remembered: who comes
/// later does not wait.
#[derive(Clone, Debug)]
pub struct Latch(Caller);

impl Latch {
    pub(crate) fn new(client: Arc<dyn SyncClient>, action: ActionId, name: &str) -> Self {
        Latch(Caller::new(client, action, Primitive::Latch, name))
    }

    /// Says that it has happened. To say it again changes nothing.
    pub fn fire(&self) {
        let latch = self.0.subject.name.clone();
        self.0.tell(Ask::Fire { latch });
    }

    /// Waits until it has happened. While the action waits, its place to run goes to others.
    ///
    /// # Errors
    ///
    /// With [`Kind::Cancelled`](crate::error::Kind::Cancelled) if it had to wait and the run is
    /// cancelled; with [`Kind::Deadlock`](crate::error::Kind::Deadlock) if all that runs waits, and
    /// so nobody is left who could fire it; with [`Kind::Usage`](crate::error::Kind::Usage) if the
    /// name is empty.
    #[track_caller]
    pub fn wait(&self) -> impl Future<Output = Result<(), Failure>> + Send + use<> {
        let at = Location::caller();
        let caller = self.0.clone();
        async move {
            let latch = caller.subject.name.clone();
            let asked = caller.ask(|ticket, reply| Ask::WaitLatch {
                latch,
                ticket,
                reply,
            });
            let ((), _) = asked.await.map_err(|failure| failure.at(at))?;
            Ok(())
        }
    }

    /// Whether it has happened.
    pub async fn is_fired(&self) -> bool {
        let latch = self.0.subject.name.clone();
        self.0
            .query(|reply| Ask::IsFired { latch, reply })
            .await
            .unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, Hand, now};
    use crate::event::ActionId;

    #[test]
    fn who_comes_before_waits_and_who_comes_later_does_not() {
        let bench = Bench::new();
        let mut before = Hand::begin(bench.latch(1, "up").wait());
        let dropped = Hand::begin(bench.latch(2, "up").wait());
        drop(dropped);
        assert!(!bench.table().is_waiting(ActionId(2)));
        assert!(!now(bench.latch(3, "up").is_fired()));
        bench.latch(3, "up").fire();
        bench.latch(3, "up").fire();
        before.end().unwrap();
        assert_eq!(bench.resumed(), 1);
        now(bench.latch(4, "up").wait()).unwrap();
        assert_eq!(bench.resumed(), 1);
        for action in 1..=4 {
            bench.table().end_action(ActionId(action));
        }
        assert!(now(bench.latch(5, "up").is_fired()));
    }
}
