//! How secrets get to a command.

use std::fmt::Write as _;

use super::script::{VariableError, check_name};
use crate::secret::Secret;
use crate::transport::FETCH_SECRET;

/// A secret that a command gets.
#[derive(Clone)]
pub(crate) struct CommandSecret {
    /// The variable that has the secret, or the path of the file with it.
    pub(crate) name: String,
    pub(crate) secret: Secret,
    pub(crate) delivery: SecretDelivery,
}

/// How a command gets a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretDelivery {
    Variable,
    File,
}

impl CommandSecret {
    pub(crate) fn is_file(&self) -> bool {
        self.delivery == SecretDelivery::File
    }
}

/// What a command's shell runs to fetch its secrets. None of them is in the script, which is an
/// argument that everybody on the host can see. Files are made where no disk is, if there is such a
/// place; the names of all of them begin with `$ploy_f`.
pub(super) fn fetch_script(secrets: &[CommandSecret]) -> Result<String, VariableError> {
    let mut text = String::new();
    if secrets.is_empty() {
        return Ok(text);
    }
    text.push_str(FETCH_SECRET);
    if secrets.iter().any(CommandSecret::is_file) {
        text.push_str(
            "ploy_f=/tmp; [ ! -w /dev/shm ] || ploy_f=/dev/shm; ploy_f=$ploy_f/${ploy_q##*/}.$$\n",
        );
    }
    for (
        index,
        CommandSecret {
            name,
            secret,
            delivery,
        },
    ) in secrets.iter().enumerate()
    {
        check_name(name)?;
        // Writing to a string does not fail.
        let _ = match delivery {
            _ if secret.expose().contains(&0) => {
                return Err(VariableError::NulInSecret(name.clone()));
            }
            SecretDelivery::Variable => writeln!(
                text,
                "{name}=$(ploy_g {index} && echo .) || exit 125; {name}=${{{name}%.}}; export {name}"
            ),
            SecretDelivery::File => writeln!(
                text,
                "{name}=$ploy_f.f{index}; (umask 077; ploy_g {index} >\"${name}\") || exit 125; export {name}"
            ),
        };
    }
    text.push_str("unset -f ploy_g\n");
    Ok(text)
}

/// What sends the variables on to another user's shell: by its standard input, one a line, in octal
/// numbers. sudo would write variables that it keeps into its log.
pub(super) fn send_script(secrets: &[CommandSecret]) -> String {
    let send = |one: &CommandSecret| {
        let name = &one.name;
        format!("printf %s \"${name}\" | od -An -v -to1 | tr -d '\\n'; echo; ")
    };
    secrets.iter().map(send).collect()
}

/// What receives them there. The shell's own `printf` and `read` keep them out of all arguments,
/// and read nothing more than the lines.
pub(super) fn receive_script(secrets: &[CommandSecret]) -> String {
    let receive = |one: &CommandSecret| {
        let name = &one.name;
        format!(
            "IFS= read -r ploy_l; ploy_v=; for ploy_o in $(echo \"$ploy_l\"); do ploy_v=\"$ploy_v\\\\0$ploy_o\"; done\n\
             {name}=$(printf '%b.' \"$ploy_v\"); {name}=${{{name}%.}}; export {name}\n"
        )
    };
    let mut text: String = secrets.iter().map(receive).collect();
    if !text.is_empty() {
        text.push_str("unset ploy_l ploy_v ploy_o\n");
    }
    text
}
