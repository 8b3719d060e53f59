//! What may stand on the command line.

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, value_parser};

use super::{
    asking, check, completions, exec, keeping, output, parameters, passwords, plan, progress,
    reports, scheduling, selection, ssh,
};

/// What options without a heading are called here.
pub(super) const GENERAL: &str = "";

pub(super) fn names(help: &'static str) -> Arg {
    Arg::new("names")
        .value_name("JOB")
        .num_args(1..)
        .action(ArgAction::Append)
        .required(true)
        .help(help)
}

/// All of it, and the version that it tells, unless that is empty.
pub(super) fn command(version: &'static str, parameters: Vec<Arg>) -> clap::Command {
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
            keeping::option(),
            plan::dry_run_option(),
        ])
        .args(parameters)
        .args(selection::options())
        .args(scheduling::options())
        .args(output::options())
        .args(reports::options())
        .arg(progress::option())
        .args(passwords::options())
        .args(asking::options())
        .arg(parameters::set_option())
        .subcommand(
            clap::Command::new("run")
                .about("Run jobs or a schedule, also of a name that a command has")
                .arg(names("The jobs to run, in this order; or one schedule")),
        )
        .subcommand(clap::Command::new("list").about("List jobs and schedules"))
        .subcommand(clap::Command::new("sites").about("List sites with their roles and settings"))
        .subcommand(completions::grammar())
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
                )
                .arg(plan::format_option()),
        )
        .subcommand(check::grammar())
        .subcommand(exec::grammar())
        .subcommand(ssh::grammar());
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

/// The options that a command heeds, besides `--color`, which all do.
pub(super) struct Heeded {
    /// Groups of them, by their headings.
    headings: &'static [&'static str],
    /// Others, by their ids.
    options: &'static [&'static str],
    /// Those of the groups that it does not heed after all.
    but: &'static [&'static str],
}

impl Heeded {
    /// What the command of this name heeds.
    pub(super) fn by(command: &str) -> Self {
        let (headings, options): (&'static [&'static str], &'static [&'static str]) = match command
        {
            "run" => (
                &[
                    GENERAL,
                    parameters::HEADING,
                    selection::HEADING,
                    scheduling::HEADING,
                    output::HEADING,
                    passwords::HEADING,
                    asking::HEADING,
                ],
                &[],
            ),
            "exec" => (
                &[
                    GENERAL,
                    selection::HEADING,
                    scheduling::HEADING,
                    output::HEADING,
                    passwords::HEADING,
                ],
                &["no-input"],
            ),
            "plan" => (
                &[parameters::HEADING, selection::HEADING, scheduling::HEADING],
                &["dry-run"],
            ),
            "check" => (
                &[parameters::HEADING, selection::HEADING, passwords::HEADING],
                &["no-keep", "fanout", "timeout", "no-input", "start-from"],
            ),
            "sites" => (&[selection::HEADING], &[]),
            "ssh" => (&[], &["no-keep"]),
            _ => (&[], &[]),
        };
        // It has one job, and asks nothing.
        let but: &'static [&'static str] = match command {
            "exec" => &["start-from"],
            _ => &[],
        };
        Heeded {
            headings,
            options,
            but,
        }
    }

    /// Whether it heeds this option, which stands under this heading.
    pub(super) fn heeds(&self, id: &str, heading: Option<&str>) -> bool {
        let heading = heading.unwrap_or(GENERAL);
        let is_in_group = self.headings.contains(&heading) && !self.but.contains(&id);
        id == "color" || self.options.contains(&id) || is_in_group
    }
}

/// Lets every option be given by a variable of the environment too.
pub(super) fn with_environment(command: clap::Command) -> clap::Command {
    let command = command.mut_subcommands(with_environment);
    command.mut_args(|arg| {
        let Some(long) = arg.get_long() else {
            return arg;
        };
        let variable = variable(long);
        // An empty one is as good as none.
        if std::env::var_os(&variable).is_none_or(|value| value.is_empty()) {
            return arg;
        }
        let is_switch = matches!(arg.get_action(), ArgAction::SetTrue);
        let arg = arg.env(variable).hide_env(true);
        if is_switch {
            // `1`, `yes` and `on` will do too.
            arg.value_parser(BoolishValueParser::new())
        } else {
            arg
        }
    })
}

/// The variable of the environment that stands for an option.
pub(super) fn variable(long: &str) -> String {
    format!("PLOY_{}", long.to_uppercase().replace('-', "_"))
}

/// The name by which the program was called.
pub(super) fn binary_name() -> String {
    std::env::args_os()
        .next()
        .and_then(|path| {
            std::path::Path::new(&path)
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
        })
        .unwrap_or_else(|| "ploy".to_owned())
}
