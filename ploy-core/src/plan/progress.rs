//! How far a plan has come, and what may be done next.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{EdgeKind, Node, NodeId, Plan};
use crate::event::TaskResult;

/// What may be done next in a plan that is being run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// All that the node waits for has ended: it may start, if [`Progress::admits`] it at that
    /// moment. A gate is among the steps only if there is something to do at it.
    Ready(NodeId),
    /// The task will never start.
    Skipped(NodeId, Block),
}

/// Why a task will never start. The gravest of several is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Block {
    /// What it needs failed, or was not started either.
    Needs,
    /// More tasks have failed than the stage, or the run, allows.
    Budget,
    /// The check before its group failed.
    Gate,
}

/// How far a plan has come. Whoever runs it asks for the next steps and tells what ended.
#[derive(Debug)]
pub struct Progress {
    plan: Arc<Plan>,
    /// How many edges each node still waits at.
    waiting: Vec<u32>,
    marks: Vec<Mark>,
    steps: VecDeque<Step>,
    failures: u32,
    spent_elsewhere: bool,
    open: usize,
}

/// What is known of a node that has not ended.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    block: Option<Block>,
    /// Whether it waits for other sites, or for nothing at all: such a task is not started once the
    /// budget is spent. A task that only needs the one before it on its site belongs to a site that
    /// has begun.
    heeds_budget: bool,
}

impl Progress {
    /// At the beginning: what waits for nothing is ready.
    pub fn new(plan: Arc<Plan>) -> Self {
        let nodes = plan.nodes.len();
        let mut waiting = vec![0; nodes];
        let mut marks = vec![Mark::default(); nodes];
        for edge in plan.edges() {
            waiting[edge.to as usize] += 1;
            marks[edge.to as usize].heeds_budget |= edge.kind == EdgeKind::After;
        }
        let mut steps = VecDeque::new();
        for (id, (waiting, mark)) in (0..).zip(waiting.iter().zip(&mut marks)) {
            if *waiting == 0 {
                mark.heeds_budget = true;
                steps.push_back(Step::Ready(id));
            }
        }
        Progress {
            open: plan.tasks().count(),
            plan,
            waiting,
            marks,
            steps,
            failures: 0,
            spent_elsewhere: false,
        }
    }

    /// The next step, if there is one at the moment.
    pub fn next_step(&mut self) -> Option<Step> {
        self.steps.pop_front()
    }

    /// Whether a task that is ready may start now. One that waited for a free place may no longer.
    pub fn admits(&self, node: NodeId) -> bool {
        !(self.is_budget_spent() && self.marks[node as usize].heeds_budget)
    }

    /// Gives up a node that was ready, and that is not admitted.
    pub fn refuse(&mut self, node: NodeId) {
        if self.plan.task(node).is_some() {
            self.steps.push_back(Step::Skipped(node, Block::Budget));
        }
        self.end(node, End::Skipped(Block::Budget));
    }

    /// Tells how a task has ended, or what was to be done at a gate. One that was cancelled did not
    /// succeed, and is no failure that counts.
    pub fn finish(&mut self, node: NodeId, result: TaskResult) {
        let end = match result {
            TaskResult::Succeeded => End::Succeeded,
            TaskResult::Failed | TaskResult::Unreachable | TaskResult::Cancelled => End::Failed,
        };
        let counts = self.plan.task(node).is_some() && result != TaskResult::Cancelled;
        self.failures += u32::from(counts && result != TaskResult::Succeeded);
        self.end(node, end);
    }

    /// Tells that the budget of the whole run is spent.
    pub fn spend(&mut self) {
        self.spent_elsewhere = true;
    }

    /// How many tasks have failed.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Whether more tasks failed than the stage, or the run, allows.
    pub fn is_budget_spent(&self) -> bool {
        self.spent_elsewhere
            || self
                .plan
                .budget
                .is_some_and(|budget| self.failures > budget)
    }

    /// Whether every task has ended or been skipped.
    pub fn is_done(&self) -> bool {
        self.open == 0
    }

    fn end(&mut self, node: NodeId, end: End) {
        let plan = self.plan.clone();
        // First in, first out: tasks are skipped in the order in which they would have run.
        let mut ended = VecDeque::from([(node, end)]);
        while let Some((node, end)) = ended.pop_front() {
            let is_gate = matches!(plan.nodes[node as usize], Node::Gate(_));
            self.open -= usize::from(!is_gate);
            for &(to, kind) in plan.edges.of(node) {
                let block = self.block(is_gate, end, kind);
                let mark = &mut self.marks[to as usize];
                mark.block = mark.block.max(block);
                self.waiting[to as usize] -= 1;
                if self.waiting[to as usize] == 0 {
                    ended.extend(self.ripen(&plan, to));
                }
            }
        }
    }

    /// What the end of a node means for one that waits for it.
    fn block(&self, is_gate: bool, end: End, kind: EdgeKind) -> Option<Block> {
        match (kind, end) {
            // What a failed check ends stays ended, whatever else may pass.
            (_, End::Skipped(Block::Gate)) => Some(Block::Gate),
            (EdgeKind::After, End::Failed) if is_gate => Some(Block::Gate),
            // The site has not begun, and does not begin with a later job.
            (EdgeKind::Needs, End::Skipped(Block::Budget)) => Some(Block::Budget),
            // A task that was skipped did not succeed either, whatever the reason.
            (EdgeKind::Needs, End::Failed | End::Skipped(_)) if self.plan.break_on_error => {
                Some(Block::Needs)
            }
            (EdgeKind::Needs, _) => None,
            (EdgeKind::After, _) => self.is_budget_spent().then_some(Block::Budget),
        }
    }

    /// All that a node waits for has ended. Returns its own end, if that is decided by this.
    fn ripen(&mut self, plan: &Plan, node: NodeId) -> Option<(NodeId, End)> {
        let block = self.marks[node as usize].block;
        match (&plan.nodes[node as usize], block) {
            (Node::Gate(_), Some(block)) => Some((node, End::Skipped(block))),
            (Node::Gate(gate), None) if plan.work_at(*gate).is_none() => {
                Some((node, End::Succeeded))
            }
            (Node::Task(_), Some(block)) => {
                self.steps.push_back(Step::Skipped(node, block));
                Some((node, End::Skipped(block)))
            }
            (_, None) => {
                self.steps.push_back(Step::Ready(node));
                None
            }
        }
    }
}

/// How a node ended.
#[derive(Clone, Copy, Debug)]
enum End {
    Succeeded,
    Failed,
    Skipped(Block),
}
