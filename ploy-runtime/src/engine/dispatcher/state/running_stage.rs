//! A stage that is being run: its tasks, and what it comes to.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::fanout_slots::FanoutSlots;
use super::settled::{ActionError, Settled, TaskEnd};
use super::site_outcome::{SiteOutcome, SiteOutcomeSender};
use super::verdict::{Verdict, result};
use crate::error::Kind;
use crate::event::{ErrorReport, EventKind, SkipReason, StageId, TaskResult};
use crate::plan::{Block, Gate, Node, NodeId, Plan, Progress, Step, Task};

/// A stage that is being run.
pub(in crate::engine::dispatcher) struct RunningStage {
    pub(in crate::engine::dispatcher) id: StageId,
    pub(in crate::engine::dispatcher) plan: Arc<Plan>,
    pub(in crate::engine::dispatcher) progress: Progress,
    pub(in crate::engine::dispatcher) slots: FanoutSlots,
    /// How many actions have been started.
    pub(in crate::engine::dispatcher) actions: u32,
    tasks: HashMap<NodeId, RunningTask>,
    gates: u32,
    ends: Vec<TaskEnd>,
    gate_errors: Vec<ErrorReport>,
    /// For each job of each group, how many tasks it has, and how many of them have not ended.
    width: Vec<u32>,
    open: Vec<u32>,
    /// Whether anything was not started because too much had failed.
    held_back: bool,
    /// Whether it is there for failures, so that those of other stages do not stop it.
    in_spite_of_failures: bool,
    sites: Option<SiteEnds>,
    reply: Option<oneshot::Sender<Settled>>,
}

/// What the dispatcher is to do for a stage.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine::dispatcher) enum StageStep {
    Start(NodeId, Task),
    Skip(NodeId, SkipReason),
    Gate(NodeId, u32),
}

/// A task that runs.
#[derive(Debug)]
struct RunningTask {
    begin: Instant,
    /// How many of its actions have not ended.
    open: u32,
    /// How many of these wait for others.
    waiting: u32,
    /// Whether it has given its place back, since all of them wait.
    has_given_back: bool,
    verdict: Verdict,
    errors: Vec<ActionError>,
}

struct SiteEnds {
    open: Vec<u32>,
    line: SiteOutcomeSender,
}

impl RunningStage {
    pub(in crate::engine::dispatcher) fn new(
        id: StageId,
        plan: Arc<Plan>,
        in_spite_of_failures: bool,
        sites: Option<SiteOutcomeSender>,
        reply: oneshot::Sender<Settled>,
    ) -> Self {
        let groups = plan.group_count().max(1) as usize;
        let mut open = vec![0; plan.jobs().len() * groups];
        let mut site_open = vec![
            0;
            if sites.is_some() {
                plan.sites().len()
            } else {
                0
            }
        ];
        for (_, task) in plan.tasks() {
            open[invocation(&plan, task)] += 1;
            if let Some(open) = site_open.get_mut(task.site as usize) {
                *open += 1;
            }
        }
        RunningStage {
            id,
            progress: Progress::new(plan.clone()),
            slots: FanoutSlots::new(plan.sites().len(), plan.options().fanout),
            actions: 0,
            tasks: HashMap::new(),
            gates: 0,
            ends: vec![TaskEnd::Open; plan.nodes().len()],
            gate_errors: Vec::new(),
            width: open.clone(),
            open,
            held_back: false,
            in_spite_of_failures,
            sites: sites.map(|line| SiteEnds {
                open: site_open,
                line,
            }),
            plan,
            reply: Some(reply),
        }
    }

    /// Finds what can be done now: tasks that may start, as far as there are free places, tasks
    /// that will not, and gates.
    pub(in crate::engine::dispatcher) fn advance(&mut self, steps: &mut Vec<StageStep>) {
        loop {
            while let Some(step) = self.progress.next_step() {
                self.take_step(step, steps);
            }
            self.let_return();
            let Some(ready) = self.slots.next() else {
                break;
            };
            for node in ready {
                self.take_step(Step::Ready(node), steps);
            }
        }
    }

