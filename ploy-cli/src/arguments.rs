use std::ffi::OsString;

use clap::ArgMatches;

use super::again::Words;
use super::asking::Asking;
use super::grammar::{command, with_environment};
use super::help::{catalogue_help, examples};
use super::mistakes::{Global, blamed, surplus, unknown};
use super::origin::clash;
use super::output::{Output, View};
use super::parameters::{self, Owner, Parameters};
use super::project::{Project, Set};
use super::reports::Reports;
use super::scheduling::Scheduling;
use super::selection::Selection;
use super::{check, exec, exit, keeping, passwords, plan, print, progress, ssh};
use ploy_core::error::Problem;
use ploy_report::ColorChoice;
use ploy_runtime::engine::Catalogue;

/// What the command line asks for.
pub(super) struct Arguments {
    pub(super) command: Command,
    pub(super) selection: Selection,
    pub(super) scheduling: Scheduling,
    pub(super) parameters: Parameters,
    pub(super) asking: Asking,
    pub(super) color: ColorChoice,
    /// How a run is shown.
    pub(super) output: Output,
    /// The words of the command line of a run.
    pub(super) words: Words,
    /// Whether what runs is drawn.
    pub(super) progress: progress::Choice,
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
    /// Show what would run, also for a run that is to be shown only: `as_command` as for a run.
    Plan {
        names: Vec<String>,
        as_command: bool,
        format: plan::Format,
    },
    /// Look at all that a run needs on sites.
    Check(check::Asked),
    /// Run a command without a job.
    Exec(exec::Asked),
    /// Open a shell.
    Ssh(ssh::Asked),
    List,
    Sites,
    /// Print a script for a shell, or the man page.
    Completions {
        kind: String,
    },
    /// List the connections that are kept, or close them.
    Connections {
        names: Vec<String>,
        close: bool,
    },
}

