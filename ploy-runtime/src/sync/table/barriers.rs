//! The barriers of a run.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Passed;
use super::super::request::{Name, Ticket};
use super::line::{Line, Waiter};
use super::tally::Tally;
use super::{Scope, Wait};
use crate::error::{Failure, Kind};
use crate::event::{ActionId, StageId, WaitTarget};

/// The barriers of job invocations that have tasks.
#[derive(Default)]
pub(super) struct Barriers(BTreeMap<Spot, State>);

/// Where a barrier is: in which stage, job invocation and group, and its name.
type Spot = (StageId, u32, u32, Name);

struct State {
    width: u32,
    /// How many tasks have not ended.
    open: u32,
    /// How often it has opened.
    opened: u64,
    /// Each with its task.
    line: Line<Passed, u32>,
    /// How often each action has passed, and by which ticket last.
    passes: BTreeMap<ActionId, (u64, Ticket)>,
    /// Who met at which opening, from there up to the next entry.
    met: BTreeMap<u64, Passed>,
}

fn what(name: &str) -> WaitTarget {
    WaitTarget::Barrier(name.to_owned())
}

impl Barriers {
    pub(super) fn arrive(
        &mut self,
        tally: &mut Tally,
        name: Name,
        scope: Option<Scope>,
        waiter: Waiter<Passed>,
    ) {
        let what = what(&name);
        let refused = |cause| Failure::new(Kind::Usage, format!("cannot wait for {what}"), cause);
        let Some(scope) = scope else {
            return waiter.refuse(refused(
                "a barrier is for the sites that run a job, and this work belongs to no site's task",
            ));
        };
        if scope.exclusive && scope.width > 1 {
            return waiter.refuse(
                refused("in atomic mode one task runs at a time, so nobody else could come")
                    .with_hint("run the stage in another mode, or the job without the barrier"),
            );
        }
        let state = self
            .0
            .entry((scope.stage, scope.job, scope.group, name))
            .or_insert_with(|| State::new(scope.width));
        state.open = scope.width_open;
        state.arrive(tally, scope.task, waiter, &what);
    }

    /// A task has ended: it is not waited for any longer.
    pub(super) fn end_task(
        &mut self,
        tally: &mut Tally,
        (stage, job, group): (StageId, u32, u32),
        task: u32,
        open: u32,
    ) {
        let from = (stage, job, group, Name::from(""));
        let mut over = Vec::new();
        for (spot, state) in self.0.range_mut(from..) {
            if (spot.0, spot.1, spot.2) != (stage, job, group) {
                break;
            }
            state.open = open;
            state
                .line
                .drop_if(tally, |waiter| open == 0 || waiter.load == task);
            state.open_if_all_are_here(tally);
            if open == 0 {
                over.push(spot.clone());
            }
        }
        for spot in over {
            self.0.remove(&spot);
        }
    }

    pub(super) fn withdraw(&mut self, tally: &mut Tally, name: &Name, ticket: Ticket) {
        for (_, state) in self.0.iter_mut().filter(|(spot, _)| spot.3 == *name) {
            state.line.withdraw(tally, ticket);
            // It was let pass and does not know: it comes again.
            for (passed, by) in state.passes.values_mut() {
                if *by == ticket {
                    *passed = passed.saturating_sub(1);
                }
            }
        }
    }

    pub(super) fn leave(&mut self, tally: &mut Tally, action: ActionId) {
        for state in self.0.values_mut() {
            state.line.leave(tally, action);
            state.passes.remove(&action);
        }
    }

    pub(super) fn fail(&mut self, tally: &mut Tally, why: impl Fn(&WaitTarget) -> Failure) {
        for (spot, state) in &mut self.0 {
            let what = what(&spot.3);
            state.line.fail(tally, || why(&what));
        }
    }

    pub(super) fn list(&self, into: &mut Vec<(Ticket, Wait)>) {
        for (spot, state) in &self.0 {
            state.line.list(&what(&spot.3), None, into);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl State {
    fn new(width: u32) -> Self {
        State {
            width,
            open: width,
            opened: 0,
            line: Line::default(),
            passes: BTreeMap::new(),
            met: BTreeMap::new(),
        }
    }

    fn arrive(&mut self, tally: &mut Tally, task: u32, waiter: Waiter<Passed>, what: &WaitTarget) {
        let (action, ticket) = (waiter.member.action, waiter.member.ticket);
        let passed = self.passes.get(&action).map_or(0, |(passed, _)| *passed);
        // If it has opened more often than this action passed, another action of the task was there
        // in its place, or an earlier attempt of the same.
        if passed == self.opened {
            // The line is looked through only when it could be whole: with each arrival it would
            // take too long.
            let may_be_whole = self.line.len() + 1 >= self.open as usize;
            let mut here = if may_be_whole {
                self.here()
            } else {
                BTreeSet::new()
            };
            here.insert(task);
            if !may_be_whole || !self.is_whole(&here) {
                let waiter = Waiter {
                    member: waiter.member,
                    load: task,
                    reply: waiter.reply,
                };
                self.line.join(tally, waiter, what, None);
                return;
            }
            self.open(tally, &here);
        }
        self.passes.insert(action, (passed + 1, ticket));
        let met = self.met.range(..=passed + 1).next_back();
        let met = met.map_or_else(|| self.meeting(1), |(_, met)| *met);
        let _ = waiter.grant(met);
    }

    fn here(&self) -> BTreeSet<u32> {
        self.line.iter().map(|waiter| waiter.load).collect()
    }

    fn is_whole(&self, here: &BTreeSet<u32>) -> bool {
        here.len() >= self.open as usize
    }

    fn open_if_all_are_here(&mut self, tally: &mut Tally) {
        if self.line.len() < self.open as usize {
            return;
        }
        let here = self.here();
        if !here.is_empty() && self.is_whole(&here) {
            self.open(tally, &here);
        }
    }

    fn open(&mut self, tally: &mut Tally, here: &BTreeSet<u32>) {
        self.opened += 1;
        let met = self.meeting(u32::try_from(here.len()).unwrap_or(u32::MAX));
        if self.met.last_key_value().map(|(_, last)| *last) != Some(met) {
            self.met.insert(self.opened, met);
        }
        // Who does not listen any more passes too, and takes that back by itself.
        for waiter in self.line.iter() {
            let member = &waiter.member;
            self.passes
                .insert(member.action, (self.opened, member.ticket));
        }
        while self.line.serve(tally, met).is_ok() {}
    }

    fn meeting(&self, sites: u32) -> Passed {
        Passed {
            sites,
            missing: self.width.saturating_sub(sites),
        }
    }
}