    fn take_step(&mut self, step: Step, steps: &mut Vec<StageStep>) {
        match step {
            Step::Skipped(node, block) => {
                let reason = match block {
                    Block::Needs => SkipReason::Blocked,
                    Block::Budget => SkipReason::BudgetSpent,
                    Block::Gate => SkipReason::GateFailed,
                };
                self.held_back |= block == Block::Budget;
                steps.push(StageStep::Skip(node, reason));
            }
            Step::Ready(node) if !self.progress.admits(node) => self.progress.refuse(node),
            Step::Ready(node) => match self.plan.nodes()[node as usize] {
                Node::Gate(Gate::Group(group)) => {
                    self.gates += 1;
                    steps.push(StageStep::Gate(node, group));
                }
                Node::Gate(Gate::Barrier) => self.progress.finish(node, TaskResult::Succeeded),
                Node::Task(task) if self.slots.take_new(task.site) => {
                    steps.push(StageStep::Start(node, task));
                }
                Node::Task(task) => self.slots.wait(task.site, node),
            },
        }
    }

    /// Lets tasks that have waited for others go on, as far as there are free places.
    fn let_return(&mut self) {
        while let Some(returning) = self.slots.next_returning() {
            let Some(task) = self.tasks.get_mut(&returning.node) else {
                continue;
            };
            // Whoever wanted it may have given up; and one action of the task may have got it for
            // all.
            if !returning.reply.is_closed() && task.has_given_back {
                task.has_given_back = false;
                self.slots.take(returning.site);
            }
            let _ = returning.reply.send(());
        }
    }

    /// Notes that a task starts, with so many actions: one at least.
    pub(in crate::engine::dispatcher) fn start(
        &mut self,
        now: Instant,
        node: NodeId,
        actions: u32,
    ) {
        let running = RunningTask {
            begin: now,
            open: actions,
            waiting: 0,
            has_given_back: false,
            verdict: Verdict::default(),
            errors: Vec::new(),
        };
        self.tasks.insert(node, running);
    }

    /// Notes that an action of a task waits for others. If all do, the place is given back.
    pub(in crate::engine::dispatcher) fn begin_wait(&mut self, node: NodeId) {
        if let Some(task) = self.tasks.get_mut(&node) {
            task.waiting += 1;
            self.give_back_if_all_wait(node);
        }
    }

    fn give_back_if_all_wait(&mut self, node: NodeId) {
        if let Some(task) = self.tasks.get_mut(&node)
            && !task.has_given_back
            && task.waiting == task.open
            && let Some(planned) = self.plan.task(node)
        {
            task.has_given_back = true;
            self.slots.give_back(planned.site);
        }
    }

    /// Notes that an action waits no longer though nobody let it: it goes on at once, and has its
    /// place even if that is one too many. Nothing new starts until it is not.
    pub(in crate::engine::dispatcher) fn go_on(&mut self, node: NodeId) {
        let Some(task) = self.tasks.get_mut(&node) else {
            return;
        };
        task.waiting = task.waiting.saturating_sub(1);
        if std::mem::take(&mut task.has_given_back)
            && let Some(planned) = self.plan.task(node)
        {
            self.slots.take_anyway(planned.site);
        }
    }

    /// Notes that an action waits no longer. Says whether it may go on; if not, its task needs its
    /// place back first.
    pub(in crate::engine::dispatcher) fn end_wait(&mut self, node: NodeId) -> bool {
        let Some(task) = self.tasks.get_mut(&node) else {
            return true;
        };
        task.waiting = task.waiting.saturating_sub(1);
        if !task.has_given_back {
            return true;
        }
        let can = self
            .plan
            .task(node)
            .is_none_or(|planned| self.slots.take(planned.site));
        task.has_given_back = !can;
        can
    }