impl Arguments {
    /// Reads the command line. What is not to be run further comes back as an exit code: help, or an error that has
    /// been printed.
    pub(super) fn parse(
        arguments: impl IntoIterator<Item = OsString>,
        version: &'static str,
        catalogue: &Catalogue,
    ) -> Result<Self, u8> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let refused = |problems: Vec<Problem>| {
            print::problems(ColorChoice::Auto, &problems);
            exit::USAGE
        };
        // Help is all that needs the jobs; a run does not pay for it.
        let wants_help = arguments.len() <= 1
            || arguments
                .iter()
                .any(|argument| argument == "--help" || argument == "-h" || argument == "help");
        let owners = parameters::owners(catalogue, &arguments);
        let mut command = command(version, parameters::options(&owners, wants_help));
        let mut defaults = Vec::new();
        let folder = std::env::current_dir().unwrap_or_default();
        let project = Project::find(&folder).map_err(|problem| vec![problem]);
        let applied = project.and_then(|project| match project {
            Some(project) => project.apply(command.clone()),
            None => Ok((command.clone(), Vec::new())),
        });
        match applied {
            Ok(applied) => (command, defaults) = applied,
            // Help is there also for whoever wrote that file.
            Err(_) if wants_help => {}
            Err(problems) => return Err(refused(problems)),
        }
        command = with_environment(command);
        if wants_help {
            let of_jobs = catalogue_help(catalogue);
            command = command.after_help(format!(
                "{}\n{}\n{of_jobs}",
                examples(catalogue),
                exit::HELP
            ));
        }
        let options: Vec<Global> = command.get_arguments().filter_map(Global::of).collect();
        let program = arguments.first().cloned();
        let matches = command
            .try_get_matches_from_mut(arguments)
            .map_err(|error| {
                // Help and version are no errors, and go to standard output.
                let code = if error.use_stderr() {
                    exit::USAGE
                } else {
                    exit::OK
                };
                if let Some((message, hint)) = unknown(&error, &options, catalogue) {
                    print::error(ColorChoice::Auto, &message, Some(&hint));
                    return code;
                }
                let _ = error.print();
                if let Some(note) = blamed(&error, &options) {
                    print::note(&note);
                }
                code
            })?;
        let line = Line {
            program: program.as_ref(),
            grammar: &command,
            options: &options,
        };
        Arguments::from_matches(&matches, &owners, defaults, &line)
    }

    fn from_matches(
        matches: &ArgMatches,
        owners: &[Owner<'_>],
        defaults: Vec<Set>,
        line: &Line<'_>,
    ) -> Result<Self, u8> {
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
                    as_command: true,
                    format: plan::format(inner),
                },
                inner,
            ),
            Some(("check", inner)) => (Command::Check(check::Asked::from_matches(inner)), inner),
            Some(("exec", inner)) => (Command::Exec(exec::Asked::from_matches(inner)), inner),
            Some(("ssh", inner)) => (Command::Ssh(ssh::Asked::from_matches(inner)), inner),
            Some(("list", inner)) => (Command::List, inner),
            Some(("sites", inner)) => (Command::Sites, inner),
            Some(("completions", inner)) => {
                let kind = inner.get_one::<String>("kind").cloned().unwrap_or_default();
                (Command::Completions { kind }, inner)
            }
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
        let is_dry = plan::is_dry(inner);
        let command = match command {
            Command::Run { names, as_command } if is_dry => Command::Plan {
                names,
                as_command,
                format: plan::Format::Text,
            },
            command => command,
        };
        // A global option given before the command is found in the command's matches too.
        let color = match inner.get_one::<String>("color").map(String::as_str) {
            Some("always") => ColorChoice::Always,
            Some("never") => ColorChoice::Never,
            _ => ColorChoice::Auto,
        };
        let refused = |message: &str, hint: Option<&str>| {
            print::error(color, message, hint);
            exit::USAGE
        };
        if let Some((name, _)) = matches.subcommand()
            && let Some(surplus) = surplus(name, inner, line.options)
        {
            let message = format!("`--{surplus}` means nothing to the command `{name}`");
            return Err(refused(&message, Some("leave it out")));
        }
        let pairs = [
            ("keep-going", "break-on-error"),
            ("no-input", "step"),
            ("no-input", "ask-sudo-pass"),
        ];
        if let Some(message) = clash(inner, &pairs) {
            return Err(refused(&message, Some("leave one of them out")));
        }
        let selection = Selection::from_matches(inner)
            .map_err(|error| refused(&error.to_string(), error.hint()))?;
        let parameters = Parameters::from_matches(inner, owners, defaults)
            .map_err(|problem| refused(&problem.to_string(), problem.hint()))?;
        let passwords = passwords::Source::from_matches(inner)
            .map_err(|message| refused(&message, Some("leave one of them out")))?;
        let output = Output::from_matches(inner)
            .map_err(|message| refused(&message, Some("leave one of them out")))?;
        // Who asks for events reads a plan too.
        let command = match command {
            Command::Plan {
                names, as_command, ..
            } if is_dry && output.view == View::Json => Command::Plan {
                names,
                as_command,
                format: plan::Format::Json,
            },
            command => command,
        };
        let words = match &command {
            Command::Run { names, as_command } => {
                let run = as_command.then_some("run");
                Words::of(line.program, line.grammar, inner, (run, names))
            }
            Command::Exec(asked) => {
                let names: Vec<String> = asked.word().into_iter().collect();
                Words::of(line.program, line.grammar, inner, (Some("exec"), &names))
            }
            _ => Words::default(),
        };
        Ok(Arguments {
            command,
            selection,
            scheduling: Scheduling::from_matches(inner),
            parameters,
            asking: Asking::from_matches(inner),
            color,
            progress: progress::Choice::from_matches(inner),
            output,
            words,
            no_keep: keeping::is_refused(inner),
            passwords,
            reports: Reports::from_matches(inner),
        })
    }
}

/// A command line, and what may stand on it.
struct Line<'a> {
    program: Option<&'a OsString>,
    grammar: &'a clap::Command,
    options: &'a [Global],
}

#[cfg(test)]
mod tests {
    use super::*;
    use ploy_syntax::option::is_global_option;

    fn parse(line: &str) -> Result<Arguments, u8> {
        Arguments::parse(
            line.split(' ').map(OsString::from),
            "1.0",
            &Catalogue::new(),
        )
    }

    #[test]
    fn the_command_is_well_formed() {
        let command = command("1.0", Vec::new());
        with_environment(command.clone()).debug_assert();
        // Every option is kept from parameters, so that a new one breaks nobody's jobs.
        let options = command.get_arguments().filter_map(clap::Arg::get_long);
        for option in options.chain(["help", "version"]) {
            assert!(is_global_option(option), "{option}");
        }
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
}
