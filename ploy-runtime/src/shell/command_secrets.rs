//! Secrets on their way to a command.

use std::fmt::Write as _;

use crate::secret::Secret;
use crate::topology::check_variable;
use crate::transport::GET;

/// A secret that a command gets.
#[derive(Clone)]
pub(crate) struct Handed {
    /// The variable that has it, or the path of the file that has it.
    pub(crate) name: String,
    pub(crate) secret: Secret,
    pub(crate) how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Variable,
    File,
}

impl Handed {
    pub(crate) fn is_file(&self) -> bool {
        self.how == How::File
    }
}

/// What a command's shell does to get its secrets. None of them is in the script, since that is an argument which all can
/// see there. A file is made where no disk is, if there is such a place; `$ploy_f` is what the names of all of them begin
/// with.
pub(crate) fn script(handed: &[Handed]) -> Result<String, String> {
    let mut text = String::new();
    if handed.is_empty() {
        return Ok(text);
    }
    text.push_str(GET);
    if handed.iter().any(Handed::is_file) {
        text.push_str(
            "ploy_f=/tmp; [ ! -w /dev/shm ] || ploy_f=/dev/shm; ploy_f=$ploy_f/${ploy_q##*/}.$$\n",
        );
    }
    for (number, Handed { name, secret, how }) in handed.iter().enumerate() {
        check_variable(name)?;
        // Writing to a string does not fail.
        let _ = match how {
            _ if secret.expose().contains(&0) => {
                return Err(format!("the secret for `{name}` holds a NUL byte"));
            }
            How::Variable => writeln!(
                text,
                "{name}=$(ploy_g {number} && echo .) || exit 125; {name}=${{{name}%.}}; export {name}"
            ),
            How::File => writeln!(
                text,
                "{name}=$ploy_f.f{number}; (umask 077; ploy_g {number} >\"${name}\") || exit 125; export {name}"
            ),
        };
    }
    text.push_str("unset -f ploy_g\n");
    Ok(text)
}

/// What hands the variables on to another user's shell: by its standard input, a line each, in octal numbers. sudo would
/// write into its log what it is told to keep of the environment.
pub(crate) fn ahead(handed: &[Handed]) -> String {
    let hand = |one: &Handed| {
        let name = &one.name;
        format!("printf %s \"${name}\" | od -An -v -to1 | tr -d '\\n'; echo; ")
    };
    handed.iter().map(hand).collect()
}

/// What takes them there. The shell's own `printf` and `read` see to it that they are in no argument, and that nothing more is
/// read.
pub(crate) fn taken(handed: &[Handed]) -> String {
    let take = |one: &Handed| {
        let name = &one.name;
        format!(
            "IFS= read -r ploy_l; ploy_v=; for ploy_o in $(echo \"$ploy_l\"); do ploy_v=\"$ploy_v\\\\0$ploy_o\"; done\n\
             {name}=$(printf '%b.' \"$ploy_v\"); {name}=${{{name}%.}}; export {name}\n"
        )
    };
    let mut text: String = handed.iter().map(take).collect();
    if !text.is_empty() {
        text.push_str("unset ploy_l ploy_v ploy_o\n");
    }
    text
}
