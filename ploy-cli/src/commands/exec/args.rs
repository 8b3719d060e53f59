//! The arguments of `exec`.

use clap::{Arg, ArgAction, ArgMatches};

use super::script;
use crate::commands::shell_text::text;
use crate::options::names::texts;
use ploy_core::error::Problem;

/// What the command line says of a command.
#[derive(Clone, Debug)]
pub(super) struct ExecArgs {
    /// What stands before `--`, where an option is one of this program.
    command: Vec<String>,
    /// What stands behind `--`, where nothing is.
    words: Vec<String>,
    /// The file of a script, or `-`.
    script: Option<String>,
    /// Who runs it, if not the login user.
    pub(super) user: Option<User>,
}

/// Another user than the one that logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum User {
    Root,
    Named(String),
}

pub(super) fn arguments(command: clap::Command) -> clap::Command {
    command
        .override_usage(format!(
            "{0} exec [OPTIONS] 'COMMAND'\n       {0} exec [OPTIONS] -- PROGRAM ARGUMENT...\n       \
             {0} exec [OPTIONS] --script FILE [-- ARGUMENT...]",
            crate::program::name()
        ))
        .args([
            Arg::new("command")
                .value_name("COMMAND")
                .num_args(1..)
                .action(ArgAction::Append)
                .required_unless_present_any(["script", "words"])
                .help("Shell text, in quotes"),
            Arg::new("words")
                .value_name("PROGRAM")
                .num_args(1..)
                .action(ArgAction::Append)
                .last(true)
                .help("A program and its arguments; a single word is shell text"),
            Arg::new("script")
                .long("script")
                .value_name("FILE")
                .help("Run a shell script of this machine; - is stdin"),
            Arg::new("sudo")
                .long("sudo")
                .action(ArgAction::SetTrue)
                .conflicts_with("as")
                .help("Run it as root"),
            Arg::new("as")
                .long("as")
                .value_name("USER")
                .help("Run it as this user, by sudo"),
        ])
}

impl ExecArgs {
    pub(super) fn parse(matches: &ArgMatches) -> Self {
        let user = matches.get_one::<String>("as").cloned().map(User::Named);
        ExecArgs {
            command: texts(matches, "command"),
            words: texts(matches, "words"),
            script: matches.get_one("script").cloned(),
            user: user.or(matches.get_flag("sudo").then_some(User::Root)),
        }
    }

    /// The command as one word of a command line, if it is not a script.
    pub(super) fn word(&self) -> Option<String> {
        match self.script {
            None => self.text().ok(),
            Some(_) => None,
        }
    }

    /// Whether what it runs can be read again, and would not be taken for an option.
    pub(super) fn can_be_repeated(&self) -> bool {
        match &self.script {
            None => self.word().is_some_and(|word| !word.starts_with('-')),
            Some(file) => file != "-" && self.words.is_empty(),
        }
    }

    /// The text that a shell is to run.
    pub(super) fn text(&self) -> Result<String, Problem> {
        match (&self.script, self.command.as_slice(), self.words.as_slice()) {
            (Some(file), [], arguments) => script::text(file, arguments),
            (None, [], words) => text(words),
            (None, command @ [_], []) => text(command),
            // Some words may have been taken for options of this program.
            (script, command, _) => {
                let hint = match script {
                    Some(_) => "put `--` before the arguments of a script",
                    None => {
                        "put quotes around shell text, or `--` before a program and its arguments"
                    }
                };
                let message = format!("`{}` is not all that is to be run", command.join(" "));
                Err(Problem::new(message).with_hint(hint))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> ExecArgs {
        let words = std::iter::once("exec").chain(words.iter().copied());
        let matches = arguments(clap::Command::new("exec"));
        ExecArgs::parse(&matches.try_get_matches_from(words).unwrap())
    }

    #[test]
    fn one_text_or_a_program_with_arguments() {
        let args = parse(&["df -h | tail", "--sudo"]);
        assert_eq!(args.text().unwrap(), "df -h | tail");
        assert_eq!(args.user, Some(User::Root));
        assert!(args.can_be_repeated());
        let args = parse(&["--as", "postgres", "--", "ls", "-l", "a b"]);
        assert_eq!(args.text().unwrap(), "ls -l 'a b'");
        assert_eq!(args.user, Some(User::Named("postgres".to_owned())));
        let problem = parse(&["ls", "a"]).text().unwrap_err();
        assert_eq!(problem.to_string(), "`ls a` is not all that is to be run");
    }

    #[test]
    fn standard_input_cannot_be_read_again() {
        assert!(!parse(&["--script", "-"]).can_be_repeated());
        assert!(parse(&["--script", "x.sh"]).can_be_repeated());
        assert!(!parse(&["--script", "x.sh", "--", "a"]).can_be_repeated());
        assert!(!parse(&["--", "-x"]).can_be_repeated());
    }
}
