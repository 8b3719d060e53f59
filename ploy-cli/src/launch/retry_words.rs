//! The command line to try a run again.

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches};

use crate::options::selection;
use ploy_report::RetryCommand;
use ploy_runtime::secret::masked;

/// The words of a command line, by what they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RetryWords {
    /// The program as it was called, and the command that was named, if one was.
    pub(crate) program: Vec<String>,
    pub(crate) names: Vec<String>,
    /// All options but those that choose sites.
    pub(crate) options: Vec<String>,
    pub(crate) selection: Vec<String>,
}

impl RetryWords {
    /// Takes them from `matches`, which `grammar` has read: of the command of this name, if one was
    /// named. `names` are the jobs or the schedule.
    pub(crate) fn of(
        program: &str,
        grammar: &clap::Command,
        command: Option<&str>,
        matches: &ArgMatches,
        names: &[String],
    ) -> Self {
        let named = command.map(str::to_owned);
        let mut words = RetryWords {
            program: std::iter::once(program.to_owned()).chain(named).collect(),
            names: names.to_vec(),
            ..RetryWords::default()
        };
        let chooses_sites: Vec<_> = selection::options()
            .iter()
            .map(|option| option.get_id().clone())
            .collect();
        let inner = command.and_then(|name| grammar.find_subcommand(name));
        let own = inner.into_iter().flat_map(clap::Command::get_arguments);
        let own = own.filter(|option| !option.is_global_set());
        for option in grammar.get_arguments().chain(own) {
            let id = option.get_id().as_str();
            let is_given = matches.try_contains_id(id).unwrap_or(false)
                && matches.value_source(id) == Some(ValueSource::CommandLine);
            let Some(long) = option.get_long().filter(|_| is_given) else {
                continue;
            };
            let written = if option.is_require_equals_set() {
                switch(long, id, matches)
            } else {
                given(long, option.get_action(), id, matches)
            };
            if chooses_sites.contains(option.get_id()) {
                words.selection.extend(written);
            } else {
                words.options.extend(written);
            }
        }
        words
    }

    /// How to try a run of jobs again that began with the job `first`, or with all.
    pub(crate) fn of_jobs(mut self, first: Option<&str>) -> RetryCommand {
        if let Some(begin) =
            first.and_then(|first| self.names.iter().position(|name| name == first))
        {
            self.names.drain(..begin);
            // It begins there by itself.
            if let Some(place) = self.options.iter().position(|word| word == "--start-from") {
                self.options.drain(place..=place + 1);
            }
        }
        RetryCommand::jobs(self.program, self.names, self.options, self.selection).with_mask(masked)
    }

    /// How to try a run of a schedule again; `stages` is how many it has, if that is known.
    pub(crate) fn of_schedule(self, stages: Option<usize>) -> RetryCommand {
        let name = self.names.into_iter().next().unwrap_or_default();
        RetryCommand::schedule(self.program, name, self.options, self.selection, stages)
            .with_mask(masked)
    }
}

/// A switch that may be turned off.
fn switch(long: &str, id: &str, matches: &ArgMatches) -> Vec<String> {
    let values = matches.try_get_raw(id).ok().flatten();
    let last = values.into_iter().flatten().next_back();
    match last.map(std::ffi::OsStr::to_string_lossy) {
        Some(value) if value != "true" => vec![format!("--{long}={value}")],
        _ => vec![format!("--{long}")],
    }
}

/// An option as it was given, in its long form.
fn given(long: &str, action: &ArgAction, id: &str, matches: &ArgMatches) -> Vec<String> {
    let option = format!("--{long}");
    match action {
        ArgAction::SetTrue | ArgAction::SetFalse => vec![option],
        ArgAction::Count => {
            let times = usize::from(
                matches
                    .try_get_one::<u8>(id)
                    .ok()
                    .flatten()
                    .copied()
                    .unwrap_or(1),
            );
            vec![option; times]
        }
        _ => {
            let values = matches.try_get_raw(id).ok().flatten();
            let values = values.into_iter().flatten();
            let words = values.flat_map(|value| {
                let value = value.to_string_lossy();
                // It would be taken for an option by itself.
                if value.starts_with('-') {
                    vec![format!("{option}={value}")]
                } else {
                    vec![option.clone(), value.into_owned()]
                }
            });
            words.collect()
        }
    }
}
