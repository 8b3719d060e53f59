//! What stands in the way of a run.

use super::target::Target;
use crate::options::shared::SharedOptions;
use ploy_core::catalogue::{Job, ScheduleBody};
use ploy_core::error::Problem;
use ploy_core::plan::Plan;
use ploy_core::topology::Topology;
use ploy_runtime::engine::Catalogue;

/// What is wrong with the options, for this target.
pub(crate) fn of_options(
    options: &SharedOptions,
    topology: &Topology,
    target: &Target<'_>,
) -> Vec<Problem> {
    let mut problems = options.selection.problems(topology);
    problems.extend(match target {
        Target::Jobs(_) => options.scheduling.problems_of_jobs(),
        Target::Schedule(schedule) => options.scheduling.problems_of_schedule(schedule.name()),
    });
    problems
}

/// The names of all jobs that the target runs, as far as they are known beforehand, and its own.
fn names(target: &Target<'_>) -> Vec<String> {
    match target {
        Target::Jobs(stage) => stage
            .jobs()
            .iter()
            .map(|job| job.name().to_owned())
            .collect(),
        Target::Schedule(schedule) => {
            let mut names = vec![schedule.name().to_owned()];
            if let ScheduleBody::Data(data) = schedule.body() {
                names.extend(
                    data.stages()
                        .iter()
                        .flat_map(|stage| stage.jobs().iter())
                        .map(|job| job.name().to_owned()),
                );
            }
            names
        }
    }
}

/// Splits the problems of the catalogue into those that stand in the way of the target, and the
/// rest.
pub(crate) fn of_catalogue(
    catalogue: &Catalogue,
    topology: &Topology,
    target: &Target<'_>,
) -> (Vec<Problem>, Vec<Problem>) {
    let names = names(target);
    let mut problems = catalogue.validate(topology);
    // What its parameters have made of it was not known before.
    if let Target::Schedule(schedule) = target
        && let (ScheduleBody::Made(_), ScheduleBody::Data(data)) =
            (schedule.entry().body(), schedule.body())
    {
        let known: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let mut found = Vec::new();
        catalogue.check_stages(schedule.entry(), data, topology, &mut found);
        found.retain(|problem| !known.contains(&problem.to_string()));
        problems.extend(found);
    }
    problems
        .into_iter()
        .partition(|problem| problem.is_fatal() || names.iter().any(|name| problem.concerns(name)))
}

/// The problems of jobs that were named and that no site runs.
pub(crate) fn of_idle_jobs(
    catalogue: &Catalogue,
    plan: &Plan,
    selection: Option<&str>,
) -> Vec<Problem> {
    plan.jobs()
        .iter()
        .filter(|job| job.is_idle())
        .map(|job| {
            let own = catalogue.job(job.name()).map(Job::roles).unwrap_or_default().join(", ");
            match selection {
                None => Problem::new(format!("no site runs the job `{}`: none carries its roles ({own})", job.name()))
                    .with_hint("give the roles to a site; a guarded site must be named by `--limit`"),
                Some(words) => Problem::new(format!(
                    "no site runs the job `{}`: it is for the roles {own}, and `{words}` leaves none of their sites",
                    job.name(),
                ))
                .with_hint("`sites` shows which site carries which role"),
            }
        })
        .collect()
}
