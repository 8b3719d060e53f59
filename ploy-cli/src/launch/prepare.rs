//! The work of a run, planned: each stage's plan is built here, once.

use std::sync::Arc;

use std::collections::HashSet;

use super::target::{Target, find};
use super::{problems, steps::Steps};
use crate::options::shared::SharedOptions;
use crate::terminal::messages;
use ploy_core::catalogue::{Arguments, Condition, Schedule, ScheduleBody, Stage};
use ploy_core::error::Problem;
use ploy_core::plan::{Plan, build};
use ploy_core::topology::Topology;
use ploy_runtime::engine::{Catalogue, ScheduleCode};

/// What is to be run.
pub(crate) enum Work {
    /// Jobs of the command line, or a schedule as data.
    Stages(PlannedStages),
    /// A schedule whose code decides while it runs.
    Code(ScheduleCode, Arguments),
    /// Jobs of the command line that are asked for one by one.
    Steps(Steps),
}

/// What is to be run, and the schedule that it is.
pub(crate) struct PreparedRun {
    /// The name of the schedule, unless jobs were named.
    pub(crate) schedule: Option<String>,
    pub(crate) work: Work,
}

/// Stages with their plans.
pub(crate) struct PlannedStages {
    pub(crate) schedule: Schedule,
    /// The plan of each stage. One that cannot be planned says so when it is to begin: an earlier
    /// one may decide that it never does.
    plans: Vec<Result<Plan, Vec<Problem>>>,
}

impl PlannedStages {
    /// Plans each stage.
    pub(crate) fn build(
        schedule: Schedule,
        catalogue: &Catalogue,
        topology: &Topology,
        options: &SharedOptions,
    ) -> Self {
        let inherited = options.selection.inherited();
        let plan = |stage: &Stage| {
            let mut stage = stage.clone();
            stage.options = options.scheduling.overrides.or(&stage.options);
            build(catalogue, topology, &stage, &inherited)
        };
        PlannedStages {
            plans: schedule.stages().iter().map(plan).collect(),
            schedule,
        }
    }

    /// The schedule, and the plan of each of its stages that could be planned.
    pub(crate) fn into_parts(self) -> (Schedule, Vec<Option<Arc<Plan>>>) {
        let plans = self.plans.into_iter().map(|plan| plan.ok().map(Arc::new));
        (self.schedule, plans.collect())
    }

    /// The plans, each with when its stage begins.
    ///
    /// # Errors
    ///
    /// Why the first stage that cannot be planned cannot.
    pub(crate) fn into_plans(self) -> Result<Vec<(Condition, Plan)>, Vec<Problem>> {
        let stages = self.schedule.stages().iter();
        let conditions = stages.map(|stage| stage.condition().clone());
        conditions
            .zip(self.plans)
            .map(|(condition, plan)| Ok((condition, plan?)))
            .collect()
    }

    /// The same, if all of them can be planned.
    pub(crate) fn sound(mut self) -> Result<Self, Vec<Problem>> {
        let plans = self.plans.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.plans = plans.into_iter().map(Ok).collect();
        Ok(self)
    }

    /// The names of the sites on which they may run.
    fn site_names(&self) -> Vec<String> {
        let mut known = HashSet::new();
        let sites = self.plans.iter().flatten().flat_map(Plan::sites);
        sites
            .filter(|site| known.insert(site.name()))
            .map(|site| site.name().to_owned())
            .collect()
    }

    /// What is wrong with stages of jobs that were named: they must all be planned, and run
    /// somewhere.
    fn problems(&self, catalogue: &Catalogue, options: &SharedOptions) -> Vec<Problem> {
        let selection = options.selection.words();
        let of_plan = |plan: &Result<Plan, Vec<Problem>>| match plan {
            Ok(plan) => problems::of_idle_jobs(catalogue, plan, selection.as_deref()),
            Err(problems) => problems.clone(),
        };
        self.plans.iter().flat_map(of_plan).collect()
    }
}

impl PreparedRun {
    /// Plans what the names stand for.
    pub(crate) fn plan(
        target: Target<'_>,
        catalogue: &Catalogue,
        topology: &Topology,
        options: &SharedOptions,
    ) -> Self {
        let build =
            |schedule| Work::Stages(PlannedStages::build(schedule, catalogue, topology, options));
        match target {
            Target::Jobs(stage) => PreparedRun {
                schedule: None,
                work: build(Schedule::new().stage(*stage)),
            },
            Target::Schedule(named) => PreparedRun {
                schedule: Some(named.name().to_owned()),
                work: match named.body().clone() {
                    ScheduleBody::Data(schedule) => build(schedule),
                    ScheduleBody::Code(code) => Work::Code(code, named.arguments().clone()),
                    // What it is given has made its stages.
                    ScheduleBody::Made(make) => build(make(named.arguments())),
                },
            },
        }
    }

