use std::collections::VecDeque;

use super::{Edge, EdgeKind, Node, NodeId, Plan};

/// What may be done next in a plan that is being run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// All that the task waits for has ended: it may start.
    Ready(NodeId),
    /// The task will never start, because of what it waits for.
    Skipped(NodeId),
}

/// How far a plan has come. Whoever runs it asks for the next steps and tells what ended.
#[derive(Debug)]
pub struct Progress {
    /// For each node, the edges that leave it: `targets[starts[n]..starts[n + 1]]`.
    starts: Vec<u32>,
    targets: Vec<(NodeId, EdgeKind)>,
    waiting: Vec<u32>,
    /// Nodes that will be skipped once all they wait for has ended.
    doomed: Vec<bool>,
    is_gate: Vec<bool>,
    steps: VecDeque<Step>,
    failures: u32,
    budget: Option<u32>,
    break_on_error: bool,
    open: usize,
}

impl Progress {
    /// At the beginning: what waits for nothing is ready.
    pub fn new(plan: &Plan) -> Self {
        let nodes = plan.nodes.len();
        let mut progress = Progress {
            starts: vec![0; nodes + 1],
            targets: Vec::with_capacity(plan.edges.len()),
            waiting: vec![0; nodes],
            doomed: vec![false; nodes],
            is_gate: plan.nodes.iter().map(|node| *node == Node::Gate).collect(),
            steps: VecDeque::new(),
            failures: 0,
            budget: plan.budget,
            break_on_error: plan.break_on_error,
            open: plan.tasks().count(),
        };
        let mut edges: Vec<&Edge> = plan.edges.iter().collect();
        edges.sort_by_key(|edge| edge.from);
        for edge in edges {
            progress.starts[edge.from as usize + 1] += 1;
            progress.targets.push((edge.to, edge.kind));
            progress.waiting[edge.to as usize] += 1;
        }
        for node in 0..nodes {
            progress.starts[node + 1] += progress.starts[node];
        }
        for (id, node) in (0..).zip(0..nodes) {
            if progress.waiting[node] == 0 {
                progress.steps.push_back(Step::Ready(id));
            }
        }
        progress
    }

    /// The next step, if there is one at the moment.
    pub fn next_step(&mut self) -> Option<Step> {
        match self.steps.pop_front()? {
            // It became ready before the budget was spent, and waited for a free place.
            Step::Ready(node) if self.is_budget_spent() && !self.is_gate[node as usize] => {
                self.end(node, false, true);
                Some(Step::Skipped(node))
            }
            step => Some(step),
        }
    }

    /// Puts a step back that could not be taken yet: it comes first again.
    pub fn put_back(&mut self, step: Step) {
        self.steps.push_front(step);
    }

    /// Tells that a task has ended.
    pub fn finish(&mut self, node: NodeId, succeeded: bool) {
        self.failures += u32::from(!succeeded);
        self.end(node, succeeded, false);
    }

    /// How many tasks have failed.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Whether more tasks failed than the stage allows.
    pub fn is_budget_spent(&self) -> bool {
        self.budget.is_some_and(|budget| self.failures > budget)
    }

    /// Whether every task has ended or been skipped.
    pub fn is_done(&self) -> bool {
        self.open == 0
    }

