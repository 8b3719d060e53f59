//! What may stand on the command line.

use clap::{Arg, ArgAction, value_parser};

use super::{keeping, passwords, progress, scheduling, selection};

fn names(help: &'static str) -> Arg {
    Arg::new("names")
        .value_name("JOB")
        .num_args(1..)
        .action(ArgAction::Append)
        .required(true)
        .help(help)
}

/// All of it, and the version that it tells, unless that is empty.
pub(super) fn command(version: &'static str) -> clap::Command {
    let color = Arg::new("color")
        .long("color")
        .value_name("WHEN")
        .value_parser(["auto", "always", "never"])
        .default_value("auto")
        .hide_default_value(true)
        .hide_possible_values(true)
        .global(true)
        .help("auto, always or never; auto heeds NO_COLOR");
    let mut command = clap::Command::new(binary_name())
        .about("Runs jobs on sites")
        .override_usage(
            "[OPTIONS] <JOB>...\n       [OPTIONS] <SCHEDULE>\n       [OPTIONS] <COMMAND>",
        )
        .arg_required_else_help(true)
        .subcommand_precedence_over_arg(true)
        .disable_help_subcommand(false)
        .args([
            names("The jobs to run, in this order; or one schedule").required(false),
            color,
            progress::option(),
            keeping::option(),
        ])
        .args(selection::options())
        .args(scheduling::options())
        .args(passwords::options())
        .subcommand(
            clap::Command::new("run")
                .about("Run jobs or a schedule, also of a name that a command has")
                .arg(names("The jobs to run, in this order; or one schedule")),
        )
        .subcommand(clap::Command::new("list").about("List jobs and schedules"))
        .subcommand(clap::Command::new("sites").about("List sites with their roles and settings"))
        .subcommand(
            clap::Command::new("connections")
                .about("List the connections that are kept, or close them")
                .args([
                    names("Only those to these destinations, or hosts")
                        .value_name("DESTINATION")
                        .required(false),
                    Arg::new("close")
                        .long("close")
                        .action(ArgAction::SetTrue)
                        .help("Close them, and end what runs over them"),
                ]),
        )
        .subcommand(
            clap::Command::new("plan")
                .about("Show what would run where, and in which order")
                .arg(
                    names("The jobs to plan, in this order; or one schedule")
                        .value_parser(value_parser!(String)),
                ),
        );
    command = command.override_usage(format!(
        "{0} [OPTIONS] <JOB>...\n       {0} [OPTIONS] <SCHEDULE>\n       {0} [OPTIONS] <COMMAND>",
        binary_name()
    ));
    if version.is_empty() {
        command
    } else {
        command.version(version)
    }
}

/// The name by which the program was called.
fn binary_name() -> String {
    std::env::args_os()
        .next()
        .and_then(|path| {
            std::path::Path::new(&path)
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
        })
        .unwrap_or_else(|| "ploy".to_owned())
}
