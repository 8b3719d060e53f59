//! A queue of one run.

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use super::SyncClient;
use super::ask::Caller;
use super::request::{Ask, Primitive, QueuedValue, Shape};
use crate::error::Failure;
use crate::event::ActionId;

/// A queue of the run: values that one action hands to another, each to exactly one, in the order
/// in which they came.
///
/// The first use of a name fixes the type and the capacity for the whole run.
pub struct Queue<T> {
    caller: Caller,
    shape: Shape,
    // It neither has a `T` nor borrows one: it is as free to be sent and shared as if it had none.
    values: PhantomData<fn(T) -> T>,
}

impl<T: Send + 'static> Queue<T> {
    pub(crate) fn new(
        client: Arc<dyn SyncClient>,
        action: ActionId,
        name: &str,
        capacity: usize,
    ) -> Self {
        Queue {
            caller: Caller::new(client, action, Primitive::Queue, name),
            shape: Shape::new::<T>(capacity),
            values: PhantomData,
        }
    }

    /// Puts a value at the end of the queue. Waits while the queue is full; its place to run then
    /// goes to others.
    ///
    /// Dropped while it waits, the value is dropped with it; it may be in the queue already if it
    /// was just let in.
    ///
    /// # Errors
    ///
    /// With [`Kind::Usage`](crate::error::Kind::Usage) if the queue is closed, now or while this
    /// waits, if its first use was with another type or capacity, if the capacity is 0, or if the
    /// name is empty; with [`Kind::Cancelled`](crate::error::Kind::Cancelled) if it had to wait and
    /// the run is cancelled; with [`Kind::Deadlock`](crate::error::Kind::Deadlock) if all that runs
    /// waits, and so nobody is left who could take a value.
    #[track_caller]
    pub fn push(&self, value: T) -> impl Future<Output = Result<(), Failure>> + Send + use<T> {
        let at = Location::caller();
        let caller = self.caller.clone();
        let shape = self.shape;
        async move {
            let queue = caller.subject.name.clone();
            let asked = caller.ask(|ticket, reply| Ask::Push {
                queue,
                shape,
                value: Box::new(value),
                ticket,
                reply,
            });
            let ((), _) = asked.await.map_err(|failure| failure.at(at))?;
            Ok(())
        }
    }

    /// Takes the first value. Waits while there is none, and its place to run then goes to others;
    /// `None` if there is none and the queue is closed.
    ///
    /// It may be dropped at any time: a value that was on its way goes back to where it was, for
    /// the next to take. If the queue is closed, others may have been told in between that it is
    /// empty.
    ///
    /// # Errors
    ///
    /// As [`push`](Queue::push), but a closed queue is none.
    #[track_caller]
    pub fn pop(&self) -> impl Future<Output = Result<Option<T>, Failure>> + Send + use<T> {
        let at = Location::caller();
        let caller = self.caller.clone();
        let shape = self.shape;
        async move {
            let queue = caller.subject.name.clone();
            let asked = caller.ask(|ticket, reply| Ask::Pop {
                queue,
                shape,
                ticket,
                reply,
            });
            let (parcel, _) = asked.await.map_err(|failure| failure.at(at))?;
            Ok(parcel.map(unpack))
        }
    }

    /// Lets no more values in: what waits to be let in fails, and once the queue is empty,
    /// [`pop`](Queue::pop) says so. To close it again changes nothing.
    pub fn close(&self) {
        let queue = self.caller.subject.name.clone();
        let shape = self.shape;
        self.caller.tell(Ask::Close { queue, shape });
    }
}

fn unpack<T: 'static>(parcel: QueuedValue) -> T {
    match parcel.value.downcast::<T>() {
        Ok(value) => *value,
        // The table answers only who asks with the type of the queue, and lets only values of that
        // type in.
        Err(_) => unreachable!("a queue has values of one type"),
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Queue {
            caller: self.caller.clone(),
            shape: self.shape,
            values: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Queue({:?} of {})", self.caller, self.shape)
    }
}

#[cfg(test)]
mod tests {
    use crate::event::ActionId;
    use std::time::Duration;

    use super::super::testing::{Bench, Hand, now};
    use crate::error::Kind;

    #[test]
    fn it_is_bounded_and_fair() {
        let bench = Bench::new();
        let queue = bench.queue::<u32>(1, "q", 1);
        now(queue.push(1)).unwrap();
        let mut second = Hand::begin(bench.queue::<u32>(2, "q", 1).push(2));
        let mut third = Hand::begin(bench.queue::<u32>(3, "q", 1).push(3));
        assert_eq!(now(queue.pop()).unwrap(), Some(1));
        second.end().unwrap();
        assert!(third.poll().is_none());
        assert_eq!(now(queue.pop()).unwrap(), Some(2));
        third.end().unwrap();
        assert_eq!(now(queue.pop()).unwrap(), Some(3));
        let mut one = Hand::begin(bench.queue::<u32>(4, "q", 1).pop());
        let mut two = Hand::begin(bench.queue::<u32>(5, "q", 1).pop());
        now(queue.push(4)).unwrap();
        assert!(two.poll().is_none());
        now(queue.push(5)).unwrap();
        assert_eq!(two.end().unwrap(), Some(5));
        assert_eq!(one.end().unwrap(), Some(4));
    }

