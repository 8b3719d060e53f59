//! What holds for the run of every plan: an oracle, and random stages.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use proptest::prelude::*;

use crate::catalogue::{Amount, Catalogue, GroupCheck, Groups, Mode, Options, Stage};
use crate::event::TaskResult;
use crate::plan::{Block, Gate, Node, NodeId, Plan, Progress, Step, build};
use crate::topology::{Settings, Topology};

/// A random stage of up to eight sites and some jobs.
#[derive(Clone, Debug)]
struct Scenario {
    mode: Mode,
    /// For each job, for each of its actions, on which sites it runs.
    jobs: Vec<Vec<u8>>,
    /// In which order and how often the stage lists them.
    list: Vec<usize>,
    /// The sites that the stage is restricted to.
    on: Option<u8>,
    once: bool,
    groups: u32,
    check: bool,
    break_on_error: bool,
    max_fail: Option<Amount>,
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let amount = prop_oneof![
        (0_u32..4).prop_map(Amount::Count),
        (0_u32..60).prop_map(Amount::Percent)
    ];
    (
        prop::sample::select(Mode::ALL.to_vec()),
        prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3), 1..4),
        prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        prop::option::weighted(0.3, any::<u8>()),
        prop::bool::weighted(0.2),
        1_u32..4,
        any::<bool>(),
        any::<bool>(),
        prop::option::of(amount),
    )
        .prop_map(
            |(mode, jobs, list, on, once, groups, check, break_on_error, max_fail)| Scenario {
                list: list
                    .into_iter()
                    .map(|index| index.index(jobs.len()))
                    .collect(),
                mode,
                jobs,
                on,
                once,
                groups,
                check,
                break_on_error,
                max_fail,
            },
        )
}

fn sites_of(bits: u8) -> Vec<String> {
    (0..8)
        .filter(|site| bits & (1 << site) != 0)
        .map(|site| format!("s{site}"))
        .collect()
}

impl Scenario {
    fn plan(&self) -> Plan {
        let mut topology = Topology::new();
        for site in 0..8 {
            topology.add(format!("s{site}"), Settings::new());
        }
        let mut catalogue = Catalogue::<(), ()>::new();
        for (number, actions) in self.jobs.iter().enumerate() {
            let name = format!("j{number}");
            catalogue.add(&name, Vec::<String>::new(), Vec::<()>::new());
            for bits in actions.iter().filter(|bits| **bits != 0) {
                catalogue.add(&name, sites_of(*bits), [()]);
            }
        }
        let names: Vec<String> = self
            .list
            .iter()
            .map(|number| format!("j{number}"))
            .collect();
        let mut stage = Stage::new(self.mode, names)
            .groups(self.groups)
            .once(self.once)
            .break_on_error(self.break_on_error);
        if let Some(most) = self.max_fail {
            stage = stage.max_fail(most);
        }
        if let Some(bits) = self.on {
            stage = stage.on(sites_of(bits));
        }
        if self.check {
            stage = stage.check(GroupCheck::with_body("check", ()));
        }
        build(&catalogue, &topology, &stage, &Options::new()).unwrap()
    }

    /// What the plan must cover: (place in the list, site), with the number of actions there.
    fn expected(&self) -> BTreeSet<(usize, String, usize)> {
        let mut expected = BTreeSet::new();
        for (place, job) in self.list.iter().enumerate() {
            for site in 0..8 {
                let chosen = self.on.is_none_or(|on| on & (1 << site) != 0);
                let actions = self.jobs[*job]
                    .iter()
                    .filter(|bits| **bits & (1 << site) != 0)
                    .count();
                if chosen && actions > 0 {
                    expected.insert((place, format!("s{site}"), actions));
                    if self.once {
                        break;
                    }
                }
            }
        }
        expected
    }

    fn budget(&self, tasks: usize) -> Option<usize> {
        match self.max_fail {
            Some(Amount::Count(most)) => Some(most as usize),
            Some(Amount::Percent(percent)) => Some(tasks * percent as usize / 100),
            None if !self.break_on_error => None,
            None if [Mode::SiteSequential, Mode::Parallel].contains(&self.mode) => None,
            None => Some(0),
        }
    }
}

/// How far a run of a plan has come, as a reader of the rules would keep it.
struct Oracle<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    ended: HashSet<NodeId>,
    bad: HashSet<NodeId>,
    failures: usize,
    failed_gate: Option<u32>,
    /// What was not started because too much had failed.
    held: HashSet<NodeId>,
}

