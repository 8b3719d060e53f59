//! From text to the value of a parameter.

use super::super::project::Set;
use super::Owner;
use super::options::usage;
use crate::catalogue::{Given, Param, Shape};
use crate::error::{Failure, Problem};
use crate::secret::Secret;

pub(super) type From = fn(&Owner<'_>, &Param, &[String]) -> Result<Given, Problem>;

/// The options by which a parameter can be given, and what their values mean.
pub(super) fn sources(param: &Param) -> Vec<(String, From)> {
    match param.shape() {
        Shape::Secret => vec![
            (format!("{}-file", param.name()), secret_file),
            (format!("{}-fd", param.name()), secret_descriptor),
        ],
        _ => vec![(param.name().to_owned(), read)],
    }
}

pub(super) fn read(owner: &Owner<'_>, param: &Param, values: &[String]) -> Result<Given, Problem> {
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
    read: Result<Secret, Failure>,
) -> Result<Given, Problem> {
    match read {
        Ok(secret) if param.fallback().is_some() => Ok(Given::new(param.name(), Some(secret))),
        Ok(secret) => Ok(Given::new(param.name(), secret)),
        Err(failure) => {
            let text = format!("{failure}: {}", failure.detail());
            let problem = Problem::of(owner.name, text);
            Err(failure.hint().into_iter().fold(problem, Problem::with_hint))
        }
    }
}

/// One option is for all that have a parameter of its name: they must mean the same by it.
pub(super) fn agree(owner: &Owner<'_>, param: &Param, owners: &[Owner<'_>]) -> Result<(), Problem> {
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

pub(super) fn missing(owner: &Owner<'_>, param: &Param) -> Problem {
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
