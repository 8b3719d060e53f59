//! From text to the value of a parameter.

use std::collections::HashMap;

use super::owner::Owner;
use super::usage::usage;
use super::value_kind::ValueKind;
use ploy_core::catalogue::{Given, Param, Shape};
use ploy_core::error::{Failure, Problem};
use ploy_runtime::secret::Secret;

/// Reads values. A file or a descriptor may be read only once, however many jobs are given what is
/// in it.
#[derive(Default)]
pub(crate) struct SecretReader(HashMap<(ValueKind, String), Secret>);

impl SecretReader {
    pub(crate) fn read(
        &mut self,
        owner: &Owner<'_>,
        param: &Param,
        source: ValueKind,
        values: &[String],
    ) -> Result<Given, Problem> {
        if source == ValueKind::Value {
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
        // The parameter is a `Secret` or an `Option<Secret>`.
        param
            .give(Box::new(secret.clone()))
            .or_else(|| param.give(Box::new(Some(secret))))
            .ok_or_else(|| {
                let text = format!("`{}` of `{}` is no secret", param.name(), owner.name);
                Problem::of(owner.name, text)
            })
    }
}

fn secret(source: ValueKind, from: &str) -> Result<Secret, Failure> {
    match (source, from.parse()) {
        (ValueKind::Descriptor, Ok(number)) => Secret::from_descriptor(number),
        // No descriptor has that number.
        (ValueKind::Descriptor, Err(_)) => Secret::from_descriptor(u32::MAX),
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
pub(crate) fn agree(owner: &Owner<'_>, param: &Param, owners: &[Owner<'_>]) -> Result<(), Problem> {
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

/// A parameter that is not given; `has_option` unless its job was not known when the command line
/// was read.
pub(crate) fn missing(owner: &Owner<'_>, param: &Param, has_option: bool) -> Problem {
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