    #[test]
    fn values_that_were_not_taken_go_back_where_they_were() {
        let bench = Bench::new();
        let queue = bench.queue::<&str>(1, "q", 2);
        let one = Hand::begin(queue.pop());
        let two = Hand::begin(queue.pop());
        for value in ["a", "b", "c"] {
            now(queue.push(value)).unwrap();
        }
        drop(one);
        drop(two);
        for value in ["a", "b", "c"] {
            assert_eq!(now(queue.pop()).unwrap(), Some(value));
        }
        // The next who waits gets it, also after the action that did not take it has ended.
        let lost = Hand::begin(queue.pop());
        let mut next = Hand::begin(bench.queue::<&str>(2, "q", 2).pop());
        now(queue.push("d")).unwrap();
        bench.table().end_action(ActionId(1));
        drop(lost);
        assert_eq!(next.end().unwrap(), Some("d"));
    }

    #[test]
    fn closed_it_gives_what_is_left_and_takes_nothing() {
        let bench = Bench::new();
        let queue = bench.queue::<u32>(1, "q", 1);
        now(queue.push(1)).unwrap();
        let mut late = Hand::begin(queue.push(2));
        queue.close();
        queue.close();
        for failure in [late.end(), now(queue.push(3))].map(Result::unwrap_err) {
            assert_eq!(failure.to_string(), "cannot push into the queue `q`");
            assert_eq!(failure.kind(), Kind::Usage);
        }
        assert_eq!(now(queue.pop()).unwrap(), Some(1));
        assert_eq!(now(queue.pop()).unwrap(), None);
        let other = bench.queue::<u32>(1, "other", 1);
        let mut waits = Hand::begin(other.pop());
        other.close();
        assert_eq!(waits.end().unwrap(), None);
    }

    #[test]
    fn the_first_use_fixes_type_and_capacity() {
        let bench = Bench::new();
        let zero = now(bench.queue::<u32>(1, "q", 0).pop()).unwrap_err();
        assert_eq!(
            zero.detail().to_string(),
            "its capacity is 0, and it needs at least 1"
        );
        now(bench.queue::<u32>(1, "q", 3).push(7)).unwrap();
        let failure = now(bench.queue::<bool>(2, "q", 4).pop()).unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage);
        assert_eq!(
            failure.detail().to_string(),
            "it is a queue of u32 with a capacity of 3, and here one of bool with a capacity of 4 is asked for"
        );
        assert!(now(bench.queue::<u32>(2, "q", 4).push(7)).is_err());
        assert_eq!(now(bench.queue::<u32>(2, "q", 3).pop()).unwrap(), Some(7));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn producers_and_consumers_lose_nothing() {
        const EACH: u32 = 400;
        let bench = Bench::new();
        let mut producers = tokio::task::JoinSet::new();
        for producer in 0..4 {
            let queue = bench.queue::<u32>(producer, "q", 3);
            producers.spawn(async move {
                for value in 0..EACH {
                    queue.push(producer * EACH + value).await.unwrap();
                    if value % 7 == 0 {
                        tokio::task::yield_now().await;
                    }
                }
            });
        }
        let mut consumers = tokio::task::JoinSet::new();
        for consumer in 10..14 {
            let queue = bench.queue::<u32>(consumer, "q", 3);
            consumers.spawn(async move {
                let mut taken = Vec::new();
                loop {
                    // Dropped as soon as it does not come at once: often while the value is on its
                    // way.
                    let pop = tokio::time::timeout(Duration::ZERO, queue.pop());
                    match pop.await {
                        Ok(Ok(Some(value))) => taken.push(value),
                        Ok(Ok(None)) => return taken,
                        Ok(Err(failure)) => panic!("{failure:?}"),
                        Err(_) => tokio::task::yield_now().await,
                    }
                }
            });
        }
        while producers.join_next().await.transpose().unwrap().is_some() {}
        bench.queue::<u32>(0, "q", 3).close();
        let mut all = Vec::new();
        while let Some(taken) = consumers.join_next().await {
            all.extend(taken.unwrap());
        }
        // One that was on its way when another consumer saw the end.
        let queue = bench.queue::<u32>(0, "q", 3);
        while let Some(value) = queue.pop().await.unwrap() {
            all.push(value);
        }
        all.sort_unstable();
        assert_eq!(all, (0..4 * EACH).collect::<Vec<_>>());
    }
}
