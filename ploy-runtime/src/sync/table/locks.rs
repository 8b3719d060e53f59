//! The locks of a run.

use std::collections::BTreeMap;

use super::super::request::{Name, Ticket};
use super::Wait;
use super::line::{Line, Member, Waiter};
use super::tally::Tally;
use crate::error::{Failure, Kind};
use crate::event::ActionId;
use crate::event::WaitTarget;

/// The locks that somebody has. A lock that nobody has is not here, and nobody waits for it.
#[derive(Default)]
pub(super) struct Locks(BTreeMap<Name, Held>);

/// A lock that somebody has.
pub(super) struct Held {
    pub(super) holder: Member,
    pub(super) line: Line<()>,
}

fn what(name: &str) -> WaitTarget {
    WaitTarget::Lock(name.to_owned())
}

impl Locks {
    pub(super) fn acquire(&mut self, tally: &mut Tally, name: Name, waiter: Waiter<()>) {
        if !self.0.contains_key(&name) {
            if let Ok((holder, ())) = waiter.grant(()) {
                self.hold(name, holder);
            }
            return;
        }
        let what = what(&name);
        if let Some(cause) = self.cycle(&waiter.member, &name) {
            waiter.refuse(Failure::new(
                Kind::Deadlock,
                format!("cannot wait for {what}"),
                cause,
            ));
        } else if let Some(held) = self.0.get_mut(&name) {
            held.line
                .join(tally, waiter, &what, Some(held.holder.action));
        }
    }

    pub(super) fn try_acquire(&mut self, name: Name, waiter: Waiter<bool>) {
        let free = !self.0.contains_key(&name);
        if let Ok((holder, ())) = waiter.grant(free)
            && free
        {
            self.hold(name, holder);
        }
    }

    fn hold(&mut self, name: Name, holder: Member) {
        let line = Line::default();
        self.0.insert(name, Held { holder, line });
    }

    pub(super) fn owner(&self, name: &Name) -> Option<String> {
        self.0.get(name).map(|held| held.holder.label.clone())
    }

    pub(super) fn withdraw(&mut self, tally: &mut Tally, name: &Name, ticket: Ticket) {
        let Some(held) = self.0.get_mut(name) else {
            return;
        };
        held.line.withdraw(tally, ticket);
        if held.holder.ticket == ticket && !held.pass_on(tally) {
            self.0.remove(name);
        }
    }

    pub(super) fn leave(&mut self, tally: &mut Tally, action: ActionId) {
        self.0.retain(|_, held| {
            held.line.leave(tally, action);
            held.holder.action != action || held.pass_on(tally)
        });
    }

    pub(super) fn fail(&mut self, tally: &mut Tally, why: impl Fn(&WaitTarget) -> Failure) {
        for (name, held) in &mut self.0 {
            let what = what(name);
            held.line.fail(tally, || why(&what));
        }
    }

    pub(super) fn list(&self, into: &mut Vec<(Ticket, Wait)>) {
        for (name, held) in &self.0 {
            held.line.list(&what(name), Some(&held.holder.label), into);
        }
    }

