//! Starting tasks, the tries of their actions, and gates.

use std::sync::Arc;

use super::dispatcher::Dispatcher;
use super::effect::{ActionStart, Effect, GateStart, Work};
use super::state::Timer;
use super::state::{Role, RunningAction};
use crate::action::Place;
use crate::catalogue::Job;
use crate::error::Kind;
use crate::event::{
    ActionId, ErrorReport, EventKind, QualifiedActionId, QualifiedStageId, StageId,
};
use crate::plan::{NodeId, Plan};
use crate::shell::{Cancel, cancel_channel};

/// An action of a task, as the catalogue has it.
struct PlannedAction {
    index: usize,
    name: String,
}

impl Dispatcher {
    pub(super) fn start_task(&mut self, stage: StageId, node: NodeId) {
        let Some(plan) = self.stages.get(&stage).map(|running| running.plan.clone()) else {
            debug_assert!(false, "a task starts only in a stage that runs");
            return;
        };
        let Some(&task) = plan.task(node) else {
            debug_assert!(false, "only a task is started as one");
            return;
        };
        let planned = &plan.jobs()[task.job as usize];
        let actions = self.planned_actions(&plan, node);
        let fragments = u32::try_from(actions.len()).unwrap_or(u32::MAX);
        let Some(running) = self.stages.get_mut(&stage) else {
            return;
        };
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
        for (fragment, action) in (1..).zip(actions) {
            let id = self.next_action();
            let Some(running) = self.stages.get_mut(&stage) else {
                return;
            };
            running.actions += 1;
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
                index: running.actions,
                fragment,
                fragments,
                group: (plan.group(task.site), plan.group_count()),
            };
            let role = Role::Task {
                stage,
                node,
                name: action.name,
                place,
                index: action.index,
            };
            let (sender, cancel) = cancel_channel();
            self.actions
                .insert(id, RunningAction::new(role, sender, is_critical));
            self.start_try(id, cancel);
        }
    }

    /// The actions that a task runs; none if its plan was made from another catalogue.
    fn planned_actions(&self, plan: &Plan, node: NodeId) -> Vec<PlannedAction> {
        let Some(task) = plan.task(node) else {
            return Vec::new();
        };
        let Some(job) = self.catalogue.job(plan.jobs()[task.job as usize].name()) else {
            return Vec::new();
        };
        let indices = plan.actions(task).iter().map(|index| *index as usize);
        let actions = indices.map(|index| {
            let name = job.actions().get(index)?.name().to_owned();
            Some(PlannedAction { index, name })
        });
        actions.collect::<Option<Vec<_>>>().unwrap_or_default()
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
            index,
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
        let job = self.catalogue.job(&place.job);
        let Some(planned) = job.and_then(|job| job.actions().get(*index)) else {
            debug_assert!(false, "the task began with this action");
            return;
        };
        let start = ActionStart {
            work: Work::Action(planned.body().clone()),
            declared_at: planned.source(),
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
