//! Options that are given by variables of the environment.

use clap::ArgAction;
use clap::builder::BoolishValueParser;

/// Lets every option be given by a variable of the environment too.
pub(crate) fn with_environment(command: clap::Command) -> clap::Command {
    let command = command.mut_subcommands(with_environment);
    command.mut_args(|arg| {
        let Some(long) = arg.get_long() else {
            return arg;
        };
        let variable = variable(long);
        // An empty variable counts as unset.
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
pub(crate) fn variable(long: &str) -> String {
    format!("PLOY_{}", long.to_uppercase().replace('-', "_"))
}
