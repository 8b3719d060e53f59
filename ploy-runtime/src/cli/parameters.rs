//! The parameters of jobs and schedules as options.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, builder::PossibleValuesParser};

use super::origin::is_typed;
use super::project::Set;
use crate::catalogue::{Arguments, Given, Param, ScheduleEntry, Shape, option_of};
use crate::engine::{Catalogue, ScheduleCode};
use crate::error::{Problem, did_you_mean};
use crate::secret::Secret;

pub(super) const HEADING: &str = "Parameters";

/// What stands before the ids of these options: their names are the user's.
pub(super) const PREFIX: &str = "param:";

/// A job or a schedule that has parameters.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    what: &'static str,
    name: &'a str,
    params: &'a [Param],
}

impl<'a> Owner<'a> {
    pub(super) fn params(&self) -> &'a [Param] {
        self.params
    }
}

/// The one of this name.
pub(super) fn owner<'a>(catalogue: &'a Catalogue, name: &str) -> Option<Owner<'a>> {
    if let Some(job) = catalogue.job(name) {
        return Some(Owner {
            what: "job",
            name: job.name(),
            params: job.params(),
        });
    }
    let schedule: &ScheduleEntry<ScheduleCode> = catalogue.schedule(name)?;
    Some(Owner {
        what: "schedule",
        name: schedule.name(),
        params: schedule.params(),
    })
}

/// Those that may be meant by words of a command line. Which are is known only when it has been read; a word that is an
/// option's value only adds options that will not be given.
pub(super) fn owners<'a>(catalogue: &'a Catalogue, words: &[OsString]) -> Vec<Owner<'a>> {
    let mut owners: Vec<Owner<'a>> = Vec::new();
    for word in words.iter().skip(1).filter_map(|word| word.to_str()) {
        if owners.iter().any(|owner| owner.name == word) {
            continue;
        }
        owners.extend(owner(catalogue, word));
    }
    owners
}

