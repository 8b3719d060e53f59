mod privilege;
mod simple_command;
pub(crate) mod sudo_hint;
mod sudo_trial;

pub(crate) use privilege::{
    Privilege, Wanted, Way, calls_sudo, check_secrets, check_simple, end_of_options, function,
};
pub(crate) use sudo_trial::SudoTrial;
