//! Reads the words of a command line.

use std::ffi::OsString;

use clap::ArgMatches;

use super::environment::with_environment;
use super::grammar::grammar;
use super::option_errors::{GlobalOption, blamed, surplus, unknown};
use super::project::Project;
use crate::catalogue_help::{catalogue_help, examples};
use crate::commands::spec::{CommandSpec, Invocation};
use crate::commands::{self, run};
use crate::error::CliError;
use crate::exit;
use crate::options::parameters::{self, Owner, SetValue};
use crate::options::shared::SharedOptions;
use crate::options::{color, names};
use ploy_core::error::Problem;
use ploy_report::ColorChoice;
use ploy_runtime::engine::Catalogue;

/// A command line that its grammar accepts. The values of its options are not parsed yet.
pub(crate) struct CommandLine<'a> {
    words: Vec<OsString>,
    matches: ArgMatches,
    grammar: clap::Command,
    /// The grammar without what the environment and the project's file say.
    plain_grammar: clap::Command,
    /// All options that commands share.
    options: Vec<GlobalOption>,
    /// The jobs and schedules whose parameters are options.
    owners: Vec<Owner<'a>>,
    /// What the project's file gives to parameters.
    defaults: Vec<SetValue>,
}

impl<'a> CommandLine<'a> {
    /// Reads it, with the options that the parameters of these jobs make. Help and version are
    /// errors too: they are not to be executed.
    pub(crate) fn read(
        words: Vec<OsString>,
        version: &'static str,
        catalogue: &'a Catalogue,
    ) -> Result<Self, CliError> {
        // Only help lists the jobs.
        let wants_help = words.len() <= 1
            || words
                .iter()
                .any(|word| word == "--help" || word == "-h" || word == "help");
        let owners = parameters::owners(catalogue, &words);
        let plain_grammar = grammar(version, parameters::options(&owners, wants_help));
        let (command, defaults) = match with_project(plain_grammar.clone()) {
            Ok(applied) => applied,
            // Help is shown in spite of a broken project file.
            Err(_) if wants_help => (plain_grammar.clone(), Vec::new()),
            Err(problems) => return Err(problems.into()),
        };
        let mut command = with_environment(command);
        if wants_help {
            command = command.after_help(format!(
                "{}\n{}\n{}",
                examples(catalogue),
                exit::HELP,
                catalogue_help(catalogue)
            ));
        }
        let options: Vec<GlobalOption> = command
            .get_arguments()
            .filter_map(GlobalOption::of)
            .collect();
        let matches = command
            .try_get_matches_from_mut(&words)
            .map_err(|error| refused(error, &options, catalogue))?;
        Ok(CommandLine {
            words,
            matches,
            grammar: command,
            plain_grammar,
            options,
            owners,
            defaults,
        })
    }

    /// When messages are coloured.
    pub(crate) fn color(&self) -> ColorChoice {
        // A global option given before the command is found in the command's matches too.
        let inner = self.matches.subcommand().map(|(_, inner)| inner);
        color::parse(inner.unwrap_or(&self.matches))
    }

    /// The command, and what is asked of it. Names without a command are run.
    pub(crate) fn parse(self) -> Result<(&'static CommandSpec, Invocation), CliError> {
        let mut outer = self.matches;
        let (command, is_named, matches) = match outer.remove_subcommand() {
            None => (&run::COMMAND, false, outer),
            Some((name, inner)) => (named_command(&name, &outer)?, true, inner),
        };
        if let Some(surplus) = surplus(command, &matches, &self.options) {
            let text = format!(
                "`--{surplus}` means nothing to the command `{}`",
                command.name
            );
            return Err(Problem::new(text).with_hint("leave it out").into());
        }
        let options = SharedOptions::parse(&matches, &self.owners, self.defaults)?;
        let invocation = Invocation {
            options,
            matches,
            command: is_named.then_some(command.name),
            program: match self.words.first() {
                Some(program) => program.to_string_lossy().into_owned(),
                None => "deploy".to_owned(),
            },
            grammar: self.grammar,
            plain_grammar: self.plain_grammar,
        };
        Ok((command, invocation))
    }
}

/// The command of this name, which cannot follow the name of a job.
fn named_command(name: &str, outer: &ArgMatches) -> Result<&'static CommandSpec, Problem> {
    if let Some(job) = names::parse(outer).first() {
        let text = format!("`{name}` is a command, and cannot follow the job `{job}`");
        let hint = format!("a job of that name is run by `run {job} {name}`");
        return Err(Problem::new(text).with_hint(hint));
    }
    let command = commands::ALL
        .into_iter()
        .find(|command| command.name == name);
    command.ok_or_else(|| Problem::new(format!("no command is named `{name}`")))
}

/// The grammar with the values of the project's file as defaults, and what that gives to
/// parameters.
fn with_project(grammar: clap::Command) -> Result<(clap::Command, Vec<SetValue>), Vec<Problem>> {
    let folder = std::env::current_dir().unwrap_or_default();
    match Project::find(&folder).map_err(|problem| vec![problem])? {
        Some(project) => project.apply(grammar),
        None => Ok((grammar, Vec::new())),
    }
}

/// The error of clap; of an unknown option, an error that knows parameters too.
fn refused(error: clap::Error, options: &[GlobalOption], catalogue: &Catalogue) -> CliError {
    if let Some(problem) = unknown(&error, options, catalogue) {
        return problem.into();
    }
    let note = blamed(&error, options);
    CliError::Words { error, note }
}
