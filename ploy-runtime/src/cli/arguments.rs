use std::ffi::OsString;

use clap::ArgMatches;

use super::grammar::command;
use super::help::catalogue_help;
use super::reports::Reports;
use super::scheduling::Scheduling;
use super::selection::Selection;
use super::{exit, keeping, passwords, print};
use crate::catalogue::RESERVED;
use crate::engine::Catalogue;
use crate::report::ColorChoice;

/// What the command line asks for.
pub(super) struct Arguments {
    pub(super) command: Command,
    pub(super) selection: Selection,
    pub(super) scheduling: Scheduling,
    pub(super) color: ColorChoice,
    /// Whether connections end with the run.
    pub(super) no_keep: bool,
    /// Where passwords for sudo come from.
    pub(super) passwords: passwords::Source,
    /// Who is told of the run.
    pub(super) reports: Reports,
}

pub(super) enum Command {
    /// Run jobs, or a schedule; whether by the command `run`, where a name cannot mean a command.
    Run {
        names: Vec<String>,
        as_command: bool,
    },
    Plan {
        names: Vec<String>,
    },
    List,
    Sites,
    /// List the connections that are kept, or close them.
    Connections {
        names: Vec<String>,
        close: bool,
    },
}

/// The commands that are there. The other reserved names say that they are not.
const COMMANDS: [&str; 6] = ["run", "list", "sites", "plan", "connections", "help"];

impl Arguments {
    /// Reads the command line. What is not to be run further comes back as an exit code: help, or an error that has
    /// been printed.
    pub(super) fn parse(
        arguments: impl IntoIterator<Item = OsString>,
        version: &'static str,
        catalogue: &Catalogue,
    ) -> Result<Self, u8> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        // Help is all that needs the jobs; a run does not pay for it.
        let wants_help = arguments.len() <= 1
            || arguments
                .iter()
                .any(|argument| argument == "--help" || argument == "-h" || argument == "help");
        let mut command = command(version);
        if wants_help {
            let of_jobs = catalogue_help(catalogue);
            command = command.after_help(format!("{}\n{of_jobs}", exit::HELP));
        }
        let matches = command.try_get_matches_from(arguments).map_err(|error| {
            // Help and version are no errors, and go to standard output.
            let code = if error.use_stderr() {
                exit::USAGE
            } else {
                exit::OK
            };
            let _ = error.print();
            code
        })?;
        Arguments::from_matches(&matches)
    }

    fn from_matches(matches: &ArgMatches) -> Result<Self, u8> {
        let names = |matches: &ArgMatches| -> Vec<String> {
            matches
                .get_many::<String>("names")
                .into_iter()
                .flatten()
                .cloned()
                .collect()
        };
        if let Some((name, _)) = matches.subcommand()
            && let Some(job) = names(matches).first()
        {
            let message = format!("`{name}` is a command, and cannot follow the job `{job}`");
            print::error(
                ColorChoice::Auto,
                &message,
                Some(&format!("a job of that name is run by `run {job} {name}`")),
            );
            return Err(exit::USAGE);
        }
        let (command, inner) = match matches.subcommand() {
            Some(("run", inner)) => (
                Command::Run {
                    names: names(inner),
                    as_command: true,
                },
                inner,
            ),
            Some(("plan", inner)) => (
                Command::Plan {
                    names: names(inner),
                },
                inner,
            ),
            Some(("list", inner)) => (Command::List, inner),
            Some(("sites", inner)) => (Command::Sites, inner),
            Some(("connections", inner)) => (
                Command::Connections {
                    names: names(inner),
                    close: inner.get_flag("close"),
                },
                inner,
            ),
            _ => (
                Command::Run {
                    names: names(matches),
                    as_command: false,
                },
                matches,
            ),
        };
        // A global option given before the command is found in the command's matches too.
        let color = match inner.get_one::<String>("color").map(String::as_str) {
            Some("always") => ColorChoice::Always,
            Some("never") => ColorChoice::Never,
            _ => ColorChoice::Auto,
        };
        let selection = Selection::from_matches(inner).map_err(|error| {
            print::error(color, &error.to_string(), error.hint());
            exit::USAGE
        })?;
        let scheduling = Scheduling::from_matches(inner);
        let no_keep = keeping::is_refused(inner);
        let passwords = passwords::Source::from_matches(inner).map_err(|message| {
            print::error(color, &message, Some("leave one of them out"));
            exit::USAGE
        })?;
        let reports = Reports::from_matches(inner);
        let other = no_keep.then_some("no-keep").or(passwords.surplus());
        let other = other.or(reports.surplus());
        refuse_surplus(&command, &selection, &scheduling, other)?;
        Ok(Arguments {
            command,
            selection,
            scheduling,
            color,
            no_keep,
            passwords,
            reports,
        })
    }
}

