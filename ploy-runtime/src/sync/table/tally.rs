//! Who waits, and for how much.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::{ActionId, WaitTarget};

/// Which actions wait, and what of that has been told.
#[derive(Default)]
pub(super) struct Tally {
    /// How many waits of an action are open; only actions that have one.
    open: BTreeMap<ActionId, u32>,
    told: BTreeSet<ActionId>,
    touched: BTreeSet<ActionId>,
    /// The waits that began since this was last asked.
    joined: Vec<Joined>,
    /// Whether nothing may begin to wait, since the run is being cancelled.
    cancelled: bool,
    /// Requester may wait all the same.
    spared: BTreeSet<ActionId>,
}

/// A wait that began.
pub(crate) struct Joined {
    pub(crate) action: ActionId,
    /// For what.
    pub(crate) what: WaitTarget,
    /// The action that has it, if one has.
    pub(crate) holder: Option<ActionId>,
    /// Whether the action had no other wait that was open.
    pub(crate) is_first: bool,
}

impl Tally {
    pub(super) fn begin(&mut self, action: ActionId, what: &WaitTarget, holder: Option<ActionId>) {
        let open = self.open.entry(action).or_default();
        *open += 1;
        self.joined.push(Joined {
            action,
            what: what.clone(),
            holder,
            is_first: *open == 1,
        });
        self.touched.insert(action);
    }

    /// From now on nobody waits but these.
    pub(super) fn cancel(&mut self, spared: BTreeSet<ActionId>) {
        self.cancelled = true;
        self.spared = spared;
    }

    /// Whether the action may wait.
    pub(super) fn lets_wait(&self, action: ActionId) -> bool {
        !self.cancelled || self.spared.contains(&action)
    }

    /// Whether a wait of the action goes on though those of others end.
    pub(super) fn is_spared(&self, action: ActionId) -> bool {
        self.cancelled && self.spared.contains(&action)
    }

    /// How many waits of the action are open.
    pub(super) fn open_waits(&self, action: ActionId) -> u32 {
        self.open.get(&action).copied().unwrap_or(0)
    }

    /// The waits that began since this was last asked, as far as the action waits still.
    pub(super) fn take_joined(&mut self) -> Vec<Joined> {
        let mut joined = std::mem::take(&mut self.joined);
        joined.retain(|joined| self.is_waiting(joined.action));
        joined
    }

    pub(super) fn end(&mut self, action: ActionId) {
        if let Some(open) = self.open.get_mut(&action) {
            *open -= 1;
            if *open == 0 {
                self.open.remove(&action);
            }
            self.touched.insert(action);
        }
    }

    /// The action has ended: there is nothing to tell of it any more.
    pub(super) fn forget(&mut self, action: ActionId) {
        self.open.remove(&action);
        self.told.remove(&action);
        self.touched.remove(&action);
    }

    pub(super) fn is_waiting(&self, action: ActionId) -> bool {
        self.open.contains_key(&action)
    }

    pub(super) fn waiting(&self) -> usize {
        self.open.len()
    }

    pub(super) fn actions(&self) -> Vec<ActionId> {
        self.open.keys().copied().collect()
    }

