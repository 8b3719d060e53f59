//! Where the sites that run a job wait for each other.

use std::panic::Location;
use std::sync::Arc;

use super::ask::Caller;
use super::passed::Passed;
use super::request::{Ask, Primitive};
use super::sync_client::SyncClient;
use crate::error::Failure;
use crate::event::ActionId;

/// Where the sites that run a job wait for each other, before they all go on.
///
/// It is shared by the tasks of one job invocation: the sites that really run it, in this group of
/// a rolling stage. A site whose task has ended, or was skipped, is not waited for. After it has
/// opened it can be used again: an action that waits for the n-th time meets the others that wait
/// for the n-th time.
#[derive(Clone, Debug)]
pub struct Barrier(Caller);

impl Barrier {
    pub(crate) fn new(client: Arc<dyn SyncClient>, action: ActionId, name: &str) -> Self {
        Barrier(Caller::new(client, action, Primitive::Barrier, name))
    }

    /// Waits until every site that still runs the job is here. While the action waits, its place to
    /// run goes to others.
    ///
    /// # Errors
    ///
    /// With [`Kind::Usage`](crate::error::Kind::Usage) in work that belongs to no task, in atomic
    /// mode if there is more than one site, and if the name is empty; with
    /// [`Kind::Cancelled`](crate::error::Kind::Cancelled) if it had to wait and the run is
    /// cancelled; with [`Kind::Deadlock`](crate::error::Kind::Deadlock) if all that runs waits, and
    /// so nobody is left who could come.
    #[track_caller]
    pub fn wait(&self) -> impl Future<Output = Result<Passed, Failure>> + Send + use<> {
        let at = Location::caller();
        let caller = self.0.clone();
        async move {
            let barrier = caller.subject.name.clone();
            let asked = caller.ask(|ticket, reply| Ask::Arrive {
                barrier,
                ticket,
                reply,
            });
            let (passed, _) = asked.await.map_err(|failure| failure.at(at))?;
            Ok(passed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Scope;
    use super::super::testing::{Bench, Hand, now};
    use super::*;
    use crate::error::Kind;
    use crate::event::{ActionId, StageId};

    /// Actions 1 to 3 are the tasks 1 to 3; action 10 + n is another of task n.
    fn bench() -> Arc<Bench> {
        let bench = Bench::new();
        for task in 1..=3 {
            for action in [task, 10 + task] {
                bench.place(action, scope(task, 3));
            }
        }
        bench
    }

    fn scope(task: u32, width_open: u32) -> Scope {
        Scope {
            stage: StageId(1),
            job: 1,
            group: 0,
            task,
            width: 3,
            width_open,
            exclusive: false,
        }
    }

    fn passed(sites: u32) -> Passed {
        let missing = 3 - sites;
        Passed { sites, missing }
    }

    #[test]
    fn it_opens_when_all_are_here_and_again() {
        let bench = bench();
        for _ in 0..3 {
            let mut one = Hand::begin(bench.barrier(1, "b").wait());
            let mut two = Hand::begin(bench.barrier(2, "b").wait());
            assert_eq!(now(bench.barrier(3, "b").wait()).unwrap(), passed(3));
            assert_eq!(one.end().unwrap(), passed(3));
            assert_eq!(two.end().unwrap(), passed(3));
        }
        assert_eq!(bench.resumed(), 6);
        for (task, left) in [(1, 2), (2, 1), (3, 0)] {
            bench.table().end_action(ActionId(task));
            bench.table().end_task(StageId(1), 1, 0, task, left);
        }
        assert!(bench.table().is_quiet());
    }

    #[test]
    fn who_ends_is_not_waited_for() {
        let bench = bench();
        let mut one = Hand::begin(bench.barrier(1, "b").wait());
        let mut two = Hand::begin(bench.barrier(2, "b").wait());
        // Another group and another name are other barriers.
        bench.place(
            9,
            Scope {
                group: 1,
                ..scope(9, 3)
            },
        );
        let mut other_group = Hand::begin(bench.barrier(9, "b").wait());
        bench.table().end_task(StageId(1), 1, 0, 3, 2);
        assert_eq!(one.end().unwrap(), passed(2));
        assert_eq!(two.end().unwrap(), passed(2));
        assert!(other_group.poll().is_none());

        bench.place(1, scope(1, 2));
        let mut again = Hand::begin(bench.barrier(1, "b").wait());
        bench.table().end_action(ActionId(2));
        bench.table().end_task(StageId(1), 1, 0, 2, 1);
        assert_eq!(again.end().unwrap().sites(), 1);
        bench.place(1, scope(1, 1));
        assert_eq!(now(bench.barrier(1, "b").wait()).unwrap().missing(), 2);
    }

    #[test]
    fn who_leaves_is_not_here() {
        let bench = bench();
        let dropped = Hand::begin(bench.barrier(1, "b").wait());
        drop(dropped);
        let mut ended = Hand::begin(bench.barrier(2, "b").wait());
        let mut three = Hand::begin(bench.barrier(3, "b").wait());
        bench.table().end_action(ActionId(2));
        assert_eq!(ended.end().unwrap_err().kind(), Kind::Cancelled);
        let mut one = Hand::begin(bench.barrier(1, "b").wait());
        assert!(three.poll().is_none());
        bench.table().end_task(StageId(1), 1, 0, 2, 2);
        assert_eq!(three.end().unwrap(), passed(2));
        assert_eq!(one.end().unwrap(), passed(2));
    }

    #[test]
    fn actions_of_one_task_count_once_and_all_pass() {
        let bench = bench();
        let mut one = Hand::begin(bench.barrier(1, "b").wait());
        let mut same = Hand::begin(bench.barrier(11, "b").wait());
        let mut two = Hand::begin(bench.barrier(2, "b").wait());
        assert_eq!(now(bench.barrier(3, "b").wait()).unwrap(), passed(3));
        for wait in [&mut one, &mut same, &mut two] {
            assert_eq!(wait.end().unwrap(), passed(3));
        }
        // The other action of a task that was here is late.
        assert_eq!(now(bench.barrier(13, "b").wait()).unwrap(), passed(3));
        let mut next = Hand::begin(bench.barrier(13, "b").wait());
        assert!(next.poll().is_none());
    }

    #[test]
    fn who_was_let_pass_and_did_not_hear_it_passes_when_it_comes_again() {
        let bench = bench();
        let deaf = Hand::begin(bench.barrier(1, "b").wait());
        let mut two = Hand::begin(bench.barrier(2, "b").wait());
        now(bench.barrier(3, "b").wait()).unwrap();
        drop(deaf);
        two.end().unwrap();
        assert_eq!(now(bench.barrier(1, "b").wait()).unwrap(), passed(3));
        let _waits = Hand::begin(bench.barrier(1, "b").wait());
    }

    #[test]
    fn it_is_refused_where_nobody_could_come() {
        let bench = Bench::new();
        let failure = now(bench.barrier(1, "b").wait()).unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage);
        let exclusive = true;
        bench.place(
            1,
            Scope {
                exclusive,
                ..scope(1, 3)
            },
        );
        let failure = now(bench.barrier(1, "b").wait()).unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage);
        assert_eq!(
            failure.detail().to_string(),
            "in atomic mode one task runs at a time, so nobody else could come"
        );
        let width = 1;
        bench.place(
            1,
            Scope {
                exclusive,
                width,
                ..scope(1, 1)
            },
        );
        assert_eq!(now(bench.barrier(1, "b").wait()).unwrap().sites(), 1);
    }
}
