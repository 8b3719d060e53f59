//! The latches of a run.

use std::collections::{BTreeMap, BTreeSet};

use super::super::request::{Name, Ticket};
use super::Wait;
use super::line::{Line, Waiter};
use super::tally::Tally;
use crate::error::Failure;
use crate::event::ActionId;
use crate::event::WaitTarget;

/// The latches that have fired, and those for which somebody waits.
#[derive(Default)]
pub(super) struct Latches {
    fired: BTreeSet<Name>,
    lines: BTreeMap<Name, Line<()>>,
}

fn what(name: &str) -> WaitTarget {
    WaitTarget::Latch(name.to_owned())
}

impl Latches {
    pub(super) fn fire(&mut self, tally: &mut Tally, name: Name) {
        if let Some(mut line) = self.lines.remove(&name) {
            while line.serve(tally, ()).is_ok() {}
        }
        self.fired.insert(name);
    }

    pub(super) fn is_fired(&self, name: &Name) -> bool {
        self.fired.contains(name)
    }

    pub(super) fn wait(&mut self, tally: &mut Tally, name: &Name, waiter: Waiter<()>) {
        if self.is_fired(name) {
            // Who does not listen any more does not wait for it either.
            let _ = waiter.grant(());
        } else {
            let line = self.lines.entry(name.clone()).or_default();
            line.join(tally, waiter, &what(name), None);
            self.tidy(name);
        }
    }

    pub(super) fn withdraw(&mut self, tally: &mut Tally, name: &Name, ticket: Ticket) {
        if let Some(line) = self.lines.get_mut(name) {
            line.withdraw(tally, ticket);
            self.tidy(name);
        }
    }

    fn tidy(&mut self, name: &Name) {
        if self.lines.get(name).is_some_and(Line::is_empty) {
            self.lines.remove(name);
        }
    }

    pub(super) fn leave(&mut self, tally: &mut Tally, action: ActionId) {
        self.lines.retain(|_, line| {
            line.leave(tally, action);
            !line.is_empty()
        });
    }

    pub(super) fn fail(&mut self, tally: &mut Tally, why: impl Fn(&WaitTarget) -> Failure) {
        for (name, mut line) in std::mem::take(&mut self.lines) {
            let what = what(&name);
            line.fail(tally, || why(&what));
        }
    }

    pub(super) fn list(&self, into: &mut Vec<(Ticket, Wait)>) {
        for (name, line) in &self.lines {
            line.list(&what(name), None, into);
        }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}
