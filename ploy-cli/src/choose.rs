use super::parameters::{self, Parameters};
use ploy_core::catalogue::{Arguments, JobRef, Jobs, ScheduleBody, ScheduleEntry, Stage};
use ploy_core::error::{Problem, did_you_mean};
use ploy_core::plan::Plan;
use ploy_core::topology::Topology;
use ploy_runtime::engine::{Catalogue, ScheduleCode};
use ploy_syntax::command::{COMMANDS, is_to_come};

/// What the names on a command line stand for.
pub(super) enum Choice<'a> {
    Jobs(Box<Stage>),
    Schedule(Box<Scheduled<'a>>),
}

/// A schedule, and what it is given.
pub(super) struct Scheduled<'a> {
    entry: &'a ScheduleEntry<ScheduleCode>,
    body: ScheduleBody<ScheduleCode>,
    arguments: Arguments,
}

impl Scheduled<'_> {
    pub(super) fn name(&self) -> &str {
        self.entry.name()
    }

    /// Its stages, or its code.
    pub(super) fn body(&self) -> &ScheduleBody<ScheduleCode> {
        &self.body
    }

    /// The same, from this job on.
    pub(super) fn starting_from(self, job: &str) -> Result<Self, Vec<Problem>> {
        let ScheduleBody::Data(schedule) = &self.body else {
            let text = format!(
                "where `{}` can start from is decided while it runs: it is code",
                self.name()
            );
            return Err(vec![Problem::new(text).with_hint(
                "only a schedule that returns a `Schedule` can start from a job",
            )]);
        };
        let Some(left) = schedule.starting_from(job) else {
            let jobs = schedule
                .stages()
                .iter()
                .flat_map(|stage| stage.jobs().iter());
            return Err(vec![not_among(job, jobs.map(JobRef::name))]);
        };
        Ok(Scheduled {
            body: ScheduleBody::Data(left),
            ..self
        })
    }

    /// What it is given for its parameters: all of them.
    pub(super) fn arguments(&self) -> &Arguments {
        &self.arguments
    }
}

/// Finds jobs or the schedule by name, and gives them their parameters. `as_command` if the names cannot be commands.
pub(super) fn choose<'a>(
    catalogue: &'a Catalogue,
    names: &[String],
    as_command: bool,
    given: &Parameters,
) -> Result<Choice<'a>, Vec<Problem>> {
    let mut problems = Vec::new();
    for name in names {
        if catalogue.job(name).is_some() {
            continue;
        }
        if catalogue.schedule(name).is_some() {
            if names.len() > 1 {
                problems.push(
                    Problem::new(format!(
                        "`{name}` is a schedule, and cannot be run together with other names"
                    ))
                    .with_hint(format!("run `{name}` by itself")),
                );
            }
            continue;
        }
        problems.push(unknown(catalogue, name, as_command));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    match names {
        [name] if catalogue.job(name).is_none() => match catalogue.schedule(name) {
            Some(entry) => {
                let owners: Vec<_> = parameters::owner(catalogue, name).into_iter().collect();
                let given = given.give(&owners)?.into_iter().next().unwrap_or_default();
                let (body, arguments) = entry.given(&given)?;
                Ok(Choice::Schedule(Box::new(Scheduled {
                    entry,
                    body,
                    arguments,
                })))
            }
            None => Err(vec![unknown(catalogue, name, as_command)]),
        },
        names => {
            let mut each: Vec<_> = Vec::new();
            for name in names {
                if each.iter().all(|(known, _)| *known != name) {
                    each.extend(parameters::owner(catalogue, name).map(|owner| (name, owner)));
                }
            }
            let owners: Vec<_> = each.iter().map(|(_, owner)| *owner).collect();
            let all = given.give(&owners)?;
            let job = |name: &String| {
                let found = each.iter().zip(&all).find(|((known, _), _)| *known == name);
                let arguments = found.map(|(_, arguments)| arguments.iter().cloned());
                arguments
                    .into_iter()
                    .flatten()
                    .fold(JobRef::from(name.as_str()), JobRef::with)
            };
            Ok(Choice::Jobs(Box::new(Stage::of(
                names.iter().map(job).collect::<Jobs>(),
            ))))
        }
    }
}

/// A job with which to begin that is not to run.
pub(super) fn not_among<'a>(job: &str, jobs: impl Iterator<Item = &'a str>) -> Problem {
    let names: Vec<&str> = jobs.collect();
    let hint = did_you_mean(job, names.iter().copied())
        .unwrap_or_else(|| format!("it runs {}", names.join(", ")));
    Problem::new(format!("`--start-from {job}`: no such job is to run")).with_hint(hint)
}

fn unknown(catalogue: &Catalogue, name: &str, as_command: bool) -> Problem {
    if !as_command && is_to_come(name) {
        return Problem::new(format!("the command `{name}` is not there yet"))
            .with_hint("the name is kept for a later version of ploy");
    }
    let jobs = catalogue.jobs().iter().map(ploy_core::catalogue::Job::name);
    let schedules = catalogue.schedules().iter().map(ScheduleEntry::name);
    let commands: Vec<&str> = COMMANDS.into_iter().filter(|_| !as_command).collect();
    let names = jobs.chain(schedules).chain(commands.iter().copied());
    let what = if as_command {
        "no job or schedule"
    } else {
        "no job, schedule or command"
    };
    Problem::new(format!("{what} is named `{name}`")).with_hint(
        did_you_mean(name, names).unwrap_or_else(|| "`list` shows what there is".to_owned()),
    )
}

/// The names of all jobs that the choice runs, as far as they are known beforehand, and its own.
pub(super) fn names(choice: &Choice<'_>) -> Vec<String> {
    match choice {
        Choice::Jobs(stage) => stage
            .jobs()
            .iter()
            .map(|job| job.name().to_owned())
            .collect(),
        Choice::Schedule(schedule) => {
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

/// Splits the problems of the catalogue into those that stand in the way of the choice and the rest.
pub(super) fn weigh(
    catalogue: &Catalogue,
    topology: &Topology,
    choice: &Choice<'_>,
) -> (Vec<Problem>, Vec<Problem>) {
    let names = names(choice);
    let mut problems = catalogue.validate(topology);
    // What its parameters have made of it was not known before.
    if let Choice::Schedule(schedule) = choice
        && let (ScheduleBody::Made(_), ScheduleBody::Data(data)) =
            (schedule.entry.body(), &schedule.body)
    {
        let known: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let mut found = Vec::new();
        catalogue.check_stages(schedule.entry, data, topology, &mut found);
        found.retain(|problem| !known.contains(&problem.to_string()));
        problems.extend(found);
    }
    problems
        .into_iter()
        .partition(|problem| problem.is_fatal() || names.iter().any(|name| problem.concerns(name)))
}

/// A job that was named and that no site runs is a mistake.
pub(super) fn idle(catalogue: &Catalogue, plan: &Plan, selection: Option<&str>) -> Vec<Problem> {
    plan.jobs()
        .iter()
        .filter(|job| job.is_idle())
        .map(|job| {
            let own = catalogue.job(job.name()).map(ploy_core::catalogue::Job::roles).unwrap_or_default().join(", ");
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
