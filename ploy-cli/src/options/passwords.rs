//! Options about where the passwords for sudo come from.

use clap::{Arg, ArgAction, ArgMatches};

use super::origin::{Origin, conflict, origin};
use ploy_core::error::Problem;

/// Where the passwords for sudo come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum PasswordSource {
    /// The terminal, when sudo asks.
    #[default]
    Terminal,
    /// The terminal, before anything runs.
    Early,
    File(String),
    Descriptor(u32),
    Command(String),
}

pub(crate) const HEADING: &str = "Passwords for sudo";

pub(crate) fn options() -> [Arg; 4] {
    let option = |name: &'static str| Arg::new(name).long(name).global(true).help_heading(HEADING);
    let given = |name: &'static str, value: &'static str| option(name).value_name(value);
    [
        option("ask-sudo-pass")
            .action(ArgAction::SetTrue)
            .help("Ask before anything runs, and try it"),
        given("sudo-pass-file", "FILE").help("From a file that only you can read"),
        given("sudo-pass-fd", "NUMBER")
            .value_parser(clap::value_parser!(u32))
            .help("From an open file descriptor"),
        given("sudo-pass-command", "COMMAND").help("From a command: \"pass show deploy\""),
    ]
}

impl PasswordSource {
    /// Parses the options. Two can stand on both sides of a command, where clap does not see it.
    pub(crate) fn parse(matches: &ArgMatches) -> Result<Self, Problem> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let early = matches
            .get_flag("ask-sudo-pass")
            .then_some(PasswordSource::Early);
        let descriptor = matches.get_one("sudo-pass-fd").copied();
        let all = [
            early,
            text("sudo-pass-file").map(PasswordSource::File),
            descriptor.map(PasswordSource::Descriptor),
            text("sudo-pass-command").map(PasswordSource::Command),
        ];
        // What is nearest to the command line counts; there, one alone.
        let given = all.into_iter().flatten();
        let mut given: Vec<(Option<Origin>, PasswordSource)> = given
            .map(|source| {
                (
                    source.option().and_then(|name| origin(matches, name)),
                    source,
                )
            })
            .collect();
        given.sort_by_key(|(origin, _)| std::cmp::Reverse(*origin));
        match given.as_slice() {
            [(one, source), (other, second), ..] if one == other => {
                let option =
                    |source: &PasswordSource| format!("--{}", source.option().unwrap_or_default());
                Err(conflict(&option(source), &option(second)))
            }
            [(_, source), ..] => Ok(source.clone()),
            [] => Ok(PasswordSource::default()),
        }
    }

    /// The option that chooses this source, if it has one.
    fn option(&self) -> Option<&'static str> {
        match self {
            PasswordSource::Terminal => None,
            PasswordSource::Early => Some("ask-sudo-pass"),
            PasswordSource::File(_) => Some("sudo-pass-file"),
            PasswordSource::Descriptor(_) => Some("sudo-pass-fd"),
            PasswordSource::Command(_) => Some("sudo-pass-command"),
        }
    }
}