    pub(super) fn get(&self, name: &Name) -> Option<&Held> {
        self.0.get(name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Name, &Held)> {
        self.0.iter()
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Held {
    /// Gives the lock to the next. Whether there is one.
    fn pass_on(&mut self, tally: &mut Tally) -> bool {
        match self.line.serve(tally, ()) {
            Ok((next, ())) => {
                self.holder = next;
                true
            }
            Err(()) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use tokio::sync::oneshot;

    use super::super::super::Request;
    use super::super::super::request::{Answer, Ask, Primitive, Subject};
    use super::super::{Requester, Table};
    use super::*;

    #[derive(Clone, Debug)]
    enum Op {
        Acquire(u32, usize),
        Try(u32, usize),
        /// Gives back the n-th of the tickets that the action has or waits with.
        GiveBack(u32, usize),
        End(u32),
    }

    fn op() -> impl Strategy<Value = Op> {
        let (action, lock) = (1..6u32, 0..4usize);
        prop_oneof![
            6 => (action.clone(), lock.clone()).prop_map(|(a, l)| Op::Acquire(a, l)),
            2 => (action.clone(), lock).prop_map(|(a, l)| Op::Try(a, l)),
            5 => (action.clone(), 0..8usize).prop_map(|(a, n)| Op::GiveBack(a, n)),
            1 => action.prop_map(Op::End),
        ]
    }

    /// For each lock those who asked, the first of whom has it.
    type Model = [Vec<(u32, Ticket)>; 4];

    /// Whether `to` is reached from `from`, each step being from who waits to who has.
    fn reaches(model: &Model, from: u32, to: u32, seen: &mut BTreeSet<u32>) -> bool {
        from == to
            || seen.insert(from)
                && model.iter().any(|line| {
                    line.iter().skip(1).any(|(action, _)| *action == from)
                        && reaches(model, line[0].0, to, seen)
                })
    }

    fn tell(table: &mut Table, action: u32, ask: Ask) {
        let label = format!("action {action}");
        let who = || Some(Requester { label, scope: None });
        table.hear(ActionId(action), who, Request(ask));
    }

    fn name(lock: usize) -> Name {
        ["a", "b", "c", "d"][lock].into()
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_a_naive_list(ops in prop::collection::vec(op(), 0..80)) {
            let mut table = Table::default();
            let mut model = Model::default();
            let mut open: Vec<(usize, Ticket, oneshot::Receiver<Answer<()>>)> = Vec::new();
            for op in ops {
                match op {
                    Op::Acquire(action, lock) => {
                        let (reply, mut answer) = oneshot::channel();
                        let ticket = Ticket::next();
                        tell(&mut table, action, Ask::Acquire { lock: name(lock), ticket, reply });
                        let line = &model[lock];
                        let refused = line.iter().any(|(other, _)| *other == action)
                            || line.first().is_some_and(|(holder, _)| {
                                reaches(&model, *holder, action, &mut BTreeSet::new())
                            });
                        if refused {
                            let failure = answer.try_recv().unwrap().result.unwrap_err();
                            prop_assert_eq!(failure.kind(), Kind::Deadlock);
                        } else {
                            model[lock].push((action, ticket));
                            open.push((lock, ticket, answer));
                        }
                    }
                    Op::Try(action, lock) => {
                        let (reply, mut answer) = oneshot::channel();
                        let ticket = Ticket::next();
                        tell(&mut table, action, Ask::TryAcquire { lock: name(lock), ticket, reply });
                        let granted = answer.try_recv().unwrap().result.unwrap();
                        prop_assert_eq!(granted, model[lock].is_empty());
                        if granted {
                            model[lock].push((action, ticket));
                        }
                    }
                    Op::GiveBack(action, nth) => {
                        let own: Vec<_> = (0..4)
                            .flat_map(|lock| model[lock].iter().map(move |entry| (lock, *entry)))
                            .filter(|(_, (other, _))| *other == action)
                            .collect();
                        if let Some((lock, (_, ticket))) = own.get(nth % own.len().max(1)).copied() {
                            open.retain(|(_, other, _)| *other != ticket);
                            let subject = Subject { primitive: Primitive::Lock, name: name(lock) };
                            tell(&mut table, action, Ask::Withdraw { subject, ticket, parcel: None });
                            model[lock].retain(|(_, other)| *other != ticket);
                        }
                    }
                    Op::End(action) => {
                        table.end_action(ActionId(action));
                        for line in &mut model {
                            line.retain(|(other, _)| *other != action);
                        }
                    }
                }
                open.retain(|(lock, ticket, _)| model[*lock].iter().any(|(_, other)| other == ticket));
                for (lock, ticket, answer) in &mut open {
                    if answer.try_recv().is_ok_and(|answer| answer.result.is_ok()) {
                        prop_assert_eq!(model[*lock][0].1, *ticket);
                    }
                }
                for (lock, line) in model.iter().enumerate() {
                    let owner = line.first().map(|(action, _)| format!("action {action}"));
                    prop_assert_eq!(table_owner(&mut table, lock), owner);
                }
                for action in 1..6 {
                    let waits = model.iter().any(|line| {
                        line.iter().skip(1).any(|(other, _)| *other == action)
                    });
                    prop_assert_eq!(table.is_waiting(ActionId(action)), waits);
                }
                prop_assert_eq!(
                    table.waits().len(),
                    model.iter().map(|line| line.len().saturating_sub(1)).sum::<usize>()
                );
            }
            for action in 0..6 {
                table.end_action(ActionId(action));
            }
            prop_assert!(table.is_quiet());
        }
    }

    /// Asked by an action of its own, so as to leave the others as they are.
    fn table_owner(table: &mut Table, lock: usize) -> Option<String> {
        let (reply, mut answer) = oneshot::channel();
        let lock = name(lock);
        tell(table, 0, Ask::Owner { lock, reply });
        answer.try_recv().unwrap()
    }
}
