use std::sync::Arc;

use tokio::sync::oneshot;

use super::message::ActionEnd;
use super::outcome::{Settled, TaskEnd};
use crate::error::Kind;
use crate::event::{EventKind, SkipReason, TaskResult, View};
use crate::plan::{NodeId, Plan, Progress, Step};

/// Sites at once, unless told otherwise.
const FANOUT: u32 = 32;

/// A stage that is being run.
pub(super) struct RunningStage {
    pub(super) number: u32,
    pub(super) plan: Arc<Plan>,
    pub(super) progress: Progress,
    pub(super) running: u32,
    /// How many actions have been started.
    pub(super) actions: u32,
    ends: Vec<Option<TaskEnd>>,
    started: Vec<bool>,
    blocked: bool,
    reply: Option<oneshot::Sender<Settled>>,
}

impl RunningStage {
    pub(super) fn new(number: u32, plan: Arc<Plan>, reply: oneshot::Sender<Settled>) -> Self {
        let nodes = plan.nodes().len();
        RunningStage {
            number,
            progress: Progress::new(&plan),
            plan,
            running: 0,
            actions: 0,
            ends: (0..nodes).map(|_| None).collect(),
            started: vec![false; nodes],
            blocked: false,
            reply: Some(reply),
        }
    }

    pub(super) fn began(&self) -> EventKind {
        let options = self.plan.options();
        EventKind::StageBegan {
            stage: self.number,
            name: options.name.clone(),
            desc: options.desc.clone(),
            mode: self.plan.mode(),
            jobs: self
                .plan
                .jobs()
                .iter()
                .map(|job| job.name().to_owned())
                .collect(),
            sites: self
                .plan
                .sites()
                .iter()
                .map(|site| site.name().to_owned())
                .collect(),
            tasks: u32::try_from(self.plan.tasks().count()).unwrap_or(u32::MAX),
            view: View {
                report: options.report.unwrap_or(true),
                debug: options.debug.unwrap_or(false),
                log: options.log.unwrap_or(true),
                quiet: options.quiet.unwrap_or(false),
            },
        }
    }

    /// The tasks that may start now, as far as there are free places; and what is to be told of tasks that will not.
    pub(super) fn take_ready(&mut self, events: &mut Vec<EventKind>) -> Vec<NodeId> {
        let fanout = self.plan.options().fanout.unwrap_or(FANOUT).max(1);
        let mut ready = Vec::new();
        while let Some(step) = self.progress.next_step() {
            match step {
                Step::Ready(node) if self.plan.task(node).is_none() => {
                    self.progress.finish(node, true);
                }
                Step::Ready(node) => {
                    if self.running == fanout {
                        self.progress.put_back(step);
                        break;
                    }
                    self.running += 1;
                    self.started[node as usize] = true;
                    events.extend(self.plan.task(node).map(|task| EventKind::TaskStarted {
                        stage: self.number,
                        task: node,
                        job: task.job,
                        site: task.site,
                    }));
                    ready.push(node);
                }
                Step::Skipped(node) => {
                    self.blocked = true;
                    self.skip(node, SkipReason::Blocked, events);
                }
            }
        }
        ready
    }

    fn skip(&mut self, node: NodeId, reason: SkipReason, events: &mut Vec<EventKind>) {
        if let Some(task) = self.plan.task(node) {
            self.ends[node as usize] = Some(TaskEnd::Skipped);
            self.started[node as usize] = true;
            let (job, site) = (task.job, task.site);
            events.push(EventKind::TaskSkipped {
                stage: self.number,
                task: node,
                job,
                site,
                reason,
            });
        }
    }

    /// Gives up all tasks that have not started.
    pub(super) fn cancel(&mut self, events: &mut Vec<EventKind>) {
        let waiting: Vec<NodeId> = self
            .plan
            .tasks()
            .map(|(node, _)| node)
            .filter(|node| !self.started[*node as usize])
            .collect();
        for node in waiting {
            self.skip(node, SkipReason::Cancelled, events);
        }
    }

    /// Takes the end of a task in, and says how it ended.
    pub(super) fn finish(&mut self, node: NodeId, actions: Vec<ActionEnd>) -> TaskResult {
        let result = result(&actions);
        self.running -= 1;
        self.progress.finish(node, result == TaskResult::Succeeded);
        self.ends[node as usize] = Some(TaskEnd::Ended { result, actions });
        result
    }

    /// Whether the last task has ended; `cancelled` if those that have not started never will.
    pub(super) fn is_over(&self, cancelled: bool) -> bool {
        self.running == 0 && (cancelled || self.progress.is_done())
    }

    pub(super) fn ended(&self) -> EventKind {
        EventKind::StageEnded {
            stage: self.number,
            failed: self.progress.failures(),
            budget_spent: self.blocked && self.progress.is_budget_spent(),
        }
    }

    /// Hands the outcome to whoever waits for it.
    pub(super) fn settle(&mut self) {
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(Settled {
                plan: Some(self.plan.clone()),
                ends: std::mem::take(&mut self.ends),
                refusal: None,
            });
        }
    }
}

fn result(actions: &[ActionEnd]) -> TaskResult {
    let faults = || {
        actions
            .iter()
            .filter_map(|action| action.faults.as_ref())
            .flatten()
    };
    if faults().any(|fault| fault.kind != Kind::Cancelled && !fault.kind.is_unreachable()) {
        TaskResult::Failed
    } else if faults().any(|fault| fault.kind.is_unreachable()) {
        TaskResult::Unreachable
    } else if faults().next().is_some() || actions.iter().any(|action| action.faults.is_none()) {
        TaskResult::Cancelled
    } else {
        TaskResult::Succeeded
    }
}