/// An option that a command does not heed is a mistake, not a wish.
fn refuse_surplus(
    command: &Command,
    selection: &Selection,
    scheduling: &Scheduling,
    other: Option<&'static str>,
) -> Result<(), u8> {
    let (name, option) = match command {
        Command::Run { .. } => return Ok(()),
        Command::Plan { .. } => ("plan", other),
        Command::Sites => ("sites", scheduling.surplus().or(other)),
        Command::List => (
            "list",
            scheduling.surplus().or(selection.surplus()).or(other),
        ),
        Command::Connections { .. } => (
            "connections",
            scheduling.surplus().or(selection.surplus()).or(other),
        ),
    };
    match option {
        None => Ok(()),
        Some(option) => {
            let message = format!("`--{option}` means nothing to the command `{name}`");
            print::error(ColorChoice::Auto, &message, Some("leave it out"));
            Err(exit::USAGE)
        }
    }
}

/// Whether a name on the command line is that of a command which is to come.
pub(super) fn is_to_come(name: &str) -> bool {
    RESERVED.contains(&name) && !COMMANDS.contains(&name)
}

/// All that a first word on the command line can be, besides jobs and schedules.
pub(super) fn command_names() -> impl Iterator<Item = &'static str> {
    COMMANDS.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, u8> {
        Arguments::parse(
            line.split(' ').map(OsString::from),
            "1.0",
            &Catalogue::new(),
        )
    }

    #[test]
    fn the_command_is_well_formed() {
        command("1.0").debug_assert();
    }

    #[test]
    fn names_are_jobs_unless_they_are_commands() {
        let Ok(Arguments {
            command:
                Command::Run {
                    names,
                    as_command: false,
                },
            selection,
            ..
        }) = parse("deploy --roles web,db upload upgrade -r x")
        else {
            panic!("jobs")
        };
        assert_eq!(
            (names, selection.words()),
            (
                vec!["upload".into(), "upgrade".into()],
                Some("--roles web,db,x".to_owned())
            )
        );
        let Ok(Arguments {
            command:
                Command::Run {
                    names,
                    as_command: true,
                },
            ..
        }) = parse("deploy run list")
        else {
            panic!("run")
        };
        assert_eq!(names, ["list"]);
        assert!(matches!(
            parse("deploy -r web sites"),
            Ok(Arguments {
                command: Command::Sites,
                ..
            })
        ));
        for surplus in ["list -l web", "sites --fanout 3", "list --once"] {
            assert!(matches!(
                parse(&format!("deploy {surplus}")),
                Err(exit::USAGE)
            ));
        }
        assert!(matches!(
            parse("deploy plan upload"),
            Ok(Arguments {
                command: Command::Plan { .. },
                ..
            })
        ));
    }

    #[test]
    fn a_command_after_a_job_is_a_mistake() {
        assert!(matches!(parse("deploy upload list"), Err(exit::USAGE)));
        assert!(matches!(
            parse("deploy upload run upgrade"),
            Err(exit::USAGE)
        ));
    }

    #[test]
    fn commands_to_come_are_known() {
        assert!(is_to_come("check") && is_to_come("resume"));
        assert!(!is_to_come("run") && !is_to_come("upload"));
        assert!(command_names().all(|name| RESERVED.contains(&name)));
    }
}
