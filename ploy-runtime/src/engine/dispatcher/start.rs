//! Starting tasks, the tries of their actions, and gates.

use std::sync::Arc;

use super::dispatcher::Dispatcher;
use super::effect::{ActionStart, Effect, GateStart, Work};
use super::state::Timer;
use super::state::{Role, RunningAction};
use crate::action::{Action, Place};
use crate::catalogue::Job;
use crate::engine::Catalogue;
use crate::error::{Kind, Source};
use crate::event::{
    ActionId, ErrorReport, EventKind, QualifiedActionId, QualifiedStageId, StageId,
};
use crate::plan::{NodeId, Plan, Task};
use crate::shell::{Cancel, cancel_channel};

/// An action of a task, as the catalogue has it.
struct PlannedAction {
    name: String,
    action: Action,
    declared_at: Option<Source>,
}

impl Dispatcher {
    pub(super) fn start_task(&mut self, stage: StageId, node: NodeId, task: Task) {
        // A stage does not end while a step of it is left.
        let Some(running) = self.stages.get_mut(&stage) else {
            return;
        };
        let plan = running.plan.clone();
        let planned = &plan.jobs()[task.job as usize];
        let actions = planned_actions(&self.catalogue, &plan, &task);
        let fragments = u32::try_from(actions.len()).unwrap_or(u32::MAX);
        let begun = running.actions;
        running.actions += fragments;
        running.start(self.now, node, fragments.max(1));
        self.emit(EventKind::TaskStarted {
            stage,
            task: node.into(),
            job: task.job.into(),
            site: task.site.into(),
        });
        if let Some(limit) = plan.options().task_timeout {
            self.set_timer(limit, Timer::Task { stage, node });
        }
        let job = self.catalogue.job(planned.name());
        let mut site = plan.sites()[task.site as usize].clone();
        if let Some(user) = job.and_then(|job| job.run_as()) {
            site = Arc::new(site.run_by(user));
        }
        let is_critical = job.is_some_and(Job::is_critical);
        if actions.is_empty() {
            self.fail_unknown_task(stage, node, planned.name());
            return;
        }
        for (fragment, planned_action) in (1..).zip(actions) {
            let id = self.next_action();
            let place = Place {
                site: site.clone(),
                job: planned.name.clone(),
                arguments: planned.arguments.clone(),
                id: QualifiedActionId {
                    stage: QualifiedStageId {
                        batch: self.batch.clone(),
                        stage,
                    },
                    action: id,
                    attempt: 1,
                },
                numbers: (task.job, task.site),
                index: begun + fragment,
                fragment,
                fragments,
                group: (plan.group(task.site), plan.group_count()),
            };
            let role = Role::Task {
                stage,
                node,
                name: planned_action.name,
                place,
                action: planned_action.action,
                declared_at: planned_action.declared_at,
            };
            let (sender, cancel) = cancel_channel();
            self.actions
                .insert(id, RunningAction::new(role, sender, is_critical));
            self.start_try(id, cancel);
        }
    }

    /// Ends a task that this catalogue cannot run, so that the run fails rather than waits for it.
    fn fail_unknown_task(&mut self, stage: StageId, node: NodeId, job: &str) {
        let text = format!("the plan runs `{job}` as the catalogue of this run does not have it");
        let error = ErrorReport::new(Kind::Unsound, text);
        let id = self.next_action();
        self.emit(EventKind::ActionStarted {
            stage,
            task: node.into(),
            action: id,
            name: job.to_owned(),
            fragment: 1,
            fragment_count: 1,
            attempt: 1,
        });
        self.emit(EventKind::ActionFinished {
            action: id,
            errors: vec![error.clone()],
            duration: std::time::Duration::ZERO,
            retry_in: None,
        });
        let now = self.now;
        let ended = self
            .stages
            .get_mut(&stage)
            .and_then(|running| running.finish_action(node, job, &[error], false, now));
        if let Some((result, duration)) = ended {
            self.end_task(stage, node, result, duration);
        }
    }

    /// Tells that a try of an action begins, and then begins it.
    pub(super) fn start_try(&mut self, id: ActionId, cancel: Cancel) {
        let Some(running) = self.actions.get(&id) else {
            debug_assert!(false, "only an action that is there is tried");
            return;
        };
        let Role::Task {
            stage,
            node,
            name,
            place,
            action,
            declared_at,
        } = &running.role
        else {
            debug_assert!(false, "only an action of a task is tried");
            return;
        };
        let (stage, attempt) = (*stage, running.attempt);
        let mut place = place.clone();
        place.id.attempt = attempt;
        let started = EventKind::ActionStarted {
            stage,
            task: (*node).into(),
            action: id,
            name: name.clone(),
            fragment: place.fragment,
            fragment_count: place.fragments,
            attempt,
        };
        let start = ActionStart {
            work: Work::Action(action.clone()),
            declared_at: *declared_at,
            place,
            cancel,
            last_command: running.last_command,
            parts: running.parts.clone(),
        };
        self.emit(started);
        let limit = self
            .stages
            .get(&stage)
            .and_then(|stage| stage.plan.options().timeout);
        if let Some(limit) = limit {
            let timer = Timer::Action {
                action: id,
                attempt,
            };
            self.set_timer(limit, timer);
        }
        self.decide(Effect::StartAction(start));
    }

    pub(super) fn begin_gate(&mut self, stage: StageId, node: NodeId, group: u32) {
        let Some(plan) = self.stages.get(&stage).map(|running| running.plan.clone()) else {
            debug_assert!(false, "a gate is only in a stage that runs");
            return;
        };
        let options = plan.options();
        let id = self.next_action();
        let pause = options.pause.unwrap_or_default();
        self.emit(EventKind::GateStarted {
            stage,
            group: group.into(),
            action: id,
            pause,
            check: options.check.as_ref().map(|check| check.name().to_owned()),
        });
        let (sender, cancel) = cancel_channel();
        let role = Role::Gate { stage, node, group };
        self.actions
            .insert(id, RunningAction::new(role, sender, false));
        if let Some(limit) = options.timeout {
            let timer = Timer::Action {
                action: id,
                attempt: 1,
            };
            self.set_timer(pause.saturating_add(limit), timer);
        }
        self.decide(Effect::StartGate(GateStart {
            action: id,
            group,
            group_count: plan.group_count(),
            sites: plan.group_sites(group).map(Arc::clone).collect(),
            pause,
            check: options.check.clone(),
            cancel,
        }));
    }
}

/// The actions that a task runs; none if its plan was made from another catalogue.
fn planned_actions(catalogue: &Catalogue, plan: &Plan, task: &Task) -> Vec<PlannedAction> {
    let Some(job) = catalogue.job(plan.jobs()[task.job as usize].name()) else {
        return Vec::new();
    };
    let actions = plan.actions(task).iter().map(|index| {
        let action = job.actions().get(*index as usize)?;
        Some(PlannedAction {
            name: action.name().to_owned(),
            action: action.body().clone(),
            declared_at: action.source(),
        })
    });
    actions.collect::<Option<Vec<_>>>().unwrap_or_default()
}