impl Oracle<'_> {
    /// The task before this one on its site.
    fn needed(&self, node: NodeId) -> Option<NodeId> {
        let task = self.plan.task(node).unwrap();
        if self.scenario.mode == Mode::Parallel {
            return None;
        }
        self.plan
            .tasks()
            .filter(|(_, other)| other.site == task.site && other.job < task.job)
            .map(|(other, _)| other)
            .last()
    }

    /// Whether the mode lets the task begin only after the other.
    fn comes_after(&self, node: NodeId, other: NodeId) -> bool {
        let (task, earlier) = (
            self.plan.task(node).unwrap(),
            self.plan.task(other).unwrap(),
        );
        let same_site = earlier.site == task.site && earlier.job < task.job;
        match self.scenario.mode {
            Mode::SiteSequential => same_site,
            Mode::Sequential => earlier.job < task.job,
            Mode::Atomic => (earlier.job, earlier.site) < (task.job, task.site),
            Mode::Rolling => {
                same_site || self.plan.group(earlier.site) < self.plan.group(task.site)
            }
            Mode::Parallel => false,
        }
    }

    /// Whether there is a reason not to start the task now.
    fn is_blocked(&self, node: NodeId) -> bool {
        let task = self.plan.task(node).unwrap();
        let needed = self.needed(node);
        let needs =
            self.scenario.break_on_error && needed.is_some_and(|needed| self.bad.contains(&needed));
        let budget = self.scenario.budget(self.plan.tasks().count());
        let spent = budget.is_some_and(|budget| self.failures > budget);
        // A site begins with the first of its jobs; one that was kept from that never begins.
        let never_began = needed.is_some_and(|needed| self.held.contains(&needed));
        let heeds = match self.scenario.mode {
            Mode::SiteSequential | Mode::Rolling => needed.is_none() || never_began,
            Mode::Sequential | Mode::Atomic | Mode::Parallel => true,
        };
        let gate = self
            .failed_gate
            .is_some_and(|gate| self.plan.group(task.site) > gate);
        needs || (spent && heeds) || gate
    }
}

proptest! {
    /// The plan covers exactly what it must.
    #[test]
    fn a_plan_has_each_task_once(scenario in scenario()) {
        let plan = scenario.plan();
        let planned: Vec<_> = plan
            .tasks()
            .map(|(_, task)| {
                let site = plan.sites[task.site as usize].name().to_owned();
                (task.job as usize, site, plan.actions(task).len())
            })
            .collect();
        let set: BTreeSet<_> = planned.iter().cloned().collect();
        prop_assert_eq!(set.len(), planned.len());
        prop_assert_eq!(set, scenario.expected());
        if scenario.mode == Mode::Rolling {
            let sizes = Groups::from(scenario.groups).sizes(u32::try_from(plan.sites.len()).unwrap());
            prop_assert_eq!(plan.group_count() as usize, sizes.len());
        }
    }

    /// Whatever fails, every task ends once: run or skipped. It runs when the mode lets it and
    /// nothing blocks it, and is skipped only if something does.
    #[test]
    fn every_task_ends_once_in_order_and_for_a_reason(
        scenario in scenario(),
        choices in prop::collection::vec(any::<(u8, bool)>(), 64),
    ) {
        let plan = Arc::new(scenario.plan());
        let mut progress = Progress::new(plan.clone());
        let mut oracle = Oracle {
            scenario: &scenario,
            plan: &plan,
            ended: HashSet::new(),
            bad: HashSet::new(),
            failures: 0,
            failed_gate: None,
            held: HashSet::new(),
        };
        let mut choices = choices.iter().cycle();
        // Ready but without a place, and running.
        let (mut ready, mut running): (Vec<NodeId>, Vec<NodeId>) = (Vec::new(), Vec::new());
        loop {
            while let Some(step) = progress.next_step() {
                match step {
                    Step::Ready(node) => ready.push(node),
                    Step::Skipped(node, block) => {
                        prop_assert!(oracle.is_blocked(node), "skipped without a reason");
                        if block == Block::Budget {
                            oracle.held.insert(node);
                        }
                        prop_assert!(oracle.ended.insert(node), "ended twice");
                        oracle.bad.insert(node);
                    }
                }
            }
            let (pick, good) = *choices.next().unwrap();
            if !ready.is_empty() && (running.is_empty() || pick % 2 == 0) {
                let node = ready.remove(0);
                if !progress.admits(node) {
                    progress.refuse(node);
                    continue;
                }
                if let Some(task) = plan.task(node) {
                    prop_assert!(!oracle.is_blocked(node), "{task:?} started and should not have");
                    for (other, _) in plan.tasks() {
                        prop_assert!(!oracle.comes_after(node, other) || oracle.ended.contains(&other));
                    }
                } else {
                    prop_assert!(scenario.check, "a gate without work");
                }
                running.push(node);
            } else if !running.is_empty() {
                let node = running.swap_remove(usize::from(pick) % running.len());
                match plan.nodes()[node as usize] {
                    Node::Task(_) => {
                        prop_assert!(oracle.ended.insert(node), "ended twice");
                        if !good {
                            oracle.failures += 1;
                            oracle.bad.insert(node);
                        }
                    }
                    Node::Gate(Gate::Group(group)) if !good => oracle.failed_gate = Some(group),
                    Node::Gate(_) => {}
                }
                let result = if good { TaskResult::Succeeded } else { TaskResult::Failed };
                progress.finish(node, result);
            } else {
                break;
            }
        }
        prop_assert!(progress.is_done());
        prop_assert_eq!(oracle.ended.len(), plan.tasks().count());
        prop_assert_eq!(progress.failures() as usize, oracle.failures);
    }
}
