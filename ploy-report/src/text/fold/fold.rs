//! The layout: what is the same on many sites stands once, when a job has ended on all of them.

use std::collections::{BTreeMap, HashMap};

use super::job_results::{JobResults, TaskEnding};
use super::task_output::{Digester, TaskOutput};
use crate::run_index::RunningAction;
use crate::text::console::Console;
use crate::text::context::ViewContext;
use crate::text::detail::Detail;
use crate::text::layout::Layout;
use crate::text::report_line::{LineKind, ReportLine};
use crate::text::spool::SpoolStore;
use ploy_core::catalogue::Mode;
use ploy_core::event::{Event, EventKind, JobIndex, JobOnSite, StageId, TaskKey};

/// What is the same on many sites, once, when a job has ended on all of them.
pub(crate) struct FoldLayout {
    as_differences: bool,
    store: SpoolStore,
    digester: Digester,
    /// What tasks that run have put out.
    open: HashMap<TaskKey, OpenTask>,
    stages: BTreeMap<StageId, StageResults>,
}

#[derive(Default)]
struct OpenTask {
    output: TaskOutput,
    /// Whether anything of the task is to be shown.
    is_shown: bool,
}

struct StageResults {
    /// How many of its tasks have neither begun nor been given up: of which jobs they are is not
    /// known.
    unseen: u32,
    /// Whether each job begins when the one before has ended on all sites.
    is_by_job: bool,
    jobs: BTreeMap<JobIndex, JobResults>,
}

impl FoldLayout {
    /// Shows what is not most common by how it differs, if asked to.
    pub(crate) fn new(as_differences: bool) -> Self {
        FoldLayout {
            as_differences,
            store: SpoolStore::default(),
            digester: Digester::default(),
            open: HashMap::new(),
            stages: BTreeMap::new(),
        }
    }
}

impl Layout for FoldLayout {
    fn add_line(&mut self, console: &mut Console, context: &ViewContext, line: &ReportLine<'_>) {
        let Some(task) = line.owner.task else {
            // A check between groups, or work in the background: there is nothing that it could be
            // like.
            return line.write(console, context);
        };
        // It was not started.
        if line.kind == LineKind::Skipped {
            return;
        }
        let open = self
            .open
            .entry(TaskKey {
                stage: line.owner.stage,
                task,
            })
            .or_default();
        match line.kind {
            LineKind::Ended(..) => open.is_shown = true,
            LineKind::Command => {
                open.output.begin_command(line.owner);
                if context.detail >= Detail::Verbose {
                    line.write(console, context);
                }
            }
            _ if open.output.push(&mut self.store, line) => open.is_shown = true,
            _ => line.write(console, context),
        }
    }

