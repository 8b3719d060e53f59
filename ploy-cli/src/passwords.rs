//! Where the passwords for sudo come from.

use clap::{Arg, ArgAction, ArgMatches};

use super::origin::{Origin, origin};
use super::print;
use ploy_core::error::Failure;
use ploy_report::ColorChoice;
use ploy_runtime::secret::{Passwords, Secret};

/// What the command line says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Source {
    /// The terminal, when sudo asks.
    #[default]
    Terminal,
    /// The terminal, before anything runs.
    Early,
    File(String),
    Descriptor(u32),
    Command(String),
}

pub(super) const HEADING: &str = "Passwords for sudo";

pub(super) fn options() -> [Arg; 4] {
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

impl Source {
    /// What was said; an error if it was said twice, which clap does not see on both sides of a command.
    pub(super) fn from_matches(matches: &ArgMatches) -> Result<Self, String> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let early = matches.get_flag("ask-sudo-pass").then_some(Source::Early);
        let descriptor = matches.get_one("sudo-pass-fd").copied();
        let all = [
            early,
            text("sudo-pass-file").map(Source::File),
            descriptor.map(Source::Descriptor),
            text("sudo-pass-command").map(Source::Command),
        ];
        // What is nearest to the command line counts; there, one alone.
        let said = all.into_iter().flatten();
        let mut said: Vec<(Option<Origin>, Source)> = said
            .map(|source| {
                (
                    source.option().and_then(|name| origin(matches, name)),
                    source,
                )
            })
            .collect();
        said.sort_by_key(|(origin, _)| std::cmp::Reverse(*origin));
        match said.as_slice() {
            [(one, source), (other, second), ..] if one == other => Err(format!(
                "`--{}` and `--{}` cannot be used together",
                source.option().unwrap_or_default(),
                second.option().unwrap_or_default()
            )),
            [(_, source), ..] => Ok(source.clone()),
            [] => Ok(Source::default()),
        }
    }

    /// The option that says something, if one does.
    fn option(&self) -> Option<&'static str> {
        match self {
            Source::Terminal => None,
            Source::Early => Some("ask-sudo-pass"),
            Source::File(_) => Some("sudo-pass-file"),
            Source::Descriptor(_) => Some("sudo-pass-fd"),
            Source::Command(_) => Some("sudo-pass-command"),
        }
    }

    /// The passwords, and what they are taken from if not from the terminal.
    pub(super) async fn open(
        &self,
        color: ColorChoice,
        no_input: bool,
    ) -> Result<Passwords, Failure> {
        let (secret, from) = match self {
            Source::Terminal if no_input => return Ok(Passwords::new()),
            Source::Terminal | Source::Early => return Ok(Passwords::from_terminal()),
            Source::File(file) => (Secret::from_file(file)?, format!("`{file}`")),
            Source::Descriptor(number) => (
                Secret::from_descriptor(*number)?,
                format!("file descriptor {number}"),
            ),
            Source::Command(command) => {
                (Secret::from_command(command).await?, format!("`{command}`"))
            }
        };
        if !secret.is_maskable() {
            print::warning(
                color,
                "a sudo password of less than 8 bytes is not masked where a command puts it out",
                None,
            );
        }
        Ok(Passwords::given(&secret, from))
    }
}
