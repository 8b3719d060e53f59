//! The project's file, `ploy.toml`: values of options for all runs.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command};
use toml::{Table, Value};

use crate::options::parameters::{self, SetValue};
use ploy_core::error::{Problem, did_you_mean};

/// The name of the file.
const FILE: &str = "ploy.toml";

/// Options that make sense for one run only, so the file cannot have them.
const FOR_ONE_RUN: [&str; 8] = [
    "help",
    "version",
    "dry-run",
    "yes",
    "set",
    "start-from",
    "step",
    "ask-sudo-pass",
];

/// The key of a table of parameters, by job: what `--set` is on the command line.
const SET: &str = "set";

/// The file of the project in which the program runs.
pub(crate) struct Project {
    path: PathBuf,
    table: Table,
}

impl Project {
    /// Looks for the file in this folder and those above it; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is no TOML.
    pub(crate) fn find(folder: &Path) -> Result<Option<Self>, Problem> {
        for folder in folder.ancestors() {
            let path = folder.join(FILE);
            let wrong = |why: &str| Problem::new(format!("`{}`: {why}", path.display()));
            let found = match std::fs::metadata(&path) {
                Ok(found) => found,
                Err(error)
                    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
                {
                    continue;
                }
                Err(error) => return Err(wrong(&error.to_string())),
            };
            if !found.is_file() {
                return Err(wrong("it is no file"));
            }
            // It says what is run, by `sudo-pass-command` for one: nobody else may write it.
            let us = rustix::process::getuid().as_raw();
            if (found.uid() != us && found.uid() != 0) || found.mode() & 0o002 != 0 {
                return Err(wrong("others may write it").with_hint(
                    "a project's file is yours, and not writable for all: chmod o-w, or run this elsewhere",
                ));
            }
            let text = std::fs::read_to_string(&path).map_err(|error| wrong(&error.to_string()))?;
            let table = text.parse::<Table>().map_err(|error| {
                let place = error.span().map_or(0, |span| {
                    text.get(..span.start)
                        .map_or(0, |before| before.matches('\n').count())
                        + 1
                });
                Problem::new(format!(
                    "`{}`, line {place}: {}",
                    path.display(),
                    error.message()
                ))
            })?;
            return Ok(Some(Project { path, table }));
        }
        Ok(None)
    }

    /// Makes its values the defaults of the options of a grammar. Returns the grammar, and the
    /// values for parameters of jobs.
    ///
    /// # Errors
    ///
    /// A key that is unknown, or a value that its option does not take.
    pub(crate) fn apply(
        &self,
        mut command: Command,
    ) -> Result<(Command, Vec<SetValue>), Vec<Problem>> {
        let mut problems = Vec::new();
        let mut sets = Vec::new();
        for (key, value) in &self.table {
            if key == SET {
                self.sets(value, &mut sets, &mut problems);
                continue;
            }
            match self.option(&command, key, value) {
                Ok((arg, texts)) => {
                    let id = arg.get_id().clone();
                    command = command.mut_arg(id, |arg| {
                        let shown = takes_values(&arg);
                        let arg = arg.default_values(texts);
                        if shown {
                            arg.hide_default_value(true)
                        } else {
                            arg
                        }
                    });
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok((command, sets))
        } else {
            Err(problems)
        }
    }

    fn option(
        &self,
        command: &Command,
        key: &str,
        value: &Value,
    ) -> Result<(Arg, Vec<String>), Problem> {
        let options = || {
            command.get_arguments().filter(|arg| {
                arg.is_global_set()
                    && !arg.get_id().as_str().starts_with(parameters::PREFIX)
                    && arg
                        .get_long()
                        .is_some_and(|long| !FOR_ONE_RUN.contains(&long))
            })
        };
        let Some(arg) = options().find(|arg| arg.get_long() == Some(key)) else {
            let names = options().filter_map(Arg::get_long).chain([SET]);
            let near = did_you_mean(key, names);
            let hint = match near {
                Some(near) => near,
                None if FOR_ONE_RUN.contains(&key) => {
                    format!("`--{key}` is for one run, and stands on its command line")
                }
                None => "its keys are the long names of options, without the dashes, and \
                    `set` for the parameters of jobs"
                    .to_owned(),
            };
            return Err(self
                .problem(&format!("unknown key `{key}`"))
                .with_hint(hint));
        };
        let texts = self.texts(key, value)?;
        let is_one = !matches!(arg.get_action(), ArgAction::Append);
        if texts.is_empty() || (is_one && texts.len() > 1) {
            return Err(self.problem(&format!("`{key}` takes one value")));
        }
        if matches!(arg.get_action(), ArgAction::Count) {
            let times = match texts[0].as_str() {
                "true" => 1,
                "false" => 0,
                text => text
                    .parse::<u8>()
                    .map_err(|_| self.problem(&format!("`{key}` is a number, true or false")))?,
            };
            return Ok((arg.clone(), vec![times.to_string()]));
        }
        // A command line of this option alone finds out whether it takes the value.
        let mut words = vec!["ploy.toml".to_owned()];
        if takes_values(arg) {
            words.extend(texts.iter().map(|text| format!("--{key}={text}")));
        } else if texts.iter().any(|text| text != "true" && text != "false") {
            return Err(self.problem(&format!("`{key}` is either true or false")));
        }
        let alone = Arg::new("alone")
            .long(key.to_owned())
            .value_name(key.to_uppercase())
            .action(arg.get_action().clone())
            .value_parser(arg.get_value_parser().clone());
        let alone = Command::new("ploy.toml").arg(alone);
        if let Err(error) = alone.try_get_matches_from(words) {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            let first = first.trim_start_matches("error: ");
            return Err(self.problem(&format!("`{key}`: {first}")));
        }
        Ok((arg.clone(), texts))
    }

    fn sets(&self, value: &Value, sets: &mut Vec<SetValue>, problems: &mut Vec<Problem>) {
        let wrong = || {
            self.problem("`set` is a table of jobs")
                .with_hint("write it as `[set.upload-web]`, and below it `keep = 3`")
        };
        let Value::Table(jobs) = value else {
            problems.push(wrong());
            return;
        };
        for (job, params) in jobs {
            let Value::Table(params) = params else {
                problems.push(wrong());
                continue;
            };
            // Whether there is such a job is seen when all are known, also those that are added at
            // the start.
            for (name, value) in params {
                match self.texts(name, value) {
                    Ok(texts) => {
                        sets.extend(texts.into_iter().map(|value| SetValue {
                            owner: job.clone(),
                            option: name.clone(),
                            value,
                        }));
                    }
                    Err(problem) => problems.push(problem),
                }
            }
        }
    }

    /// A value as words of a command line.
    fn texts(&self, key: &str, value: &Value) -> Result<Vec<String>, Problem> {
        Ok(match value {
            Value::String(text) => vec![text.clone()],
            Value::Integer(number) => vec![number.to_string()],
            Value::Float(number) => vec![number.to_string()],
            Value::Boolean(yes) => vec![yes.to_string()],
            Value::Array(values) => {
                let all: Result<Vec<Vec<String>>, Problem> =
                    values.iter().map(|value| self.texts(key, value)).collect();
                all?.concat()
            }
            Value::Datetime(_) | Value::Table(_) => {
                return Err(self.problem(&format!("`{key}` is text, a number, true or false")));
            }
        })
    }

    fn problem(&self, text: &str) -> Problem {
        Problem::new(format!("`{}`: {text}", self.path.display()))
    }
}

fn takes_values(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}
