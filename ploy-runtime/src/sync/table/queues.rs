//! The queues of a run.

use std::collections::{BTreeMap, VecDeque};

use super::super::request::{Name, QueuedValue, Shape, Ticket, Value};
use super::Wait;
use super::line::{Line, Waiter};
use super::tally::Tally;
use crate::error::{Failure, Kind};
use crate::event::ActionId;
use crate::event::WaitTarget;

/// All queues that were ever used: each keeps its type and capacity for the whole run.
#[derive(Default)]
pub(super) struct Queues(BTreeMap<Name, State>);

struct State {
    shape: Shape,
    /// In the order of their ranks.
    parcels: VecDeque<QueuedValue>,
    next_rank: u64,
    closed: bool,
    pushers: Line<(), Value>,
    poppers: Line<Option<QueuedValue>>,
}

fn room(name: &str) -> WaitTarget {
    WaitTarget::QueueRoom(name.to_owned())
}

fn value(name: &str) -> WaitTarget {
    WaitTarget::QueueValue(name.to_owned())
}

impl Queues {
    pub(super) fn push(
        &mut self,
        tally: &mut Tally,
        name: &Name,
        shape: Shape,
        waiter: Waiter<(), Value>,
    ) {
        let state = match self.get(name, shape) {
            Ok(state) => state,
            Err(failure) => return waiter.refuse(failure),
        };
        if state.closed {
            waiter.refuse(closed(name));
        } else if state.parcels.len() < state.shape.capacity {
            if let Ok((_, value)) = waiter.grant(()) {
                state.put(value);
                state.settle(tally);
            }
        } else {
            state.pushers.join(tally, waiter, &room(name), None);
        }
    }

    pub(super) fn pop(
        &mut self,
        tally: &mut Tally,
        name: &Name,
        shape: Shape,
        waiter: Waiter<Option<QueuedValue>>,
    ) {
        let state = match self.get(name, shape) {
            Ok(state) => state,
            Err(failure) => return waiter.refuse(failure),
        };
        if let Some(parcel) = state.parcels.pop_front() {
            if let Err(Some(parcel)) = waiter.grant(Some(parcel)) {
                state.parcels.push_front(parcel);
            }
            state.settle(tally);
        } else if state.closed {
            let _ = waiter.grant(None);
        } else {
            state.poppers.join(tally, waiter, &value(name), None);
        }
    }

    /// Closes a queue, whatever its shape: that is for those to know who push and pop.
    pub(super) fn close(&mut self, tally: &mut Tally, name: &Name, shape: Shape) {
        let state = self
            .0
            .entry(name.clone())
            .or_insert_with(|| State::new(shape));
        state.closed = true;
        state.pushers.fail(tally, || closed(name));
        state.settle(tally);
    }

    pub(super) fn withdraw(
        &mut self,
        tally: &mut Tally,
        name: &Name,
        ticket: Ticket,
        parcel: Option<QueuedValue>,
    ) {
        let Some(state) = self.0.get_mut(name) else {
            return;
        };
        state.pushers.withdraw(tally, ticket);
        state.poppers.withdraw(tally, ticket);
        if let Some(parcel) = parcel {
            let place = state
                .parcels
                .partition_point(|other| other.rank < parcel.rank);
            state.parcels.insert(place, parcel);
            state.settle(tally);
        }
    }

    pub(super) fn leave(&mut self, tally: &mut Tally, action: ActionId) {
        for state in self.0.values_mut() {
            state.pushers.leave(tally, action);
            state.poppers.leave(tally, action);
        }
    }

    pub(super) fn fail(&mut self, tally: &mut Tally, why: impl Fn(&WaitTarget) -> Failure) {
        for (name, state) in &mut self.0 {
            state.pushers.fail(tally, || why(&room(name)));
            state.poppers.fail(tally, || why(&value(name)));
        }
    }

    pub(super) fn list(&self, into: &mut Vec<(Ticket, Wait)>) {
        for (name, state) in &self.0 {
            state.pushers.list(&room(name), None, into);
            state.poppers.list(&value(name), None, into);
        }
    }

    fn get(&mut self, name: &Name, shape: Shape) -> Result<&mut State, Failure> {
        let refused = |cause: String| {
            let headline = format!("cannot use the queue `{name}`");
            Err(Failure::new(Kind::Usage, headline, cause))
        };
        if shape.capacity == 0 {
            return refused("its capacity is 0, and it needs at least 1".to_owned());
        }
        let state = self
            .0
            .entry(name.clone())
            .or_insert_with(|| State::new(shape));
        if state.shape == shape {
            Ok(state)
        } else {
            let first = state.shape;
            refused(format!(
                "it is a queue of {first}, and here one of {shape} is asked for"
            ))
        }
    }

    #[cfg(test)]
    pub(super) fn is_quiet(&self) -> bool {
        self.0
            .values()
            .all(|state| state.pushers.is_empty() && state.poppers.is_empty())
    }
}

impl State {
    fn new(shape: Shape) -> Self {
        State {
            shape,
            parcels: VecDeque::new(),
            next_rank: 0,
            closed: false,
            pushers: Line::default(),
            poppers: Line::default(),
        }
    }

    fn put(&mut self, value: Value) {
        let rank = self.next_rank;
        self.next_rank += 1;
        self.parcels.push_back(QueuedValue { rank, value });
    }

    /// Hands values to who waits for one and lets in who waits for room, until one of both has run
    /// out.
    fn settle(&mut self, tally: &mut Tally) {
        loop {
            while let Some(parcel) = self.parcels.pop_front() {
                if let Err(Some(parcel)) = self.poppers.serve(tally, Some(parcel)) {
                    self.parcels.push_front(parcel);
                    break;
                }
            }
            if self.parcels.len() >= self.shape.capacity {
                break;
            }
            match self.pushers.serve(tally, ()) {
                Ok((_, value)) => self.put(value),
                Err(()) => break,
            }
        }
        if self.closed && self.parcels.is_empty() {
            while self.poppers.serve(tally, None).is_ok() {}
        }
    }
}

fn closed(name: &str) -> Failure {
    Failure::new(
        Kind::Usage,
        format!("cannot push into the queue `{name}`"),
        "it is closed",
    )
}
