//! Starting and ending tasks, their actions, and gates.

use std::sync::Arc;

use super::actions::{Role, RunningAction};
use super::dispatcher::Dispatcher;
use super::executor::{self, Order, Work};
use super::group::{Group, Inner};
use super::timers::Timer;
use crate::action::{Cx, Place, Teller};
use crate::event::{EventKind, QualifiedActionId, QualifiedStageId, SkipReason, TaskResult};
use crate::plan::NodeId;
use crate::shell::cancel_channel;
use crate::sync::Scope;

impl Dispatcher {
    pub(super) fn start_task(&mut self, stage: u32, node: NodeId) {
        let Some(running) = self.stages.get_mut(&stage) else {
            return;
        };
        let plan = running.plan.clone();
        let Some(task) = plan.task(node) else { return };
        let fragments = running.start(node, task);
        self.reporting.emit(EventKind::TaskStarted {
            stage: stage.into(),
            task: node.into(),
            job: task.job.into(),
            site: task.site.into(),
        });
        if let Some(limit) = plan.options().task_timeout {
            self.timers.set(limit, Timer::Task { stage, node });
        }
        let context = self.context.clone();
        let planned = &plan.jobs()[task.job as usize];
        // A plan is made from this catalogue, which does not change meanwhile.
        let Some(job) = context.catalogue.job(planned.name()) else {
            return;
        };
        let mut site = plan.sites()[task.site as usize].clone();
        if let Some(user) = job.run_as() {
            site = Arc::new(site.run_by(user));
        }
        for (fragment, &number) in (1..).zip(plan.actions(task)) {
            let Some(action) = job.actions().get(number as usize) else {
                continue;
            };
            let id = self.next_action();
            let index = match self.stages.get_mut(&stage) {
                Some(running) => {
                    running.actions += 1;
                    running.actions
                }
                None => return,
            };
            let place = Place {
                site: site.clone(),
                job: planned.name.clone(),
                arguments: planned.arguments.clone(),
                id: QualifiedActionId {
                    stage: QualifiedStageId {
                        batch: context.batch.clone(),
                        stage: stage.into(),
                    },
                    action: id.into(),
                    attempt: 1,
                },
                numbers: (task.job, task.site),
                index,
                fragment,
                fragments,
                group: (plan.group(task.site), plan.group_count()),
            };
            let role = Role::Task {
                stage,
                node,
                name: action.name().to_owned(),
                place,
                action: number,
            };
            let (sender, cancel) = cancel_channel();
            self.actions
                .insert(id, RunningAction::new(role, sender, job.is_critical()));
            self.start_try(id, cancel);
        }
    }

    pub(super) fn next_action(&mut self) -> u32 {
        let number = self.next_action;
        self.next_action += 1;
        number
    }

    /// Tells that a try of an action begins, and then begins it.
    pub(super) fn start_try(&mut self, number: u32, cancel: crate::shell::Cancel) {
        let Some(running) = self.actions.get(&number) else {
            return;
        };
        let Role::Task {
            stage,
            node,
            name,
            place,
            action,
        } = &running.role
        else {
            return;
        };
        let mut place = place.clone();
        place.id.attempt = running.attempt;
        self.reporting.emit(EventKind::ActionStarted {
            stage: (*stage).into(),
            task: (*node).into(),
            action: number.into(),
            name: name.clone(),
            fragment: place.fragment,
            fragment_count: place.fragments,
            attempt: running.attempt,
        });
        let limit = self
            .stages
            .get(stage)
            .and_then(|stage| stage.plan.options().timeout);
        if let Some(limit) = limit {
            let (action, attempt) = (number, running.attempt);
            self.timers.set(limit, Timer::Action { action, attempt });
        }
        let job = self.context.catalogue.job(&place.job);
        let Some(planned) = job.and_then(|job| job.actions().get(*action as usize)) else {
            return;
        };
        let cx = Cx::new(
            place,
            self.context.clone(),
            cancel.clone(),
            running.last_command,
        );
        let parts = cx.parts();
        let order = Order {
            cx,
            cancel,
            work: Work::Action(planned.body().clone()),
            declared_at: planned.source(),
        };
        if let Some(running) = self.actions.get_mut(&number) {
            running.parts = parts;
        }
        tokio::spawn(executor::execute(self.context.clone(), order));
    }

    /// Tells how a task ended, and does what can be done now.
    pub(super) fn end_task(
        &mut self,
        stage: u32,
        node: NodeId,
        result: TaskResult,
        duration: std::time::Duration,
    ) {
        self.reporting.emit(EventKind::TaskFinished {
            stage: stage.into(),
            task: node.into(),
            result,
            duration,
        });
        self.leave_barriers(stage, node);
        if result != TaskResult::Succeeded && result != TaskResult::Cancelled {
            self.count_failure(stage);
        }
        self.advance(stage);
    }

    pub(super) fn skip_task(&mut self, stage: u32, node: NodeId, reason: SkipReason) {
        let Some(running) = self.stages.get_mut(&stage) else {
            return;
        };
        if let Some(event) = running.skip(node, reason) {
            self.reporting.emit(event);
            self.leave_barriers(stage, node);
        }
    }

    /// A task that has ended comes to no barrier any more.
    fn leave_barriers(&mut self, stage: u32, node: NodeId) {
        if self.table.has_no_barrier() {
            return;
        }
        if let Some(scope) = self.scope(stage, node) {
            self.table.end_task(
                scope.stage,
                scope.job,
                scope.group,
                scope.task,
                scope.width_open,
            );
            self.note_waits();
        }
    }

    /// Where a task meets others at a barrier.
    pub(super) fn scope(&self, stage: u32, node: NodeId) -> Option<Scope> {
        let running = self.stages.get(&stage)?;
        let task = running.plan.task(node)?;
        Some(Scope {
            stage,
            job: task.job,
            group: running.plan.group(task.site),
            task: node,
            width: running.width_beside(task),
            width_open: running.open_beside(task),
            exclusive: running.plan.mode().is_exclusive(),
        })
    }

    pub(super) fn begin_gate(&mut self, stage: u32, node: NodeId, group: u32) {
        let Some(plan) = self.stages.get(&stage).map(|running| running.plan.clone()) else {
            return;
        };
        let options = plan.options();
        let number = self.next_action();
        let pause = options.pause.unwrap_or_default();
        self.reporting.emit(EventKind::GateStarted {
            stage: stage.into(),
            group: group.into(),
            action: number.into(),
            pause,
            check: options.check.as_ref().map(|check| check.name().to_owned()),
        });
        let (sender, cancel) = cancel_channel();
        self.actions.insert(
            number,
            RunningAction::new(Role::Gate { stage, node, group }, sender, false),
        );
        let group = Group::new(Inner {
            teller: Arc::new(Teller::new(self.context.clone(), number, 0)),
            host: self.context.clone(),
            action: number,
            group,
            groups: plan.group_count(),
            sites: plan.group_sites(group).map(Arc::clone).collect(),
            cancel,
        });
        if let Some(limit) = options.timeout {
            let timer = Timer::Action {
                action: number,
                attempt: 1,
            };
            self.timers.set(pause.saturating_add(limit), timer);
        }
        let check = options
            .check
            .as_ref()
            .and_then(super::health_check::function);
        tokio::spawn(executor::pass_gate(
            self.context.clone(),
            group,
            pause,
            check,
        ));
    }
}
