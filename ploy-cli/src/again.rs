//! The command line of this run, to be said again.

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches};

use super::selection;
use ploy_report::RetryCommand;
use ploy_runtime::secret::masked;

/// The words of a command line, by what they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// The program as it was called, and the command `run` if that was said.
    program: Vec<String>,
    names: Vec<String>,
    /// All options but those that choose sites.
    options: Vec<String>,
    selection: Vec<String>,
}

impl Words {
    /// Takes them from what was read by `command`; `names` are the jobs or the schedule.
    pub(super) fn of(
        program: Option<&std::ffi::OsString>,
        command: &clap::Command,
        matches: &ArgMatches,
        (run, names): (Option<&str>, &[String]),
    ) -> Self {
        let program = program.map_or("deploy".into(), |program| program.to_string_lossy());
        let run_name = run;
        let run = run.map(str::to_owned);
        let mut words = Words {
            program: std::iter::once(program.into_owned()).chain(run).collect(),
            names: names.to_vec(),
            ..Words::default()
        };
        let chooses_sites: Vec<_> = selection::options()
            .iter()
            .map(|option| option.get_id().clone())
            .collect();
        let inner = run_name.and_then(|name| command.find_subcommand(name));
        let own = inner.into_iter().flat_map(clap::Command::get_arguments);
        let own = own.filter(|option| !option.is_global_set());
        for option in command.get_arguments().chain(own) {
            let id = option.get_id().as_str();
            let is_given = matches.try_contains_id(id).unwrap_or(false)
                && matches.value_source(id) == Some(ValueSource::CommandLine);
            let Some(long) = option.get_long().filter(|_| is_given) else {
                continue;
            };
            let said = if option.is_require_equals_set() {
                switch(long, id, matches)
            } else {
                said(long, option.get_action(), id, matches)
            };
            if chooses_sites.contains(option.get_id()) {
                words.selection.extend(said);
            } else {
                words.options.extend(said);
            }
        }
        words
    }

    /// How to try a run of jobs again, which began with one of them, or with the first.
    pub(super) fn of_jobs(mut self, first: Option<&str>) -> RetryCommand {
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

    /// How to try a run of a schedule again, which has so many stages, if that is known.
    pub(super) fn of_schedule(self, stages: Option<usize>) -> RetryCommand {
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
fn said(long: &str, action: &ArgAction, id: &str, matches: &ArgMatches) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_kept_and_those_that_choose_sites_are_told_apart() {
        let mut command = super::super::grammar::command("1.0", Vec::new());
        let line = "deploy -vv -l web --color=never run upload -f4 backup --mode atomic -x web9 \
                    --no-keep --exclude=web8 --sudo-pass-command=-x";
        let matches = command
            .try_get_matches_from_mut(line.split_whitespace())
            .unwrap();
        let (_, inner) = matches.subcommand().unwrap();
        let names = ["upload".to_owned(), "backup".to_owned()];
        let words = Words::of(
            Some(&"bin/deploy".into()),
            &command,
            inner,
            (Some("run"), &names),
        );
        assert_eq!(words.program, ["bin/deploy", "run"]);
        assert_eq!(words.names, names);
        let mut options = words.options.join(" ");
        for part in [
            "--color never",
            "--no-keep",
            "--mode atomic",
            "--fanout 4",
            "--sudo-pass-command=-x",
            "--verbose --verbose",
        ] {
            assert!(options.contains(part), "{part}: {options}");
            options = options.replace(part, "");
        }
        assert_eq!(options.trim(), "", "nothing else");
        assert_eq!(
            words.selection.join(" "),
            "--limit web --exclude web9 --exclude web8"
        );
    }
}
