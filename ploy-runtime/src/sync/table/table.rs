//! All that is waited for in a run, and who waits.

use std::collections::BTreeSet;

use super::super::Request;
use super::super::request::{Ask, Primitive, QueuedValue, Subject, Ticket};
use super::barriers::Barriers;
use super::deadlock;
use super::latches::Latches;
use super::line::{Member, Waiter, cancelled};
use super::locks::Locks;
use super::queues::Queues;
use super::tally::{Joined, Tally};
use super::{Requester, Wait};
use crate::error::{Failure, Kind};
use crate::event::WaitTarget;
use crate::event::{ActionId, StageId};

/// All locks, queues, latches and barriers of a run, and who waits for them.
///
/// It is told what actions ask and who has ended, and answers by itself. The order of what it is
/// told is all that decides.
#[derive(Default)]
pub(crate) struct Table {
    locks: Locks,
    queues: Queues,
    latches: Latches,
    barriers: Barriers,
    tally: Tally,
    /// The actions that may have something here.
    known: BTreeSet<ActionId>,
}

impl Table {
    /// Hears a request of an action. `who` is asked only if that matters; none means that the
    /// action has ended: then it gets no answer, and only what it gives back counts.
    pub(crate) fn hear(
        &mut self,
        action: ActionId,
        who: impl FnOnce() -> Option<Requester>,
        request: Request,
    ) {
        let ask = match request.0 {
            Ask::Withdraw {
                subject,
                ticket,
                parcel,
            } => return self.withdraw(&subject, ticket, parcel),
            ask => ask,
        };
        let Some(Requester { label, scope }) = who() else {
            return;
        };
        self.known.insert(action);
        let tally = &mut self.tally;
        let member = |ticket| Member {
            ticket,
            action,
            label,
        };
        match ask {
            Ask::Acquire {
                lock,
                ticket,
                reply,
            } => {
                let waiter = Waiter::new(member(ticket), (), reply);
                self.locks.acquire(tally, lock, waiter);
            }
            Ask::TryAcquire {
                lock,
                ticket,
                reply,
            } => {
                let waiter = Waiter::new(member(ticket), (), reply);
                self.locks.try_acquire(lock, waiter);
            }
            // Who does not listen any more needs no answer.
            Ask::Owner { lock, reply } => drop(reply.send(self.locks.owner(&lock))),
            Ask::Push {
                queue,
                shape,
                value,
                ticket,
                reply,
            } => {
                let waiter = Waiter::new(member(ticket), value, reply);
                self.queues.push(tally, &queue, shape, waiter);
            }
            Ask::Pop {
                queue,
                shape,
                ticket,
                reply,
            } => {
                let waiter = Waiter::new(member(ticket), (), reply);
                self.queues.pop(tally, &queue, shape, waiter);
            }
            Ask::Close { queue, shape } => self.queues.close(tally, &queue, shape),
            Ask::Fire { latch } => self.latches.fire(tally, latch),
            Ask::IsFired { latch, reply } => drop(reply.send(self.latches.is_fired(&latch))),
            Ask::WaitLatch {
                latch,
                ticket,
                reply,
            } => {
                let waiter = Waiter::new(member(ticket), (), reply);
                self.latches.wait(tally, &latch, waiter);
            }
            Ask::Arrive {
                barrier,
                ticket,
                reply,
            } => {
                let waiter = Waiter::new(member(ticket), (), reply);
                self.barriers.arrive(tally, barrier, scope, waiter);
            }
            // Dealt with above.
            Ask::Withdraw { .. } => {}
        }
    }

    fn withdraw(&mut self, subject: &Subject, ticket: Ticket, parcel: Option<QueuedValue>) {
        let Subject { primitive, name } = subject;
        let tally = &mut self.tally;
        match primitive {
            Primitive::Lock => self.locks.withdraw(tally, name, ticket),
            Primitive::Queue => self.queues.withdraw(tally, name, ticket, parcel),
            Primitive::Latch => self.latches.withdraw(tally, name, ticket),
            Primitive::Barrier => self.barriers.withdraw(tally, name, ticket),
        }
    }

    /// An action has ended: what it has is released, and its waits are withdrawn. Nothing is told
    /// of it any more by [`take_changes`](Table::take_changes).
    pub(crate) fn end_action(&mut self, action: ActionId) {
        if !self.known.remove(&action) {
            return;
        }
        let tally = &mut self.tally;
        self.locks.leave(tally, action);
        self.queues.leave(tally, action);
        self.latches.leave(tally, action);
        self.barriers.leave(tally, action);
        tally.forget(action);
    }

    /// A task has ended, or will never run, and `open_left` tasks of its job invocation in its
    /// group have not: the barriers there count it no longer, and open if all the rest is there.
    /// With the last task they are forgotten.
    pub(crate) fn end_task(
        &mut self,
        stage: StageId,
        job: u32,
        group: u32,
        task: u32,
        open_left: u32,
    ) {
        let scope = (stage, job, group);
        self.barriers
            .end_task(&mut self.tally, scope, task, open_left);
    }

