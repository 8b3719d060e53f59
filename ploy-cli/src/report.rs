//! Prints an error of the command line: the one place that does.

use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::terminal::messages;
use ploy_report::ColorChoice;

/// Prints the error, and returns the code with which the program ends.
pub(crate) fn report(error: &CliError, color: ColorChoice) -> ExitStatus {
    match error {
        CliError::Words { error, note } => {
            // Help and version go to standard output. A reader that went away is no error.
            let _ = error.print();
            if let Some(note) = note {
                messages::note(note);
            }
        }
        CliError::Usage(problems) | CliError::Failed(problems) => {
            messages::problems(color, problems);
        }
        CliError::Setup(cause)
        | CliError::Password { cause, .. }
        | CliError::NoConnection { cause, .. } => {
            messages::failure(color, &error.to_string(), cause);
        }
        CliError::Exec { .. } | CliError::System { .. } => {
            messages::error(color, &error.to_string(), None);
        }
    }
    error.exit_status()
}
