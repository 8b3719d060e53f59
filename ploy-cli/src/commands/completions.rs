//! `completions`: prints a shell's script, or the man page.

use std::io::Write;
use std::path::PathBuf;

use clap::{Arg, Command};
use clap_complete::env::Shells;

use super::spec::{AcceptedOptions, CommandSpec, Invocation, Session};
use crate::catalogue_help::catalogue_help;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::program;

/// The variable that the script of a shell sets to the shell's name when it asks what may follow.
pub(crate) const VARIABLE: &str = "PLOY_COMPLETE";

/// What can be printed.
const KINDS: [&str; 4] = ["bash", "zsh", "fish", "man"];

pub(crate) const COMMAND: CommandSpec = CommandSpec {
    name: "completions",
    about: "Print completions for a shell, or the man page",
    args: arguments,
    accepted: AcceptedOptions::NONE,
    execute: |session, invocation| Box::pin(execute(session, invocation)),
};

fn arguments(command: Command) -> Command {
    command
        .arg(
            Arg::new("kind")
                .value_name("WHAT")
                .required(true)
                .value_parser(KINDS)
                .hide_possible_values(true)
                .help("bash, zsh, fish or man"),
        )
        .after_help(format!(
            "For bash, in ~/.bashrc:  source <({0} completions bash)\n\
             For zsh, in ~/.zshrc:    source <({0} completions zsh)\n\
             For fish:                {0} completions fish > \\\n                           \
             ~/.config/fish/completions/{0}.fish\n\
             The man page:            {0} completions man | man -l -",
            program::name()
        ))
}

async fn execute(session: Session, invocation: Invocation) -> Result<ExitStatus, CliError> {
    // It is required.
    let kind = invocation.matches.get_one::<String>("kind").cloned();
    let kind = kind.unwrap_or_default();
    let mut text = Vec::new();
    let written = if kind == "man" {
        // Only jobs that are linked: a man page is made without sites.
        let help = catalogue_help(&session.catalogue);
        let grammar = invocation.plain_grammar.after_help(help);
        clap_mangen::Man::new(grammar).render(&mut text)
    } else {
        // An absolute path: the shell may ask from any folder.
        let name = program::name();
        let here = std::env::current_exe().unwrap_or_else(|_| PathBuf::from(&name));
        match Shells::builtins().completer(&kind) {
            Some(shell) => {
                shell.write_registration(VARIABLE, &name, &name, &here.to_string_lossy(), &mut text)
            }
            None => Ok(()),
        }
    };
    match written.and_then(|()| std::io::stdout().lock().write_all(&text)) {
        // A reader that went away is no error.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(CliError::System {
            what: "cannot print it",
            error,
        }),
        _ => Ok(ExitStatus::OK),
    }
}