    fn on_event(&mut self, console: &mut Console, context: &ViewContext, event: &Event) {
        match &event.kind {
            EventKind::StageStarted {
                stage,
                task_count,
                mode,
                ..
            } => {
                let begun = StageResults {
                    unseen: *task_count,
                    is_by_job: matches!(mode, Mode::Sequential | Mode::Atomic),
                    jobs: BTreeMap::new(),
                };
                self.stages.insert(*stage, begun);
            }
            EventKind::TaskStarted {
                stage, task, job, ..
            } => {
                let key = TaskKey {
                    stage: *stage,
                    task: *task,
                };
                self.open.insert(key, OpenTask::default());
                if let Some(stage) = self.stages.get_mut(stage) {
                    stage.unseen = stage.unseen.saturating_sub(1);
                    stage.jobs.entry(*job).or_default().running += 1;
                }
                self.write_before(console, context, *stage, *job);
            }
            EventKind::ActionFinished {
                action,
                errors,
                retry_in: None,
                ..
            }
            | EventKind::RetryAbandoned { action, errors } => {
                let task = context
                    .run
                    .action(*action)
                    .and_then(RunningAction::task_key);
                if let Some(open) = task.and_then(|task| self.open.get_mut(&task)) {
                    open.output.end_action(*action, errors);
                }
            }
            EventKind::TaskFinished {
                stage,
                task,
                result,
                ..
            } => {
                let key = TaskKey {
                    stage: *stage,
                    task: *task,
                };
                let open = self.open.remove(&key).unwrap_or_default();
                let Some(job_on_site) = context.run.job_on_site(*stage, *task) else {
                    return;
                };
                if let Some(results) = self.job_results(*stage, job_on_site.job) {
                    results.running = results.running.saturating_sub(1);
                }
                self.add(*stage, job_on_site, TaskEnding::Ended(*result), open);
                self.write_ended(console, context, *stage);
            }
            EventKind::TaskSkipped {
                stage,
                job,
                site,
                reason,
                ..
            } => {
                let open = OpenTask {
                    output: TaskOutput::default(),
                    is_shown: context
                        .view(*stage)
                        .is_some_and(|view| view.log || !view.quiet),
                };
                if let Some(stage) = self.stages.get_mut(stage) {
                    stage.unseen = stage.unseen.saturating_sub(1);
                }
                let (job, site) = (*job, *site);
                self.add(
                    *stage,
                    JobOnSite { job, site },
                    TaskEnding::Skipped(*reason),
                    open,
                );
                self.write_ended(console, context, *stage);
            }
            // The group before it has ended.
            EventKind::GateStarted { stage, .. } | EventKind::StageFinished { stage, .. } => {
                self.write_all(console, context, *stage);
                if matches!(event.kind, EventKind::StageFinished { .. }) {
                    self.stages.remove(stage);
                }
            }
            EventKind::RunFinished { .. } => {
                let stages: Vec<StageId> = self.stages.keys().copied().collect();
                for stage in stages {
                    self.write_all(console, context, stage);
                }
            }
            _ => {}
        }
    }
}

impl FoldLayout {
    fn job_results(&mut self, stage: StageId, job: JobIndex) -> Option<&mut JobResults> {
        Some(self.stages.get_mut(&stage)?.jobs.entry(job).or_default())
    }

    fn add(
        &mut self,
        stage: StageId,
        JobOnSite { job, site }: JobOnSite,
        how: TaskEnding,
        open: OpenTask,
    ) {
        let OpenTask { output, is_shown } = open;
        if !is_shown && output.is_empty() {
            return;
        }
        let digest = output.digest(&self.store, &self.digester).ok();
        let results = self.stages.get_mut(&stage).map(|stage| &mut stage.jobs);
        if let Some(jobs) = results {
            let results = jobs.entry(job).or_default();
            results.add(&mut self.store, site, how, (digest, output));
        }
    }

    /// Writes the jobs before one that begins, where it has waited for them.
    fn write_before(
        &mut self,
        console: &mut Console,
        context: &ViewContext,
        stage: StageId,
        job: JobIndex,
    ) {
        if self.stages.get(&stage).is_some_and(|stage| stage.is_by_job) {
            self.write(console, context, stage, |other, _| other < job);
        }
    }

    /// Writes the jobs that have ended on all sites, once that is known.
    fn write_ended(&mut self, console: &mut Console, context: &ViewContext, stage: StageId) {
        if self
            .stages
            .get(&stage)
            .is_some_and(|stage| stage.unseen == 0)
        {
            self.write(console, context, stage, |_, job| job.running == 0);
        }
    }

    fn write_all(&mut self, console: &mut Console, context: &ViewContext, stage: StageId) {
        self.write(console, context, stage, |_, _| true);
    }

    fn write(
        &mut self,
        console: &mut Console,
        context: &ViewContext,
        stage: StageId,
        is_meant: impl Fn(JobIndex, &JobResults) -> bool,
    ) {
        let Some(running) = self.stages.get_mut(&stage) else {
            return;
        };
        for (job, results) in &mut running.jobs {
            if is_meant(*job, results) {
                let of = (stage, *job);
                results.write(console, context, &mut self.store, of, self.as_differences);
            }
        }
    }
}
