//! What a command consists of, and what it is given when it is executed.

use std::pin::Pin;

use clap::ArgMatches;

use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::launch::retry_words::RetryWords;
use crate::loader::Loader;
use crate::options::shared::SharedOptions;
use crate::options::{color, output, parameters, passwords, prompts, scheduling, selection};
use ploy_core::topology::Topology;
use ploy_runtime::engine::Catalogue;

/// The end of a command.
pub(crate) type CommandFuture = Pin<Box<dyn Future<Output = Result<ExitStatus, CliError>>>>;

/// A command: all that the command line knows of it.
pub(crate) struct CommandSpec {
    pub(crate) name: &'static str,
    /// The first line of its help.
    pub(crate) about: &'static str,
    /// Adds its own arguments.
    pub(crate) args: fn(clap::Command) -> clap::Command,
    /// The shared options that mean something to it.
    pub(crate) accepted: AcceptedOptions,
    pub(crate) execute: fn(Session, Invocation) -> CommandFuture,
}

impl CommandSpec {
    /// Its grammar.
    pub(crate) fn grammar(&self) -> clap::Command {
        (self.args)(clap::Command::new(self.name).about(self.about))
    }
}

/// The shared options that a command accepts, besides `--color`, which all do.
pub(crate) struct AcceptedOptions {
    /// Groups of them, by their headings.
    pub(crate) headings: &'static [&'static str],
    /// Others, by their ids.
    pub(crate) others: &'static [&'static str],
    /// Those of the groups that it does not accept.
    pub(crate) except: &'static [&'static str],
}

impl AcceptedOptions {
    /// What options without a heading are called in `headings`.
    pub(crate) const GENERAL: &'static str = "";

    /// None of them.
    pub(crate) const NONE: AcceptedOptions = AcceptedOptions {
        headings: &[],
        others: &[],
        except: &[],
    };

    /// All of them.
    pub(crate) const ALL: AcceptedOptions = AcceptedOptions {
        headings: &[
            AcceptedOptions::GENERAL,
            parameters::HEADING,
            selection::HEADING,
            scheduling::HEADING,
            output::HEADING,
            passwords::HEADING,
            prompts::HEADING,
        ],
        ..AcceptedOptions::NONE
    };

    /// Whether the option of this id, which stands under this heading, is among them.
    pub(crate) fn has(&self, id: &str, heading: Option<&str>) -> bool {
        let heading = heading.unwrap_or(AcceptedOptions::GENERAL);
        let is_in_group = self.headings.contains(&heading) && !self.except.contains(&id);
        id == color::ID || self.others.contains(&id) || is_in_group
    }
}

/// The jobs that are linked into the program, and what else it loads.
pub(crate) struct Session {
    pub(crate) catalogue: Catalogue,
    pub(crate) loader: Loader,
}

impl Session {
    /// All sites and jobs.
    pub(crate) async fn load(self) -> Result<(Topology, Catalogue), CliError> {
        self.loader.load(self.catalogue).await
    }
}

/// A command line of a command, as it was read.
pub(crate) struct Invocation {
    /// The shared options.
    pub(crate) options: SharedOptions,
    /// The command's own arguments.
    pub(crate) matches: ArgMatches,
    /// The command that was named; jobs may be named without one.
    pub(crate) command: Option<&'static str>,
    /// The program as it was called.
    pub(crate) program: String,
    /// The grammar that has read it.
    pub(crate) grammar: clap::Command,
    /// The grammar as it is whatever the environment and the project's file say.
    pub(crate) plain_grammar: clap::Command,
}

impl Invocation {
    /// Its words, to try it again with these names.
    pub(crate) fn retry_words(&self, names: &[String]) -> RetryWords {
        RetryWords::of(
            &self.program,
            &self.grammar,
            self.command,
            &self.matches,
            names,
        )
    }
}
