//! Takes the passwords for sudo from where the command line says.

use crate::options::passwords::PasswordSource;
use crate::terminal::messages;
use ploy_core::error::Failure;
use ploy_report::ColorChoice;
use ploy_runtime::secret::{Passwords, Secret};

/// The passwords. Without a terminal to ask on, `no_input`, there may be none.
pub(crate) async fn open(
    source: &PasswordSource,
    color: ColorChoice,
    no_input: bool,
) -> Result<Passwords, Failure> {
    let (secret, from) = match source {
        PasswordSource::Terminal if no_input => return Ok(Passwords::new()),
        PasswordSource::Terminal | PasswordSource::Early => return Ok(Passwords::from_terminal()),
        PasswordSource::File(file) => (Secret::from_file(file)?, format!("`{file}`")),
        PasswordSource::Descriptor(number) => (
            Secret::from_descriptor(*number)?,
            format!("file descriptor {number}"),
        ),
        PasswordSource::Command(command) => {
            (Secret::from_command(command).await?, format!("`{command}`"))
        }
    };
    if !secret.is_maskable() {
        messages::warning(
            color,
            "a sudo password of less than 8 bytes is not masked where a command puts it out",
            None,
        );
    }
    Ok(Passwords::given(&secret, from))
}