    fn end(&mut self, node: NodeId, succeeded: bool, skipped: bool) {
        let mut ended = vec![(node, succeeded, skipped)];
        while let Some((node, succeeded, skipped)) = ended.pop() {
            let index = node as usize;
            self.open -= usize::from(!self.is_gate[index]);
            for edge in self.starts[index] as usize..self.starts[index + 1] as usize {
                let (to, kind) = self.targets[edge];
                let target = to as usize;
                self.doomed[target] |= match kind {
                    // A task that was skipped did not succeed either, whatever the reason.
                    EdgeKind::Needs => self.break_on_error && (!succeeded || skipped),
                    EdgeKind::After => self.is_budget_spent(),
                };
                self.waiting[target] -= 1;
                if self.waiting[target] > 0 {
                    continue;
                }
                // What follows by *after* is skipped when the budget is spent, also by what failed elsewhere.
                if self.is_gate[target] {
                    ended.push((to, true, false));
                } else if self.doomed[target] {
                    self.steps.push_back(Step::Skipped(to));
                    ended.push((to, false, true));
                } else {
                    self.steps.push_back(Step::Ready(to));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::{Catalogue, Mode, Options, Stage};
    use crate::plan::build;
    use crate::topology::{Settings, Topology};

    /// A plan of `jobs` on `sites`, each job on the sites whose bit is set.
    fn plan(mode: Mode, jobs: &[u8], break_on_error: bool, max_fail: Option<u32>) -> Plan {
        let mut topology = Topology::new();
        for site in 0..8 {
            topology.add(format!("s{site}"), Settings::new());
        }
        let mut catalogue = Catalogue::<(), ()>::new();
        let names: Vec<String> = (0..jobs.len()).map(|job| format!("j{job}")).collect();
        for (name, bits) in names.iter().zip(jobs) {
            let roles: Vec<String> = (0..8)
                .filter(|site| bits & (1 << site) != 0)
                .map(|site| format!("s{site}"))
                .collect();
            if roles.is_empty() {
                catalogue.add(name, Vec::<String>::new(), Vec::<()>::new());
            } else {
                catalogue.add(name, roles, [()]);
            }
        }
        let mut stage = Stage::new(mode, names).break_on_error(break_on_error);
        if let Some(tasks) = max_fail {
            stage = stage.max_fail(tasks);
        }
        build(&catalogue, &topology, &stage, &Options::new()).unwrap()
    }

    proptest! {
        /// Whatever fails, every task ends once: run or skipped. What runs obeys the mode, and what is skipped had a
        /// reason.
        #[test]
        fn every_task_ends_once_and_in_order(
            mode in prop::sample::select(vec![Mode::SiteSequential, Mode::Sequential, Mode::Atomic, Mode::Parallel]),
            jobs in prop::collection::vec(any::<u8>(), 0..5),
            break_on_error: bool,
            max_fail in prop::option::of(0_u32..4),
            choices in prop::collection::vec(any::<(u8, bool)>(), 64),
        ) {
            let plan = plan(mode, &jobs, break_on_error, max_fail);
            let mut progress = Progress::new(&plan);
            let mut choices = choices.iter().cycle();
            let mut running: Vec<NodeId> = Vec::new();
            let (mut ended, mut failed, mut skipped) = (HashSet::new(), HashSet::new(), HashSet::new());
            loop {
                while let Some(step) = progress.next_step() {
                    match step {
                        Step::Ready(node) if plan.task(node).is_none() => progress.finish(node, true),
                        Step::Ready(node) => {
                            let task = plan.task(node).unwrap();
                            for (other, earlier) in plan.tasks().filter(|(other, _)| *other != node) {
                                let before = match mode {
                                    Mode::SiteSequential => earlier.site == task.site && earlier.job < task.job,
                                    Mode::Sequential => earlier.job < task.job,
                                    Mode::Atomic => (earlier.job, earlier.site) < (task.job, task.site),
                                    Mode::Parallel => false,
                                };
                                prop_assert!(!before || ended.contains(&other));
                                let chained = earlier.site == task.site && earlier.job < task.job && mode != Mode::Parallel;
                                prop_assert!(!(chained && break_on_error && failed.contains(&other)));
                            }
                            running.push(node);
                        }
                        Step::Skipped(node) => {
                            prop_assert!(skipped.insert(node) && ended.insert(node));
                            let task = plan.task(node).unwrap();
                            let broken = break_on_error && plan.tasks().any(|(other, earlier)| {
                                earlier.site == task.site && earlier.job < task.job
                                    && (failed.contains(&other) || skipped.contains(&other))
                            });
                            prop_assert!(broken || progress.is_budget_spent());
                        }
                    }
                }
                if running.is_empty() {
                    break;
                }
                let (pick, ok) = choices.next().unwrap();
                let node = running.swap_remove(usize::from(*pick) % running.len());
                prop_assert!(ended.insert(node));
                if !ok {
                    failed.insert(node);
                }
                progress.finish(node, *ok);
            }
            prop_assert!(progress.is_done());
            prop_assert_eq!(ended.len(), plan.tasks().count());
            prop_assert_eq!(progress.failures() as usize, failed.len());
            if !break_on_error && max_fail.is_none() && matches!(mode, Mode::SiteSequential | Mode::Parallel) {
                prop_assert!(skipped.is_empty());
            }
        }
    }
}
