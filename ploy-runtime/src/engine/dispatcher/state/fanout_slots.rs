//! How many sites run at once in a stage, and who waits for a slot.

use std::collections::VecDeque;

use tokio::sync::oneshot;

use crate::plan::NodeId;

/// Sites at once, unless told otherwise.
const FANOUT: u32 = 32;

/// The places of a stage: a site takes one with its first task that runs, and keeps it until none
/// does. Tasks of a site that has a place need no other.
#[derive(Debug)]
pub(in crate::engine::dispatcher) struct FanoutSlots {
    fanout: u32,
    taken: u32,
    /// For each site, how many of its tasks run and do not wait for others.
    active: Vec<u32>,
    /// For each site, the tasks that could start if it had a place.
    ready: Vec<Vec<NodeId>>,
    /// The sites that want a place.
    queue: VecDeque<u32>,
    /// Tasks that gave their place back while they waited, and go on before any other site begins.
    returning: VecDeque<ReturningTask>,
}

/// A task that wants its place back.
#[derive(Debug)]
pub(in crate::engine::dispatcher) struct ReturningTask {
    pub(in crate::engine::dispatcher) node: NodeId,
    pub(in crate::engine::dispatcher) site: u32,
    pub(in crate::engine::dispatcher) reply: oneshot::Sender<()>,
}

impl FanoutSlots {
    pub(in crate::engine::dispatcher) fn new(sites: usize, fanout: Option<u32>) -> Self {
        FanoutSlots {
            fanout: fanout.unwrap_or(FANOUT).max(1),
            taken: 0,
            active: vec![0; sites],
            ready: vec![Vec::new(); sites],
            queue: VecDeque::new(),
            returning: VecDeque::new(),
        }
    }

    /// Takes a place for a task of this site, if there is one.
    pub(in crate::engine::dispatcher) fn take(&mut self, site: u32) -> bool {
        let has_place = self.active[site as usize] > 0;
        if !has_place && self.taken >= self.fanout {
            return false;
        }
        self.taken += u32::from(!has_place);
        self.active[site as usize] += 1;
        true
    }

    /// Takes a place for a task of this site, whether there is one or not.
    pub(in crate::engine::dispatcher) fn take_anyway(&mut self, site: u32) {
        let active = &mut self.active[site as usize];
        self.taken += u32::from(*active == 0);
        *active += 1;
    }

    /// As [`take`](FanoutSlots::take), for a task that is new: those that want a place back come
    /// first.
    pub(in crate::engine::dispatcher) fn take_new(&mut self, site: u32) -> bool {
        (self.returning.is_empty() || self.active[site as usize] > 0) && self.take(site)
    }

    /// Gives the place of a task of this site back.
    pub(in crate::engine::dispatcher) fn give_back(&mut self, site: u32) {
        let active = &mut self.active[site as usize];
        *active -= 1;
        self.taken -= u32::from(*active == 0);
    }

    /// Keeps a task until its site gets a place.
    pub(in crate::engine::dispatcher) fn wait(&mut self, site: u32, node: NodeId) {
        let ready = &mut self.ready[site as usize];
        if ready.is_empty() {
            self.queue.push_back(site);
        }
        ready.push(node);
    }

    /// The tasks of the next site that wants a place, if one is free. None of them has taken it
    /// yet.
    pub(in crate::engine::dispatcher) fn next(&mut self) -> Option<Vec<NodeId>> {
        if self.taken >= self.fanout || !self.returning.is_empty() {
            return None;
        }
        let site = self.queue.pop_front()?;
        Some(std::mem::take(&mut self.ready[site as usize]))
    }

    /// Keeps a task that wants its place back until there is one.
    pub(in crate::engine::dispatcher) fn want_back(&mut self, returning: ReturningTask) {
        self.returning.push_back(returning);
    }

    /// The next task that wants its place back, and can have it.
    pub(in crate::engine::dispatcher) fn next_returning(&mut self) -> Option<ReturningTask> {
        let first = self.returning.front()?;
        if self.active[first.site as usize] == 0 && self.taken >= self.fanout {
            return None;
        }
        self.returning.pop_front()
    }

    /// Whether nobody wants a place.
    pub(in crate::engine::dispatcher) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.returning.is_empty()
    }

    /// Lets all that want their place back go on without: the run is being cancelled.
    pub(in crate::engine::dispatcher) fn release(&mut self) {
        self.returning.clear();
        self.queue.clear();
        self.ready.iter_mut().for_each(Vec::clear);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_one_place_for_all_its_tasks() {
        let mut slots = FanoutSlots::new(3, Some(1));
        assert!(slots.take_new(0) && slots.take_new(0));
        assert!(!slots.take_new(1));
        slots.wait(1, 7);
        slots.wait(1, 8);
        slots.give_back(0);
        assert_eq!(slots.next(), None);
        slots.give_back(0);
        assert_eq!(slots.next(), Some(vec![7, 8]));
        assert!(slots.is_idle());
    }

    #[test]
    fn who_wants_a_place_back_comes_first() {
        let mut slots = FanoutSlots::new(2, Some(1));
        assert!(slots.take_new(0));
        slots.wait(1, 7);
        let (reply, _answer) = oneshot::channel();
        slots.give_back(0);
        slots.want_back(ReturningTask {
            node: 3,
            site: 0,
            reply,
        });
        assert!(!slots.take_new(1) && slots.next().is_none());
        assert_eq!(
            slots.next_returning().map(|returning| returning.node),
            Some(3)
        );
        assert!(slots.take(0));
        assert!(slots.next_returning().is_none() && slots.next().is_none());
    }
}