    /// The same, asking before each job; only where jobs were named.
    pub(crate) fn step_by_step(self, options: &SharedOptions) -> Result<Self, Problem> {
        let PreparedRun { schedule, work } = self;
        let work = match work {
            Work::Stages(stages) if schedule.is_none() => {
                let mut each = stages.schedule.stages().iter();
                let steps = each.next().map(|stage| Steps::of(stage, options));
                let steps = steps.transpose();
                match steps
                    .map_err(|error| Problem::new(error.to_string()))?
                    .flatten()
                {
                    Some(steps) => Work::Steps(steps),
                    None => Work::Stages(stages),
                }
            }
            work => work,
        };
        Ok(PreparedRun { schedule, work })
    }

    /// The names of the sites on which it may run: all that are selected, if only its code knows.
    pub(crate) fn site_names(&self, topology: &Topology, options: &SharedOptions) -> Vec<String> {
        match &self.work {
            Work::Stages(stages) => stages.site_names(),
            Work::Code(..) | Work::Steps(_) => match options.selection.selector() {
                Some(selector) => {
                    let sites = topology.select(selector).unwrap_or_default();
                    sites.iter().map(|site| site.name().to_owned()).collect()
                }
                None => {
                    let sites = topology.sites().iter();
                    sites.map(|site| site.name().to_owned()).collect()
                }
            },
        }
    }

    /// The plans of its stages, each with when it begins.
    ///
    /// # Errors
    ///
    /// If it is code, or a stage cannot be planned.
    pub(crate) fn into_plans(self) -> Result<Vec<(Condition, Plan)>, Vec<Problem>> {
        match self.work {
            Work::Stages(stages) => stages.into_plans(),
            Work::Code(..) | Work::Steps(_) => {
                let name = self.schedule.unwrap_or_default();
                let problem = Problem::new(format!(
                    "the stages of `{name}` are decided while it runs: it is code"
                ));
                Err(vec![problem.with_hint(
                    "a `#[schedule]` that returns a `Schedule` can be planned",
                )])
            }
        }
    }
}

/// Looks up the names and plans what they stand for; refuses what cannot run as a whole. What is
/// wrong with other jobs is printed as warnings.
pub(crate) fn prepare(
    topology: &Topology,
    catalogue: &Catalogue,
    names: &[String],
    is_command: bool,
    options: &SharedOptions,
) -> Result<PreparedRun, Vec<Problem>> {
    let target = find(catalogue, names, is_command, options)?;
    let (mut found, others) = problems::of_catalogue(catalogue, topology, &target);
    for problem in others {
        messages::warning(options.color, &problem.to_string(), problem.hint());
    }
    found.extend(problems::of_options(options, topology, &target));
    if !found.is_empty() {
        return Err(found);
    }
    let target = match target {
        Target::Jobs(stage) => Target::Jobs(Box::new(options.scheduling.shaped(*stage))),
        schedule @ Target::Schedule(_) => schedule,
    };
    let prepared = PreparedRun::plan(target, catalogue, topology, options);
    if let (None, Work::Stages(stages)) = (&prepared.schedule, &prepared.work) {
        let found = stages.problems(catalogue, options);
        if !found.is_empty() {
            return Err(found);
        }
    }
    Ok(prepared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ploy_core::topology::Settings;
    use ploy_runtime::action::{Action, Cx};

    fn prepared(name: &str) -> Result<PreparedRun, Vec<Problem>> {
        let (mut topology, mut catalogue) = (Topology::new(), Catalogue::new());
        for (site, role) in [("web1", "web"), ("web2", "web"), ("db1", "db")] {
            topology.add(site, Settings::new().roles([role]));
        }
        topology.declare(["empty"]);
        for (job, role) in [("upload", "web"), ("migrate", "db"), ("smoke", "empty")] {
            catalogue.add(job, [role], [Action::new(async |_: Cx| ())]);
        }
        let release = Schedule::new().run("migrate").run("upload").run("nothing");
        catalogue.add_schedule("release", release);
        let names = [name.to_owned()];
        let options = SharedOptions::default();
        let target = find(&catalogue, &names, true, &options)?;
        let prepared = PreparedRun::plan(target, &catalogue, &topology, &options);
        if let Work::Stages(stages) = &prepared.work {
            let problems = stages.problems(&catalogue, &options);
            if prepared.schedule.is_none() && !problems.is_empty() {
                return Err(problems);
            }
        }
        assert!(!prepared.site_names(&topology, &options).is_empty());
        Ok(prepared)
    }

    #[test]
    fn a_stage_that_cannot_be_planned_is_an_error_only_where_all_plans_are_asked_for() {
        let release = prepared("release").unwrap();
        assert_eq!(release.schedule.as_deref(), Some("release"));
        assert!(release.into_plans().is_err(), "no job is named `nothing`");
    }

    #[test]
    fn a_job_that_was_named_must_run_somewhere() {
        let plans = prepared("upload").unwrap().into_plans().unwrap();
        assert_eq!(plans.len(), 1);
        assert_eq!(plans[0].1.sites().len(), 2);
        let problems = prepared("smoke").err().unwrap();
        assert!(
            problems[0]
                .to_string()
                .contains("no site runs the job `smoke`")
        );
    }
}
