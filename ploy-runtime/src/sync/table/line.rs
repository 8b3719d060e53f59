//! Those who wait for one thing, in order.

use std::collections::VecDeque;

use super::super::request::{Answer, Reply, Ticket};
use super::Wait;
use super::tally::Tally;
use crate::error::{Failure, Kind};
use crate::event::{ActionId, WaitTarget};

/// An action with a ticket: it waits, or has something.
pub(super) struct Member {
    pub(super) ticket: Ticket,
    pub(super) action: ActionId,
    pub(super) label: String,
}

/// A member that wants a `T`, and what it brought along.
pub(super) struct Waiter<T, L = ()> {
    pub(super) member: Member,
    pub(super) load: L,
    pub(super) reply: Reply<T>,
}

impl<T, L> Waiter<T, L> {
    pub(super) fn new(member: Member, load: L, reply: Reply<T>) -> Self {
        Waiter {
            member,
            load,
            reply,
        }
    }

    /// Answers without a wait.
    ///
    /// # Errors
    ///
    /// What was to be granted, if nobody listens any more.
    pub(super) fn grant(self, granted: T) -> Result<(Member, L), T> {
        self.answer(false, granted)
    }

    /// Refuses without a wait.
    pub(super) fn refuse(self, failure: Failure) {
        send_failure(self.reply, false, failure);
    }

    fn answer(self, waited: bool, granted: T) -> Result<(Member, L), T> {
        let result = Ok(granted);
        match self.reply.send(Answer { waited, result }) {
            Ok(()) => Ok((self.member, self.load)),
            // What was sent comes back as it was.
            Err(Answer { result, .. }) => {
                result.map_or_else(|_| unreachable!("it was granted"), Err)
            }
        }
    }
}

fn send_failure<T>(reply: Reply<T>, waited: bool, failure: Failure) {
    // Who does not listen any more needs no reason.
    let _ = reply.send(Answer {
        waited,
        result: Err(failure),
    });
}

/// Who waits for the same: first come, first served.
pub(super) struct Line<T, L = ()>(VecDeque<Waiter<T, L>>);

impl<T, L> Default for Line<T, L> {
    fn default() -> Self {
        Line(VecDeque::new())
    }
}

impl<T, L> Line<T, L> {
    /// Lets somebody wait for `what`, unless the run is being cancelled.
    pub(super) fn join(
        &mut self,
        tally: &mut Tally,
        waiter: Waiter<T, L>,
        what: &WaitTarget,
        holder: Option<ActionId>,
    ) {
        if tally.lets_wait(waiter.member.action) {
            tally.begin(waiter.member.action, what, holder);
            self.0.push_back(waiter);
        } else {
            waiter.refuse(cancelled(what));
        }
    }

    /// Grants to the first who still listens, and says who that is.
    ///
    /// # Errors
    ///
    /// What was to be granted, if nobody waits.
    pub(super) fn serve(&mut self, tally: &mut Tally, granted: T) -> Result<(Member, L), T> {
        let mut granted = granted;
        while let Some(waiter) = self.0.pop_front() {
            tally.end(waiter.member.action);
            match waiter.answer(true, granted) {
                Ok(served) => return Ok(served),
                Err(back) => granted = back,
            }
        }
        Err(granted)
    }

    /// Ends every wait with a failure, but those that are spared.
    pub(super) fn fail(&mut self, tally: &mut Tally, why: impl Fn() -> Failure) {
        for waiter in std::mem::take(&mut self.0) {
            if tally.is_spared(waiter.member.action) {
                self.0.push_back(waiter);
            } else {
                tally.end(waiter.member.action);
                send_failure(waiter.reply, true, why());
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Ends the waits for which this holds, without an answer.
    pub(super) fn drop_if(&mut self, tally: &mut Tally, gone: impl Fn(&Waiter<T, L>) -> bool) {
        self.0.retain(|waiter| {
            let gone = gone(waiter);
            if gone {
                tally.end(waiter.member.action);
            }
            !gone
        });
    }

    pub(super) fn withdraw(&mut self, tally: &mut Tally, ticket: Ticket) {
        self.drop_if(tally, |waiter| waiter.member.ticket == ticket);
    }

    pub(super) fn leave(&mut self, tally: &mut Tally, action: ActionId) {
        self.drop_if(tally, |waiter| waiter.member.action == action);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Waiter<T, L>> {
        self.0.iter()
    }

    /// Lists the waits, each with its ticket.
    pub(super) fn list(
        &self,
        what: &WaitTarget,
        holder: Option<&str>,
        into: &mut Vec<(Ticket, Wait)>,
    ) {
        into.extend(self.iter().map(|Waiter { member, .. }| {
            let wait = Wait {
                action: member.action,
                who: member.label.clone(),
                what: what.clone(),
                holder: holder.map(str::to_owned),
            };
            (member.ticket, wait)
        }));
    }
}

/// That a wait for `what` ends, or does not begin, since the run does.
pub(super) fn cancelled(what: &WaitTarget) -> Failure {
    Failure::new(
        Kind::Cancelled,
        format!("cannot wait for {what}"),
        "the run is cancelled",
    )
}
