//! What the names on a command line stand for. This is where they are looked up, once.

use crate::options::parameters::{Owner, Parameters};
use crate::options::shared::SharedOptions;
use ploy_core::catalogue::{Arguments, JobRef, Jobs, ScheduleBody, ScheduleEntry, Stage};
use ploy_core::error::{Problem, did_you_mean};
use ploy_runtime::engine::{Catalogue, ScheduleCode};
use ploy_syntax::command::{COMMANDS, is_to_come};

/// What the names stand for.
pub(crate) enum Target<'a> {
    Jobs(Box<Stage>),
    Schedule(Box<NamedSchedule<'a>>),
}

/// A schedule, and what it is given.
pub(crate) struct NamedSchedule<'a> {
    entry: &'a ScheduleEntry<ScheduleCode>,
    body: ScheduleBody<ScheduleCode>,
    arguments: Arguments,
}

impl<'a> NamedSchedule<'a> {
    fn of(
        entry: &'a ScheduleEntry<ScheduleCode>,
        parameters: &Parameters,
    ) -> Result<Self, Vec<Problem>> {
        let owner = Owner::of_schedule(entry);
        let given = parameters.give(&[owner])?.into_iter().next();
        let (body, arguments) = entry.given(&given.unwrap_or_default())?;
        Ok(NamedSchedule {
            entry,
            body,
            arguments,
        })
    }

    pub(crate) fn name(&self) -> &str {
        self.entry.name()
    }

    /// Its stages, or its code.
    pub(crate) fn body(&self) -> &ScheduleBody<ScheduleCode> {
        &self.body
    }

    /// The same, from this job on.
    fn starting_from(self, job: &str) -> Result<Self, Vec<Problem>> {
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
        Ok(NamedSchedule {
            body: ScheduleBody::Data(left),
            ..self
        })
    }

    /// The schedule in the catalogue.
    pub(crate) fn entry(&self) -> &ScheduleEntry<ScheduleCode> {
        self.entry
    }

    /// What it is given for its parameters: all of them.
    pub(crate) fn arguments(&self) -> &Arguments {
        &self.arguments
    }
}

/// One name of the command line, looked up.
enum Found<'a> {
    Job(Owner<'a>),
    Schedule(&'a ScheduleEntry<ScheduleCode>),
}

impl<'a> Found<'a> {
    fn look_up(catalogue: &'a Catalogue, name: &str) -> Option<Self> {
        match catalogue.job(name) {
            Some(job) => Some(Found::Job(Owner::of_job(job))),
            None => catalogue.schedule(name).map(Found::Schedule),
        }
    }

    fn owner(&self) -> Owner<'a> {
        match self {
            Found::Job(owner) => *owner,
            Found::Schedule(entry) => Owner::of_schedule(entry),
        }
    }
}

/// Looks up what the names stand for, from the job on with which it is to begin, and gives it its
/// parameters. `is_command` if the names cannot be commands.
pub(crate) fn find<'a>(
    catalogue: &'a Catalogue,
    names: &[String],
    is_command: bool,
    options: &SharedOptions,
) -> Result<Target<'a>, Vec<Problem>> {
    let look_up = |name: &String| Found::look_up(catalogue, name);
    let found: Vec<Option<Found<'a>>> = names.iter().map(look_up).collect();
    let owners: Vec<Owner<'a>> = found.iter().flatten().map(Found::owner).collect();
    let mut strays = options.parameters.without_parameter(&owners);
    strays.extend(options.parameters.of_unknown_jobs(catalogue));
    // A name that is not known at all is told first.
    if !strays.is_empty() && owners.len() == names.len() {
        return Err(strays);
    }
    let start_from = options.scheduling.start_from.as_deref();
    // What is left out needs no parameters.
    let begin = match start_from.map(|first| (first, names.iter().position(|name| name == first))) {
        None => 0,
        Some((_, Some(begin))) => begin,
        // A schedule begins with a job of its own.
        Some((_, None)) if matches!(found.as_slice(), [Some(Found::Schedule(_))]) => 0,
        Some((first, None)) => {
            return Err(vec![not_among(first, names.iter().map(String::as_str))]);
        }
    };
    let (names, found) = (&names[begin..], &found[begin..]);
    let problems = misnamed(catalogue, names, found, is_command);
    if !problems.is_empty() {
        return Err(problems);
    }
    let [Some(Found::Schedule(entry))] = found else {
        let owners: Vec<Owner<'_>> = found.iter().flatten().map(Found::owner).collect();
        return jobs(names, &owners, &options.parameters);
    };
    let schedule = NamedSchedule::of(entry, &options.parameters)?;
    Ok(Target::Schedule(Box::new(match start_from {
        Some(first) => schedule.starting_from(first)?,
        None => schedule,
    })))
}

