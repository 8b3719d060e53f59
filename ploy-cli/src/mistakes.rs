//! What is said of options that are mistakes.

use clap::ArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::grammar::{Heeded, variable};
use super::origin::is_typed;
use super::parameters;
use ploy_core::error::did_you_mean;
use ploy_runtime::engine::Catalogue;

/// An option that all commands have.
pub(super) struct Global {
    id: String,
    long: String,
    heading: Option<String>,
}

impl Global {
    pub(super) fn of(arg: &clap::Arg) -> Option<Self> {
        let long = arg.get_long().filter(|_| arg.is_global_set())?;
        Some(Global {
            id: arg.get_id().to_string(),
            long: long.to_owned(),
            heading: arg.get_help_heading().map(str::to_owned),
        })
    }
}

/// The option on the command line that a command does not heed, if there is one: that is a mistake, not a wish. What the
/// environment or the project's file says is meant for those that do.
pub(super) fn surplus<'a>(
    command: &str,
    matches: &ArgMatches,
    options: &'a [Global],
) -> Option<&'a str> {
    let heeded = Heeded::by(command);
    let surplus = options.iter().find(|option| {
        let heading = option.heading.as_deref();
        is_typed(matches, &option.id) && !heeded.heeds(&option.id, heading)
    });
    surplus.map(|option| option.long.as_str())
}

/// What to say of an option that is not there, and what may be meant.
pub(super) fn unknown(
    error: &clap::Error,
    options: &[Global],
    catalogue: &Catalogue,
) -> Option<(String, String)> {
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
    Some((message, hint))
}

/// Where a value came from that clap complains of, if not from the command line.
pub(super) fn blamed(error: &clap::Error, options: &[Global]) -> Option<String> {
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