    /// Takes the end of an action in. Returns how its task ended, and how long it ran, if this was
    /// its last.
    pub(in crate::engine::dispatcher) fn finish_action(
        &mut self,
        node: NodeId,
        name: &str,
        errors: &[ErrorReport],
        waited: bool,
        now: Instant,
    ) -> Option<(TaskResult, std::time::Duration)> {
        let task = self.tasks.get_mut(&node)?;
        task.open -= 1;
        task.waiting -= u32::from(waited);
        task.verdict.take(errors);
        task.errors.extend(errors.iter().map(|error| ActionError {
            action: name.into(),
            error: error.clone(),
        }));
        if task.open > 0 {
            self.give_back_if_all_wait(node);
            return None;
        }
        let task = self.tasks.remove(&node)?;
        let planned = *self.plan.task(node)?;
        if !task.has_given_back {
            self.slots.give_back(planned.site);
        }
        let result = task.verdict.result();
        self.progress.finish(node, result);
        self.ends[node as usize] = TaskEnd::Ended(result, task.errors.into());
        self.account(&planned);
        Some((result, now.saturating_duration_since(task.begin)))
    }

    /// Takes the end of what was done at a gate in.
    pub(in crate::engine::dispatcher) fn finish_gate(
        &mut self,
        node: NodeId,
        errors: &[ErrorReport],
    ) {
        self.gates -= 1;
        // One that was cancelled has found nothing.
        let failures = errors.iter().filter(|error| error.kind != Kind::Cancelled);
        self.gate_errors.extend(failures.cloned());
        self.progress.finish(node, result(errors));
    }

    /// Notes that a task will not start.
    pub(in crate::engine::dispatcher) fn skip(
        &mut self,
        node: NodeId,
        reason: SkipReason,
    ) -> Option<EventKind> {
        let task = *self.plan.task(node)?;
        self.ends[node as usize] = TaskEnd::Skipped(reason);
        self.account(&task);
        Some(EventKind::TaskSkipped {
            stage: self.id,
            task: node.into(),
            job: task.job.into(),
            site: task.site.into(),
            reason,
        })
    }

    fn account(&mut self, task: &Task) {
        self.open[invocation(&self.plan, task)] -= 1;
        let Some(sites) = &mut self.sites else { return };
        sites.open[task.site as usize] -= 1;
        if sites.open[task.site as usize] == 0 {
            // Whoever listened may have stopped.
            let _ = sites
                .line
                .send(SiteOutcome::new(&self.plan, &self.ends, task.site));
        }
    }

    /// How many tasks this task's job has in its group.
    pub(in crate::engine::dispatcher) fn width_beside(&self, task: &Task) -> u32 {
        self.width[invocation(&self.plan, task)]
    }

    /// How many tasks of this task's job and group have not ended.
    pub(in crate::engine::dispatcher) fn open_beside(&self, task: &Task) -> u32 {
        self.open[invocation(&self.plan, task)]
    }

    /// The tasks that have neither started nor been skipped.
    pub(in crate::engine::dispatcher) fn waiting(&self) -> Vec<NodeId> {
        self.plan
            .tasks()
            .map(|(node, _)| node)
            .filter(|node| {
                matches!(self.ends[*node as usize], TaskEnd::Open) && !self.tasks.contains_key(node)
            })
            .collect()
    }

    /// Tells that the budget of the run is spent, unless the stage is there for that.
    pub(in crate::engine::dispatcher) fn hear_of_spent_budget(&mut self) {
        if !self.in_spite_of_failures {
            self.progress.spend();
        }
    }

    /// Whether the last task has ended; `cancelled` if those that have not started never will.
    pub(in crate::engine::dispatcher) fn is_over(&self, cancelled: bool) -> bool {
        self.tasks.is_empty() && self.gates == 0 && (cancelled || self.progress.is_done())
    }

    pub(in crate::engine::dispatcher) fn ended(&self) -> EventKind {
        EventKind::StageFinished {
            stage: self.id,
            failed: self.progress.failures(),
            budget_spent: self.held_back,
        }
    }

    /// Hands the outcome to whoever waits for it.
    pub(in crate::engine::dispatcher) fn settle(&mut self) {
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(Settled {
                plan: Some(self.plan.clone()),
                ends: std::mem::take(&mut self.ends),
                refusal: None,
                gate_errors: std::mem::take(&mut self.gate_errors),
            });
        }
    }
}

fn invocation(plan: &Plan, task: &Task) -> usize {
    let groups = plan.group_count().max(1);
    (task.job * groups + plan.group(task.site)) as usize
}
