//! From text to the value of a parameter.

use std::collections::HashMap;

use super::super::project::Set;
use super::Owner;
use super::options::usage;
use ploy_core::catalogue::{Given, Param, Shape};
use ploy_core::error::{Failure, Problem};
use ploy_runtime::secret::Secret;

/// What the values of an option are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// Values of the parameter.
    Value,
    /// The file in which a secret is.
    File,
    /// The descriptor from which a secret comes.
    Descriptor,
}

/// The options by which a parameter can be given, and what their values are.
pub(super) fn sources(param: &Param) -> Vec<(String, Source)> {
    let name = param.name();
    match param.shape() {
        Shape::Secret => vec![
            (format!("{name}-file"), Source::File),
            (format!("{name}-fd"), Source::Descriptor),
        ],
        _ => vec![(name.to_owned(), Source::Value)],
    }
}

/// Reads values. A file or a descriptor may be read only once, however many jobs are given what is in it.
#[derive(Default)]
pub(super) struct Sources(HashMap<(Source, String), Secret>);

impl Sources {
    pub(super) fn read(
        &mut self,
        owner: &Owner<'_>,
        param: &Param,
        source: Source,
        values: &[String],
    ) -> Result<Given, Problem> {
        if source == Source::Value {
            return value(owner, param, values);
        }
        let from = values.last().cloned().unwrap_or_default();
        let secret = match self.0.get(&(source, from.clone())) {
            Some(secret) => secret.clone(),
            None => {
                let secret = secret(source, &from).map_err(|failure| {
                    let problem =
                        Problem::of(owner.name, format!("{failure}: {}", failure.detail()));
                    failure.hint().into_iter().fold(problem, Problem::with_hint)
                })?;
                self.0.insert((source, from), secret.clone());
                secret
            }
        };
        // It is a secret, or one that may be missing.
        param
            .give(Box::new(secret.clone()))
            .or_else(|| param.give(Box::new(Some(secret))))
            .ok_or_else(|| {
                let text = format!("`{}` of `{}` is no secret", param.name(), owner.name);
                Problem::of(owner.name, text)
            })
    }
}

fn secret(source: Source, from: &str) -> Result<Secret, Failure> {
    match (source, from.parse()) {
        (Source::Descriptor, Ok(number)) => Secret::from_descriptor(number),
        // No descriptor has that number.
        (Source::Descriptor, Err(_)) => Secret::from_descriptor(u32::MAX),
        _ => Secret::from_file(from),
    }
}

fn value(owner: &Owner<'_>, param: &Param, values: &[String]) -> Result<Given, Problem> {
    let texts: Vec<&str> = match param.shape() {
        Shape::Many => values.iter().flat_map(|value| value.split(',')).collect(),
        _ => values.iter().map(String::as_str).collect(),
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

/// One option is for all that have a parameter of its name: they must mean the same by it.
pub(super) fn agree(owner: &Owner<'_>, param: &Param, owners: &[Owner<'_>]) -> Result<(), Problem> {
    let first = owners.iter().find_map(|other| {
        let same = other.params.iter().find(|one| one.name() == param.name());
        same.map(|one| (other, one))
    });
    match first {
        Some((other, one)) if !one.is_read_alike(param) => {
            let name = param.name();
            let text = format!(
                "`--{name}` means a `{}` to `{}` and a `{}` to `{}`",
                one.type_name(),
                other.name,
                param.type_name(),
                owner.name
            );
            let set = |owner: &Owner<'_>, param: &Param| {
                let option = ploy_core::catalogue::option_of(param);
                format!("--set {}.{option}=..", owner.name)
            };
            let hint = format!(
                "tell them apart: `{} {}`",
                set(other, one),
                set(owner, param)
            );
            Err(Problem::of(owner.name, text).with_hint(hint))
        }
        _ => Ok(()),
    }
}

/// A parameter that is not given; `has_option` unless its job was not known when the command line was read.
pub(super) fn missing(owner: &Owner<'_>, param: &Param, has_option: bool) -> Problem {
    let option = if has_option {
        usage(param)
    } else {
        let option = ploy_core::catalogue::option_of(param);
        format!("--set {}.{option}=..", owner.name)
    };
    let text = format!("the {} `{}` needs `{option}`", owner.what, owner.name);
    let help = param.help_text().lines().next().unwrap_or_default();
    let problem = Problem::of(owner.name, text);
    if help.is_empty() {
        problem
    } else {
        problem.with_hint(help)
    }
}

/// The job, the option and the value of a `--set`.
pub(super) fn split(set: &str) -> Result<Set, Problem> {
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