/// What is wrong with the names: one that nothing has, or a schedule among others.
fn misnamed(
    catalogue: &Catalogue,
    names: &[String],
    found: &[Option<Found<'_>>],
    is_command: bool,
) -> Vec<Problem> {
    let each = names.iter().zip(found);
    each.filter_map(|(name, found)| match found {
        None => Some(unknown(catalogue, name, is_command)),
        Some(Found::Schedule(_)) if names.len() > 1 => Some(
            Problem::new(format!(
                "`{name}` is a schedule, and cannot be run together with other names"
            ))
            .with_hint(format!("run `{name}` by itself")),
        ),
        Some(_) => None,
    })
    .collect()
}

/// A stage of the jobs, each with what it is given.
fn jobs<'a>(
    names: &[String],
    owners: &[Owner<'_>],
    given: &Parameters,
) -> Result<Target<'a>, Vec<Problem>> {
    // A job that is named twice runs twice, and is given the same.
    let mut once: Vec<Owner<'_>> = Vec::new();
    for owner in owners {
        if once.iter().all(|known| known.name != owner.name) {
            once.push(*owner);
        }
    }
    let arguments = given.give(&once)?;
    let job = |name: &String| {
        let mut each = once.iter().zip(&arguments);
        let own = each.find(|(owner, _)| owner.name == name);
        own.into_iter()
            .flat_map(|(_, arguments)| arguments.iter().cloned())
            .fold(JobRef::from(name.as_str()), JobRef::with)
    };
    let jobs = names.iter().map(job).collect::<Jobs>();
    Ok(Target::Jobs(Box::new(Stage::of(jobs))))
}

/// The problem of a `--start-from` that names none of these jobs.
fn not_among<'a>(job: &str, jobs: impl Iterator<Item = &'a str>) -> Problem {
    let names: Vec<&str> = jobs.collect();
    let hint = did_you_mean(job, names.iter().copied())
        .unwrap_or_else(|| format!("it runs {}", names.join(", ")));
    Problem::new(format!("`--start-from {job}`: no such job is to run")).with_hint(hint)
}

fn unknown(catalogue: &Catalogue, name: &str, is_command: bool) -> Problem {
    if !is_command && is_to_come(name) {
        return Problem::new(format!("the command `{name}` is not there yet"))
            .with_hint("the name is kept for a later version of ploy");
    }
    let jobs = catalogue.jobs().iter().map(ploy_core::catalogue::Job::name);
    let schedules = catalogue.schedules().iter().map(ScheduleEntry::name);
    let commands: Vec<&str> = COMMANDS.into_iter().filter(|_| !is_command).collect();
    let names = jobs.chain(schedules).chain(commands.iter().copied());
    let what = if is_command {
        "no job or schedule"
    } else {
        "no job, schedule or command"
    };
    Problem::new(format!("{what} is named `{name}`")).with_hint(
        did_you_mean(name, names).unwrap_or_else(|| "`list` shows what there is".to_owned()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ploy_core::catalogue::Schedule;
    use ploy_runtime::action::Action;

    fn catalogue() -> Catalogue {
        let mut catalogue = Catalogue::new();
        for job in ["package", "upload", "upgrade"] {
            catalogue.add(job, Vec::<String>::new(), Vec::<Action>::new());
        }
        let release = Schedule::new().run("package").run(["upload", "upgrade"]);
        catalogue.add_schedule("release", release);
        catalogue
    }

    /// The jobs that are to run, or what is wrong, for these names and this `--start-from`.
    fn found(names: &str, start_from: Option<&str>) -> Result<Vec<String>, Vec<String>> {
        let catalogue = catalogue();
        let names: Vec<String> = names.split(' ').map(str::to_owned).collect();
        let mut options = SharedOptions::default();
        options.scheduling.start_from = start_from.map(str::to_owned);
        let jobs = |stages: &[Stage]| -> Vec<String> {
            let jobs = stages.iter().flat_map(|stage| stage.jobs().iter());
            jobs.map(|job| job.name().to_owned()).collect()
        };
        match find(&catalogue, &names, false, &options) {
            Ok(Target::Jobs(stage)) => Ok(jobs(&[*stage])),
            Ok(Target::Schedule(schedule)) => match schedule.body() {
                ScheduleBody::Data(schedule) => Ok(jobs(schedule.stages())),
                other => panic!("{other:?}"),
            },
            Err(problems) => Err(problems.iter().map(ToString::to_string).collect()),
        }
    }

    #[test]
    fn names_are_jobs_in_their_order_or_one_schedule() {
        assert_eq!(
            found("upgrade upload upgrade", None).unwrap(),
            ["upgrade", "upload", "upgrade"]
        );
        assert_eq!(
            found("release", None).unwrap(),
            ["package", "upload", "upgrade"]
        );
    }

    #[test]
    fn each_name_that_is_wrong_is_told() {
        let problems = found("uplaod release history", None).unwrap_err();
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[0].contains("`uplaod`"), "{problems:?}");
        assert!(
            problems[1].contains("together with other names"),
            "{problems:?}"
        );
        assert!(problems[2].contains("is not there yet"), "{problems:?}");
    }

    #[test]
    fn what_comes_before_the_first_job_is_left_out() {
        assert_eq!(
            found("package upload upgrade", Some("upload")).unwrap(),
            ["upload", "upgrade"]
        );
        assert_eq!(found("release", Some("upgrade")).unwrap(), ["upgrade"]);
        for names in ["package upload", "release"] {
            let problems = found(names, Some("smoke")).unwrap_err();
            assert_eq!(problems, ["`--start-from smoke`: no such job is to run"]);
        }
    }
}