/// The jobs and schedules that have a parameter of which this is an option, in words.
pub(super) fn jobs_with(catalogue: &Catalogue, option: &str) -> Option<String> {
    let has = |params: &[Param]| {
        let mut options = params.iter().flat_map(sources);
        options.any(|(name, _)| name == option)
    };
    let jobs = catalogue
        .jobs()
        .iter()
        .map(|job| (job.name(), job.params()));
    let schedules = catalogue.schedules().iter();
    let all = jobs.chain(schedules.map(|one| (one.name(), one.params())));
    let names: Vec<String> = all
        .filter(|(_, params)| has(params))
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// The options by which their parameters are given. A name that several have is one option.
pub(super) fn options(owners: &[Owner<'_>]) -> Vec<Arg> {
    let mut options: Vec<Arg> = Vec::new();
    let mut seen: Vec<&'static str> = Vec::new();
    for param in owners.iter().flat_map(|owner| owner.params) {
        if seen.contains(&param.name()) {
            continue;
        }
        seen.push(param.name());
        options.extend(options_of(param));
    }
    options
}

fn options_of(param: &Param) -> Vec<Arg> {
    let name = param.name();
    let option = |long: String| {
        Arg::new(format!("{PREFIX}{long}"))
            .long(long)
            .global(true)
            .help_heading(HEADING)
    };
    if param.shape() == Shape::Secret {
        let from = |long: String, value: &'static str| option(long).value_name(value);
        let (file, descriptor) = (format!("{name}-file"), format!("{name}-fd"));
        return vec![
            from(file, "FILE").help(help(param, "from a file that only you can read")),
            from(descriptor, "NUMBER")
                .value_parser(clap::value_parser!(u32))
                .help("The same, from an open file descriptor"),
        ];
    }
    let arg = option(name.to_owned()).help(help(param, ""));
    let arg = match param.shape() {
        Shape::Flag => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_parser(["true", "false"])
            .hide_possible_values(true)
            .value_name("YES"),
        _ if !param.choices().is_empty() => {
            let choices = param.choices().iter().map(|choice| choice.name);
            arg.value_name(param.value_name())
                .hide_possible_values(true)
                .value_parser(PossibleValuesParser::new(choices))
        }
        _ => {
            let param = *param;
            let read = move |text: &str| param.read(&[text]).map(|_| text.to_owned());
            arg.value_name(param.value_name())
                .allow_negative_numbers(true)
                .value_parser(read)
        }
    };
    vec![match param.shape() {
        Shape::Many => arg.action(ArgAction::Append).value_delimiter(','),
        _ => arg,
    }]
}

/// The first line of its help, where it comes from, and what holds for it.
fn help(param: &Param, from: &str) -> String {
    let first = param.help_text().lines().next().unwrap_or_default();
    let texts = [first, from].into_iter().filter(|text| !text.is_empty());
    let text = texts.collect::<Vec<_>>().join(", ");
    format!("{text} {}", remarks(param)).trim().to_owned()
}

/// What holds for a parameter, in brackets: its values, if they can be counted, and what it is when nothing is given.
pub(super) fn remarks(param: &Param) -> String {
    let mut remarks = Vec::new();
    if !param.choices().is_empty() {
        let names: Vec<&str> = param.choices().iter().map(|choice| choice.name).collect();
        remarks.push(format!("[{}]", names.join(", ")));
    }
    let default = param.default_value().map(|given| given.shown().join(","));
    match default {
        Some(shown) if !shown.is_empty() => remarks.push(format!("[default: {shown}]")),
        _ if param.is_required() => remarks.push("[required]".to_owned()),
        _ => {}
    }
    remarks.join(" ")
}

/// How a parameter is written on a command line: `--tag <TAG>`.
pub(super) fn usage(param: &Param) -> String {
    let option = option_of(param);
    match param.shape() {
        Shape::Flag => format!("--{option}"),
        Shape::Secret => format!("--{option} <FILE>"),
        Shape::Many => format!("--{option} <{}>...", param.value_name()),
        Shape::One => format!("--{option} <{}>", param.value_name()),
    }
}

/// The option that gives a value to one job only.
pub(super) fn set_option() -> Arg {
    Arg::new("set")
        .short('e')
        .long("set")
        .value_name("JOB.NAME=VALUE")
        .action(ArgAction::Append)
        .global(true)
        .help_heading(HEADING)
        .help("A parameter of one of several jobs")
}

/// What the command line gives for parameters, as text.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters {
    /// By the name of the option, less the dashes; whether on the command line itself.
    options: Vec<(String, Vec<String>, bool)>,
    /// For one job: its name, the parameter's, and the value.
    sets: Vec<Set>,
    /// The same from the project's file; several values of one are several entries.
    defaults: Vec<Set>,
}

impl Parameters {
    /// What was given of these.
    pub(super) fn from_matches(
        matches: &ArgMatches,
        owners: &[Owner<'_>],
        defaults: Vec<Set>,
    ) -> Result<Self, Problem> {
        let mut parameters = Parameters {
            defaults,
            ..Parameters::default()
        };
        for option in options(owners) {
            let id = option.get_id().as_str();
            let Some(values) = matches.get_raw(id) else {
                continue;
            };
            let values = values.map(|text| text.to_string_lossy().into_owned());
            let typed = is_typed(matches, id);
            let name = id.trim_start_matches(PREFIX).to_owned();
            parameters.options.push((name, values.collect(), typed));
        }
        for set in matches.get_many::<String>("set").into_iter().flatten() {
            parameters.sets.push(split(set)?);
        }
        Ok(parameters)
    }

    /// What each of these is given, in their order.
    pub(super) fn give(&self, owners: &[Owner<'_>]) -> Result<Vec<Arguments>, Vec<Problem>> {
        let mut problems = self.strays(owners);
        let mut given = Vec::new();
        for owner in owners {
            let mut arguments = Arguments::new();
            for param in owner.params {
                match self.value(owner, param, owners) {
                    Ok(Some(value)) => arguments.set(value),
                    Ok(None) if param.is_required() => problems.push(missing(owner, param)),
                    Ok(None) => {}
                    Err(problem) => problems.push(problem),
                }
            }
            given.push(arguments);
        }
        if problems.is_empty() {
            Ok(given)
        } else {
            Err(problems)
        }
    }

    /// The value of a parameter: what is nearest to the command line counts.
    fn value(
        &self,
        owner: &Owner<'_>,
        param: &Param,
        owners: &[Owner<'_>],
    ) -> Result<Option<Given>, Problem> {
        let own = |sets: &[Set]| -> Vec<String> {
            let mine = sets
                .iter()
                .filter(|(job, name, _)| job == owner.name && name == param.name());
            mine.map(|(_, _, value)| value.clone()).collect()
        };
        let sets = own(&self.sets);
        if !sets.is_empty() {
            return read(owner, param, &sets).map(Some);
        }
        for (name, from) in sources(param) {
            if let Some((_, values, _)) = self.options.iter().find(|(option, _, _)| *option == name)
            {
                agree(owner, param, owners)?;
                return from(owner, param, values).map(Some);
            }
        }
        let defaults = own(&self.defaults);
        if defaults.is_empty() {
            return Ok(None);
        }
        read(owner, param, &defaults).map(Some)
    }

    /// What is given and belongs to nothing that runs.
    fn strays(&self, owners: &[Owner<'_>]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (option, _, typed) in &self.options {
            let params = || owners.iter().flat_map(|owner| owner.params);
            let known = params().any(|param| sources(param).iter().any(|(name, _)| name == option));
            if *typed && !known {
                let text = format!("nothing that is to run has a parameter `--{option}`");
                problems.push(Problem::new(text).with_hint("leave it out"));
            }
        }
        for (job, name, _) in &self.sets {
            let Some(owner) = owners.iter().find(|owner| owner.name == job) else {
                let problem = Problem::new(format!("`--set {job}.{name}`: `{job}` is not to run"));
                let near = did_you_mean(job, owners.iter().map(|owner| owner.name));
                problems.push(
                    problem.with_hint(near.unwrap_or_else(|| "name it among the jobs".to_owned())),
                );
                continue;
            };
            if owner.params.iter().all(|param| param.name() != name) {
                let problem = Problem::new(format!(
                    "`--set {job}.{name}`: the {} `{job}` has no parameter `{name}`",
                    owner.what
                ));
                let near = did_you_mean(name, owner.params.iter().map(Param::name));
                problems.push(
                    near.into_iter()
                        .fold(problem, |problem, hint| problem.with_hint(hint)),
                );
            }
        }
        problems
    }
}

type From = fn(&Owner<'_>, &Param, &[String]) -> Result<Given, Problem>;

/// The options by which a parameter can be given, and what their values mean.
fn sources(param: &Param) -> Vec<(String, From)> {
    match param.shape() {
        Shape::Secret => vec![
            (format!("{}-file", param.name()), secret_file),
            (format!("{}-fd", param.name()), secret_descriptor),
        ],
        _ => vec![(param.name().to_owned(), read)],
    }
}

fn read(owner: &Owner<'_>, param: &Param, values: &[String]) -> Result<Given, Problem> {
    if param.shape() == Shape::Secret {
        let text = format!(
            "`{}` of `{}` is a secret, which others could see there",
            param.name(),
            owner.name
        );
        return Err(
            Problem::of(owner.name, text).with_hint(format!("give it by `{}`", usage(param)))
        );
    }
    let texts: Vec<&str> = values.iter().map(String::as_str).collect();
    // Of what can be given once, the last counts.
    let texts = match param.shape() {
        Shape::Many => texts,
        _ => texts.last().copied().into_iter().collect(),
    };
    param.read(&texts).map_err(|why| {
        let text = format!(
            "`{}` of the {} `{}`: {why}",
            param.name(),
            owner.what,
            owner.name
        );
        let problem = Problem::of(owner.name, text);
        match param.choices() {
            [] => problem,
            choices => {
                let names: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
                problem.with_hint(format!("it is one of {}", names.join(", ")))
            }
        }
    })
}

fn secret_file(owner: &Owner<'_>, param: &Param, values: &[String]) -> Result<Given, Problem> {
    let path = values.last().map(String::as_str).unwrap_or_default();
    secret(owner, param, Secret::from_file(path))
}

fn secret_descriptor(
    owner: &Owner<'_>,
    param: &Param,
    values: &[String],
) -> Result<Given, Problem> {
    let number = values.last().and_then(|text| text.parse().ok());
    // Only numbers get here.
    secret(
        owner,
        param,
        Secret::from_descriptor(number.unwrap_or(u32::MAX)),
    )
}

fn secret(
    owner: &Owner<'_>,
    param: &Param,
    read: Result<Secret, crate::error::Failure>,
) -> Result<Given, Problem> {
    match read {
        Ok(secret) if param.fallback().is_some() => Ok(Given::new(param.name(), Some(secret))),
        Ok(secret) => Ok(Given::new(param.name(), secret)),
        Err(failure) => {
            let text = format!("{failure}: {}", failure.detail());
            let problem = Problem::of(owner.name, text);
            Err(failure
                .hint()
                .into_iter()
                .fold(problem, |problem, hint| problem.with_hint(hint)))
        }
    }
}

/// One option is for all that have a parameter of its name: they must mean the same by it.
fn agree(owner: &Owner<'_>, param: &Param, owners: &[Owner<'_>]) -> Result<(), Problem> {
    let first = owners.iter().find_map(|other| {
        let same = other.params.iter().find(|one| one.name() == param.name());
        same.map(|one| (other, one))
    });
    match first {
        Some((other, one)) if !one.is_alike(param) => {
            let name = param.name();
            let text = format!(
                "`--{name}` means a `{}` to `{}` and a `{}` to `{}`",
                one.type_name(),
                other.name,
                param.type_name(),
                owner.name
            );
            let hint = format!(
                "tell them apart: `--set {}.{name}=.. --set {}.{name}=..`",
                other.name, owner.name
            );
            Err(Problem::of(owner.name, text).with_hint(hint))
        }
        _ => Ok(()),
    }
}

fn missing(owner: &Owner<'_>, param: &Param) -> Problem {
    let text = format!(
        "the {} `{}` needs `{}`",
        owner.what,
        owner.name,
        usage(param)
    );
    let help = param.help_text().lines().next().unwrap_or_default();
    let problem = Problem::of(owner.name, text);
    if help.is_empty() {
        problem
    } else {
        problem.with_hint(help)
    }
}

fn split(set: &str) -> Result<Set, Problem> {
    let parts = set.split_once('=').and_then(|(key, value)| {
        let (job, name) = key.rsplit_once('.')?;
        (!job.is_empty() && !name.is_empty())
            .then(|| (job.to_owned(), name.to_owned(), value.to_owned()))
    });
    parts.ok_or_else(|| {
        let text = format!("`--set {set}` names no job, parameter and value");
        Problem::new(text).with_hint("write it as `--set upload-web.tag=v1`")
    })
}
