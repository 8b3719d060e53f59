//! What may stand on the command line: the options that all commands share, and the commands.

use clap::Arg;

use crate::commands::{self, run};
use crate::options::{names, shared};
use crate::program;

/// All of it, with the options that the parameters of jobs make. An empty version is not told.
pub(crate) fn grammar(version: &'static str, parameters: Vec<Arg>) -> clap::Command {
    let commands = commands::ALL.iter().map(|command| command.grammar());
    let command = clap::Command::new(program::name())
        .about("Runs jobs on sites")
        .override_usage(format!(
            "{0} [OPTIONS] <JOB>...\n       {0} [OPTIONS] <SCHEDULE>\n       {0} [OPTIONS] <COMMAND>",
            program::name()
        ))
        .arg_required_else_help(true)
        .subcommand_precedence_over_arg(true)
        .disable_help_subcommand(false)
        .arg(names::argument(run::NAMES_HELP).required(false))
        .args(shared::options(parameters))
        .subcommands(commands);
    if version.is_empty() {
        command
    } else {
        command.version(version)
    }
}
