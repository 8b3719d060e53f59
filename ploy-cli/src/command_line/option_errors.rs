//! Options that are mistakes, and what to say of them.

use clap::ArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::environment::variable;
use crate::commands::spec::CommandSpec;
use crate::options::origin::is_typed;
use crate::options::parameters;
use ploy_core::error::{Problem, did_you_mean};
use ploy_runtime::engine::Catalogue;

/// An option that all commands have.
pub(crate) struct GlobalOption {
    id: String,
    long: String,
    heading: Option<String>,
}

impl GlobalOption {
    pub(crate) fn of(arg: &clap::Arg) -> Option<Self> {
        let long = arg.get_long().filter(|_| arg.is_global_set())?;
        Some(GlobalOption {
            id: arg.get_id().to_string(),
            long: long.to_owned(),
            heading: arg.get_help_heading().map(str::to_owned),
        })
    }
}

/// The option on the command line that a command does not accept, if there is one: that is a
/// mistake. What the environment or the project's file says is meant for the commands that do.
pub(crate) fn surplus<'a>(
    command: &CommandSpec,
    matches: &ArgMatches,
    options: &'a [GlobalOption],
) -> Option<&'a str> {
    let surplus = options.iter().find(|option| {
        let heading = option.heading.as_deref();
        is_typed(matches, &option.id) && !command.accepted.has(&option.id, heading)
    });
    surplus.map(|option| option.long.as_str())
}

/// The problem of an option that does not exist, with what may be meant.
pub(crate) fn unknown(
    error: &clap::Error,
    options: &[GlobalOption],
    catalogue: &Catalogue,
) -> Option<Problem> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let long = option.strip_prefix("--")?;
    let long = long.split('=').next().unwrap_or(long);
    let message = format!("there is no option `--{long}`");
    let names = options.iter().map(|option| option.long.as_str());
    let names = names.chain(["help", "version"]);
    let names: Vec<String> = names.map(|name| format!("--{name}")).collect();
    let near = || did_you_mean(&format!("--{long}"), names.iter().map(String::as_str));
    let hint = parameters::jobs_with(catalogue, long)
        .map(|jobs| format!("it is a parameter of {jobs}"))
        .or_else(near)
        .unwrap_or_else(|| "`--help` shows what there is".to_owned());
    Some(Problem::new(message).with_hint(hint))
}

/// Says that a value that clap refuses came from the environment, if it did.
pub(crate) fn blamed(error: &clap::Error, options: &[GlobalOption]) -> Option<String> {
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
        return None;
    };
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let long = option
        .split([' ', '=', '['])
        .next()?
        .trim_start_matches("--");
    let option = options.iter().find(|option| option.long == long)?;
    let variable = variable(&option.long);
    (std::env::var(&variable).ok()? == *value)
        .then(|| format!("the value comes from the environment variable {variable}"))
}
