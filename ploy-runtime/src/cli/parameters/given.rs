//! What is given for parameters, and by what.

use clap::ArgMatches;

use super::super::origin::is_typed;
use super::super::project::Set;
use super::Owner;
use super::options::{PREFIX, options};
use super::read::{agree, missing, read, sources, split};
use crate::catalogue::{Arguments, Given, Param};
use crate::error::{Problem, did_you_mean};

/// What the command line gives for parameters, as text.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Parameters {
    /// By the name of the option, less the dashes; whether on the command line itself.
    options: Vec<(String, Vec<String>, bool)>,
    /// For one job: its name, the parameter's, and the value.
    sets: Vec<Set>,
    /// The same from the project's file; several values of one are several entries.
    defaults: Vec<Set>,
}

impl Parameters {
    /// What was given of these.
    pub(in crate::cli) fn from_matches(
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
    pub(in crate::cli) fn give(
        &self,
        owners: &[Owner<'_>],
    ) -> Result<Vec<Arguments>, Vec<Problem>> {
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
                problems.push(near.into_iter().fold(problem, Problem::with_hint));
            }
        }
        problems
    }
}