    pub(super) fn take_changes(&mut self) -> Vec<(ActionId, bool)> {
        let mut changes = Vec::new();
        for action in std::mem::take(&mut self.touched) {
            let waits = self.is_waiting(action);
            let changed = if waits {
                self.told.insert(action)
            } else {
                self.told.remove(&action)
            };
            if changed {
                changes.push((action, waits));
            }
        }
        changes
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use crate::event::{ActionId, StageId};
    use std::any::Any;
    use std::pin::Pin;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::super::testing::{Bench, Hand};
    use super::super::Scope;
    use super::*;

    #[test]
    fn an_action_waits_while_one_of_its_waits_is_open() {
        let bench = Bench::new();
        let mut one = Hand::begin(bench.latch(1, "a").wait());
        let two = Hand::begin(bench.latch(1, "b").wait());
        bench.latch(2, "a").fire();
        one.end().unwrap();
        assert!(bench.table().is_waiting(ActionId(1)));
        drop(two);
        assert!(!bench.table().is_waiting(ActionId(1)));
        // It began and stopped since this was last asked.
        assert_eq!(bench.table().take_changes().count(), 0);
    }

    /// What an action does: which of these, and with which of two names.
    const DEEDS: usize = 9;

    type Deed = Pin<Box<dyn Future<Output = Option<Box<dyn Any>>>>>;

    /// Does something; what has to be kept to go on having it is the value.
    fn deed(bench: &Arc<Bench>, action: u32, deed: usize, name: &str) -> Deed {
        let (lock, latch) = (bench.lock(action, name), bench.latch(action, name));
        let (queue, barrier) = (
            bench.queue::<u8>(action, name, 1),
            bench.barrier(action, name),
        );
        Box::pin(async move {
            match deed {
                0 | 1 => lock.acquire().await.ok().map(|guard| Box::new(guard) as _),
                2 => queue.push(0).await.map_or(None, |()| None),
                3 => queue.pop().await.map_or(None, |_| None),
                4 => latch.wait().await.map_or(None, |()| None),
                5 | 6 => barrier.wait().await.map_or(None, |_| None),
                7 => {
                    latch.fire();
                    None
                }
                _ => {
                    queue.close();
                    None
                }
            }
        })
    }

    proptest! {
        #[test]
        fn after_all_have_ended_nothing_is_left(
            steps in prop::collection::vec((1..5u32, 0..DEEDS + 4, 0..8usize), 0..60),
        ) {
            let bench = Bench::new();
            let mut alive: BTreeSet<u32> = (1..5).collect();
            let scope = |task, width_open| {
                let (stage, job, group, width, exclusive) = (1, 0, 0, 4, false);
                Scope { stage: StageId(stage), job, group, task, width, width_open, exclusive }
            };
            let end = |alive: &mut BTreeSet<u32>, action| {
                alive.remove(&action);
                let left = u32::try_from(alive.len()).unwrap();
                bench.table().end_action(ActionId(action));
                bench.table().end_task(StageId(1), 0, 0, action, left);
                for task in alive.iter() {
                    bench.place(*task, scope(*task, left));
                }
            };
            for action in &alive {
                bench.place(*action, scope(*action, 4));
            }
            let mut kept: Vec<(u32, Box<dyn Any>)> = Vec::new();
            let mut open: Vec<(u32, Hand<_>)> = Vec::new();
            for (action, what, which) in steps {
                if !alive.contains(&action) {
                    continue;
                }
                match what {
                    DEEDS if which < 3 => end(&mut alive, action),
                    DEEDS.. if which % 2 == 0 && !open.is_empty() => {
                        open.remove(which % open.len());
                    }
                    DEEDS.. if !kept.is_empty() => drop(kept.remove(which % kept.len())),
                    _ => {
                        let name = ["a", "b"][which % 2];
                        open.push((action, Hand::new(deed(&bench, action, what, name))));
                    }
                }
                // What one does lets others go on.
                let mut before = usize::MAX;
                while before != open.len() {
                    before = open.len();
                    open.retain_mut(|(action, hand)| match hand.poll() {
                        Some(value) => {
                            kept.extend(value.map(|value| (*action, value)));
                            false
                        }
                        None => true,
                    });
                }
                for action in 1..5 {
                    let waits = open.iter().any(|(other, _)| *other == action);
                    prop_assert_eq!(bench.table().is_waiting(ActionId(action)), waits);
                }
                let open = open.len();
                prop_assert_eq!(bench.table().waits().len(), open);
            }
            while let Some(action) = alive.first().copied() {
                end(&mut alive, action);
            }
            prop_assert!(bench.table().is_quiet());
            open.retain_mut(|(_, hand)| hand.poll().is_none());
            prop_assert!(open.is_empty());
        }
    }
}
