//! What it takes to run a command as another user, by sudo.
//!
//! `privilege` decides from a command's options how it gets to another user, and `privilege_error`
//! says why it cannot. `simple_command` recognizes what sudo can run itself; `sudo_function` is for
//! scripts that call sudo on their own. `sudo_trial` finds out whether a password is right, and
//! `sudo_hint` says what to do about sudo's own errors.

mod privilege;
mod privilege_error;
mod simple_command;
mod sudo_function;
mod sudo_hint;
mod sudo_trial;

pub(crate) use privilege::{
    Privilege, PrivilegeOptions, ResolvedPrivilege, check_secrets, check_simple, end_of_options,
};
pub(crate) use privilege_error::PrivilegeError;
pub(crate) use sudo_function::{calls_sudo, sudo_function};
pub(crate) use sudo_hint::sudo_hint;
pub(crate) use sudo_trial::SudoTrial;
