//! What is given for parameters, and by what.

use clap::ArgMatches;

use super::super::origin::{Origin, origin};
use super::super::project::Set;
use super::Owner;
use super::options::{PREFIX, options};
use super::read::{Source, Sources, agree, missing, sources, split};
use ploy_core::catalogue::{Arguments, Given, Param};
use ploy_core::error::{Problem, did_you_mean};
use ploy_runtime::engine::Catalogue;

/// What is said for parameters, as text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters {
    said: Vec<Said>,
    /// Those that had options of their own when the command line was read.
    known: Vec<String>,
}

/// Values for an option, by one way of giving them.
#[derive(Clone, Debug)]
struct Said {
    /// The job that alone is meant, if one is.
    owner: Option<String>,
    /// The option, less its dashes.
    option: String,
    values: Vec<String>,
    origin: Origin,
}

impl Parameters {
    /// What was given of these.
    pub(crate) fn from_matches(
        matches: &ArgMatches,
        owners: &[Owner<'_>],
        defaults: Vec<Set>,
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
            parameters.said.push(Said {
                owner: None,
                option: id.trim_start_matches(PREFIX).to_owned(),
                values: values.collect(),
                origin,
            });
        }
        let origin = origin(matches, "set").unwrap_or(Origin::Default);
        for set in matches.get_many::<String>("set").into_iter().flatten() {
            parameters.add(split(set)?, origin);
        }
        for set in defaults {
            parameters.add(set, Origin::Default);
        }
        Ok(parameters)
    }

    fn add(&mut self, (owner, option, value): Set, origin: Origin) {
        let same = |said: &&mut Said| {
            said.owner.as_ref() == Some(&owner) && said.option == option && said.origin == origin
        };
        match self.said.iter_mut().find(same) {
            Some(said) => said.values.push(value),
            None => self.said.push(Said {
                owner: Some(owner),
                option,
                values: vec![value],
                origin,
            }),
        }
    }

    /// What each of these is given, in their order.
    pub(crate) fn give(&self, owners: &[Owner<'_>]) -> Result<Vec<Arguments>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut given = Vec::new();
        let mut sources = Sources::default();
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

    /// The value of a parameter: what is nearest to the command line counts, and there what is for this job alone.
    fn value(
        &self,
        owner: &Owner<'_>,
        param: &Param,
        owners: &[Owner<'_>],
        read: &mut Sources,
    ) -> Result<Option<Given>, Problem> {
        let mut found: Vec<(&Said, Source)> = Vec::new();
        for (option, source) in sources(param) {
            let said = self.said.iter().filter(|said| said.option == option);
            let mine =
                said.filter(|said| said.owner.as_deref().is_none_or(|name| name == owner.name));
            found.extend(mine.map(|said| (said, source)));
        }
        let rank = |said: &Said| (said.origin, said.owner.is_some());
        found.sort_by_key(|(said, _)| std::cmp::Reverse(rank(said)));
        let Some((said, source)) = found.first() else {
            return Ok(None);
        };
        if let Some((other, _)) = found.get(1)
            && rank(other) == rank(said)
        {
            let text = format!(
                "`--{}` and `--{}` cannot be used together",
                said.option, other.option
            );
            return Err(Problem::of(owner.name, text).with_hint("leave one of them out"));
        }
        if said.owner.is_none() {
            agree(owner, param, owners)?;
        }
        read.read(owner, param, *source, &said.values).map(Some)
    }

    /// What stands on the command line and belongs to nothing of what it names.
    pub(crate) fn strays(&self, owners: &[Owner<'_>]) -> Vec<Problem> {
        let typed = self
            .said
            .iter()
            .filter(|said| said.origin == Origin::CommandLine);
        typed.filter_map(|said| said.stray(owners)).collect()
    }

    /// What the project's file says of jobs that are not there.
    pub(crate) fn lost(&self, catalogue: &Catalogue) -> Vec<Problem> {
        let mut problems = Vec::new();
        for said in self
            .said
            .iter()
            .filter(|said| said.origin == Origin::Default)
        {
            let Some(name) = &said.owner else { continue };
            let problem = match super::owner(catalogue, name) {
                Some(owner) if owner.has(&said.option) => continue,
                Some(owner) => owner.lacks(&said.option, "`ploy.toml`, `set`"),
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

impl Said {
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
        (!owner.has(option)).then(|| owner.lacks(option, &format!("`--set {job}.{option}`")))
    }
}