    /// Whether the action has a wait that is open.
    pub(crate) fn is_waiting(&self, action: ActionId) -> bool {
        self.tally.is_waiting(action)
    }

    /// The waits that began since this was last asked, as far as they are open.
    pub(crate) fn take_joined(&mut self) -> Vec<Joined> {
        self.tally.take_joined()
    }

    /// How many waits of the action are open.
    pub(crate) fn open_waits(&self, action: ActionId) -> u32 {
        self.tally.open_waits(action)
    }

    /// How many actions have a wait that is open.
    pub(crate) fn waiting(&self) -> usize {
        self.tally.waiting()
    }

    /// Whether there is no barrier at which somebody was, so that the ends of tasks mean nothing
    /// here.
    pub(crate) fn has_no_barrier(&self) -> bool {
        self.barriers.is_empty()
    }

    /// Which actions began to wait (true) or stopped (false) since this was last asked. Who stopped
    /// will ask for its place by [`SyncClient::resume`](super::super::SyncClient::resume), unless
    /// it has dropped its wait: then it goes on at once.
    pub(crate) fn take_changes(&mut self) -> impl Iterator<Item = (ActionId, bool)> + use<> {
        self.tally.take_changes().into_iter()
    }

    /// All waits that are open, the oldest first.
    pub(crate) fn waits(&self) -> Vec<Wait> {
        let mut waits = Vec::new();
        self.locks.list(&mut waits);
        self.queues.list(&mut waits);
        self.latches.list(&mut waits);
        self.barriers.list(&mut waits);
        waits.sort_by_key(|(ticket, _)| *ticket);
        waits.into_iter().map(|(_, wait)| wait).collect()
    }

    /// Ends every wait with a failure that lists them, and says whose they were.
    pub(crate) fn break_deadlock(&mut self) -> Vec<ActionId> {
        let actions = self.tally.actions();
        if !actions.is_empty() {
            let cause = deadlock::standstill(&self.waits());
            self.fail(|what| {
                let headline = format!("cannot wait for {what}");
                Failure::new(Kind::Deadlock, headline, cause.clone())
            });
        }
        actions
    }

    /// The run is being cancelled: every wait fails, and every later one that would not be over at
    /// once; but those of these actions.
    pub(crate) fn cancel(&mut self, spared: BTreeSet<ActionId>) {
        self.tally.cancel(spared);
        self.fail(cancelled);
    }

    fn fail(&mut self, why: impl Fn(&WaitTarget) -> Failure) {
        let tally = &mut self.tally;
        self.locks.fail(tally, &why);
        self.queues.fail(tally, &why);
        self.latches.fail(tally, &why);
        self.barriers.fail(tally, &why);
    }

    /// Whether nobody has anything and nobody waits, and no barrier is left.
    #[cfg(test)]
    pub(in super::super) fn is_quiet(&self) -> bool {
        self.known.is_empty()
            && self.locks.is_empty()
            && self.queues.is_quiet()
            && self.latches.is_empty()
            && self.barriers.is_empty()
            && self.tally.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{Bench, Hand, now};
    use super::*;

    #[test]
    fn in_a_cancelled_run_nothing_waits() {
        let bench = Bench::new();
        let guard = now(bench.lock(1, "a").acquire()).unwrap();
        let mut waits = Hand::begin(bench.lock(2, "a").acquire());
        bench.table().cancel(BTreeSet::new());
        let failure = waits.end().unwrap_err();
        assert_eq!(failure.kind(), Kind::Cancelled);
        assert_eq!(failure.detail().to_string(), "the run is cancelled");
        assert_eq!(
            now(bench.latch(2, "up").wait()).unwrap_err().kind(),
            Kind::Cancelled
        );
        assert_eq!(
            now(bench.queue::<u8>(2, "q", 1).pop()).unwrap_err().kind(),
            Kind::Cancelled
        );
        // What need not wait still works, so that an action can end in order.
        drop(guard);
        let _guard = now(bench.lock(2, "a").acquire()).unwrap();
        now(bench.queue::<u8>(2, "q", 1).push(1)).unwrap();
        bench.table().end_action(ActionId(1));
        bench.table().end_action(ActionId(2));
        assert!(bench.table().is_quiet());
    }

    #[test]
    fn an_action_that_has_ended_is_not_heard() {
        let mut table = Table::default();
        let (reply, mut answer) = tokio::sync::oneshot::channel();
        let ask = Ask::Acquire {
            lock: "a".into(),
            ticket: Ticket::next(),
            reply,
        };
        table.hear(ActionId(1), || None, Request(ask));
        assert!(answer.try_recv().is_err());
        assert!(table.is_quiet());
    }
}
