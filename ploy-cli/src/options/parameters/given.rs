//! What is given for parameters, by their options, by `--set` and by the project's file.

use clap::ArgMatches;

use super::options::{PREFIX, options};
use super::owner::{Owner, owner};
use super::read::{SecretReader, agree, missing};
use super::set_value::SetValue;
use super::value_kind::{ValueKind, sources};
use crate::options::origin::{Origin, origin};
use ploy_core::catalogue::{Arguments, Given, Param};
use ploy_core::error::{Problem, did_you_mean};
use ploy_runtime::engine::Catalogue;

/// What is given for parameters, as text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters {
    given: Vec<GivenValues>,
    /// The jobs and schedules whose parameters were options when the command line was read.
    known: Vec<String>,
}

/// Values for an option, by one way of giving them.
#[derive(Clone, Debug)]
struct GivenValues {
    /// The job that alone is meant, if one is.
    owner: Option<String>,
    /// The option, less its dashes.
    option: String,
    values: Vec<String>,
    origin: Origin,
}

impl Parameters {
    /// Parses what was given of these.
    pub(crate) fn parse(
        matches: &ArgMatches,
        owners: &[Owner<'_>],
        defaults: Vec<SetValue>,
    ) -> Result<Self, Problem> {
        let mut parameters = Parameters {
            known: owners.iter().map(|owner| owner.name.to_owned()).collect(),
            ..Parameters::default()
        };
        for option in options(owners, false) {
            let id = option.get_id().as_str();
            let (Some(values), Some(origin)) = (matches.get_raw(id), origin(matches, id)) else {
                continue;
            };
            let values = values.map(|text| text.to_string_lossy().into_owned());
            parameters.given.push(GivenValues {
                owner: None,
                option: id.trim_start_matches(PREFIX).to_owned(),
                values: values.collect(),
                origin,
            });
        }
        let origin = origin(matches, "set").unwrap_or(Origin::Default);
        for set in matches.get_many::<String>("set").into_iter().flatten() {
            parameters.add(SetValue::parse(set)?, origin);
        }
        for set in defaults {
            parameters.add(set, Origin::Default);
        }
        Ok(parameters)
    }

    fn add(&mut self, set: SetValue, origin: Origin) {
        let SetValue {
            owner,
            option,
            value,
        } = set;
        let same = |given: &&mut GivenValues| {
            given.owner.as_ref() == Some(&owner) && given.option == option && given.origin == origin
        };
        match self.given.iter_mut().find(same) {
            Some(given) => given.values.push(value),
            None => self.given.push(GivenValues {
                owner: Some(owner),
                option,
                values: vec![value],
                origin,
            }),
        }
    }

    /// The arguments of each of these, in their order.
    pub(crate) fn give(&self, owners: &[Owner<'_>]) -> Result<Vec<Arguments>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut given = Vec::new();
        let mut sources = SecretReader::default();
        for owner in owners {
            let mut arguments = Arguments::new();
            for param in owner.params {
                match self.value(owner, param, owners, &mut sources) {
                    Ok(Some(value)) => arguments.set(value),
                    Ok(None) if param.is_required() => {
                        let has_option = self.known.iter().any(|name| name == owner.name);
                        problems.push(missing(owner, param, has_option));
                    }
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

    /// The value of a parameter: what is nearest to the command line counts, and there what is for
    /// this job alone.
    fn value(
        &self,
        owner: &Owner<'_>,
        param: &Param,
        owners: &[Owner<'_>],
        read: &mut SecretReader,
    ) -> Result<Option<Given>, Problem> {
        let mut found: Vec<(&GivenValues, ValueKind)> = Vec::new();
        for (option, source) in sources(param) {
            let given = self.given.iter().filter(|given| given.option == option);
            let mine =
                given.filter(|given| given.owner.as_deref().is_none_or(|name| name == owner.name));
            found.extend(mine.map(|given| (given, source)));
        }
        let rank = |given: &GivenValues| (given.origin, given.owner.is_some());
        found.sort_by_key(|(given, _)| std::cmp::Reverse(rank(given)));
        let Some((given, source)) = found.first() else {
            return Ok(None);
        };
        if let Some((other, _)) = found.get(1)
            && rank(other) == rank(given)
        {
            let text = format!(
                "`--{}` and `--{}` cannot be used together",
                given.option, other.option
            );
            return Err(Problem::of(owner.name, text).with_hint("leave one of them out"));
        }
        if given.owner.is_none() {
            agree(owner, param, owners)?;
        }
        read.read(owner, param, *source, &given.values).map(Some)
    }

    /// The problems of parameters on the command line that nothing named there has.
    pub(crate) fn without_parameter(&self, owners: &[Owner<'_>]) -> Vec<Problem> {
        let typed = self
            .given
            .iter()
            .filter(|given| given.origin == Origin::CommandLine);
        typed.filter_map(|given| given.stray(owners)).collect()
    }

    /// The problems of parameters in the project's file whose job or schedule does not exist.
    pub(crate) fn of_unknown_jobs(&self, catalogue: &Catalogue) -> Vec<Problem> {
        let mut problems = Vec::new();
        for given in self
            .given
            .iter()
            .filter(|given| given.origin == Origin::Default)
        {
            let Some(name) = &given.owner else { continue };
            let problem = match owner(catalogue, name) {
                Some(owner) if owner.has(&given.option) => continue,
                Some(owner) => owner.unknown_option(&given.option, "`ploy.toml`, `set`"),
                None => {
                    let text = format!("`ploy.toml`, `set`: no job or schedule is named `{name}`");
                    let names = catalogue.jobs().iter().map(ploy_core::catalogue::Job::name);
                    let near = did_you_mean(name, names);
                    near.into_iter()
                        .fold(Problem::new(text), Problem::with_hint)
                }
            };
            problems.push(problem);
        }
        problems
    }
}

impl GivenValues {
    fn stray(&self, owners: &[Owner<'_>]) -> Option<Problem> {
        let Self { option, .. } = self;
        let Some(job) = &self.owner else {
            let text = format!("nothing that is to run has a parameter `--{option}`");
            let stray = owners.iter().all(|owner| !owner.has(option));
            return stray.then(|| Problem::new(text).with_hint("leave it out"));
        };
        let Some(owner) = owners.iter().find(|owner| owner.name == job) else {
            let problem = Problem::new(format!("`--set {job}.{option}`: `{job}` is not to run"));
            let near = did_you_mean(job, owners.iter().map(|owner| owner.name));
            let hint = near.unwrap_or_else(|| "name it among the jobs".to_owned());
            return Some(problem.with_hint(hint));
        };
        (!owner.has(option))
            .then(|| owner.unknown_option(option, &format!("`--set {job}.{option}`")))
    }
}
