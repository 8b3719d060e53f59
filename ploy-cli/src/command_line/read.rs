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

#[cfg(test)]
mod tests {
    use super::*;
    use ploy_syntax::option::is_global_option;

    fn parse(line: &str) -> Result<(&'static CommandSpec, Invocation), CliError> {
        let words = line.split_whitespace().map(OsString::from).collect();
        CommandLine::read(words, "1.0", &Catalogue::new())?.parse()
    }

    fn parsed(line: &str) -> (&'static str, Invocation) {
        let (command, invocation) = parse(line).unwrap();
        (command.name, invocation)
    }

    /// What is said of a line that is refused as a mistake, and the hint.
    fn problem(line: &str) -> (String, String) {
        let Err(CliError::Usage(problems)) = parse(line) else {
            panic!("{line} is a mistake");
        };
        let [problem] = problems.as_slice() else {
            panic!("{line}: {problems:?}");
        };
        let hint = problem.hint().unwrap_or_default();
        (problem.to_string(), hint.to_owned())
    }

    #[test]
    fn the_grammar_is_well_formed() {
        let command = grammar("1.0", Vec::new());
        with_environment(command.clone()).debug_assert();
        // Every option is kept from parameters, so that a new one breaks nobody's jobs.
        let inner = command
            .get_subcommands()
            .flat_map(clap::Command::get_arguments);
        let options = command.get_arguments().chain(inner);
        for option in options
            .filter_map(clap::Arg::get_long)
            .chain(["help", "version"])
        {
            assert!(is_global_option(option), "{option}");
        }
    }

    #[test]
    fn names_are_jobs_unless_they_are_commands() {
        let (command, line) = parsed("deploy --roles web,db upload upgrade -r x");
        assert_eq!((command, line.command), ("run", None));
        assert_eq!(names::parse(&line.matches), ["upload", "upgrade"]);
        let selection = line.options.selection.words();
        assert_eq!(selection.as_deref(), Some("--roles web,db,x"));
        let (command, line) = parsed("deploy run list");
        assert_eq!((command, line.command), ("run", Some("run")));
        assert_eq!(names::parse(&line.matches), ["list"]);
        for command in commands::ALL {
            let argument = match command.name {
                "completions" => "bash",
                "list" | "sites" | "connections" => "",
                _ => "web1",
            };
            let (found, line) = parsed(&format!("deploy {} {argument}", command.name));
            assert_eq!((found, line.command), (command.name, Some(command.name)));
        }
    }

    #[test]
    fn options_are_parsed_on_both_sides_of_a_command() {
        let (_, line) = parsed("deploy -n -f 4 run --color never upload --start-from x -v");
        let options = line.options;
        assert!(options.is_dry && !options.no_keep);
        assert_eq!(options.color, ColorChoice::Never);
        assert_eq!(options.scheduling.start_from.as_deref(), Some("x"));
        assert_eq!(options.scheduling.overrides.fanout, Some(4));
        assert_eq!(options.output.detail, ploy_report::Detail::Verbose);
    }

    #[test]
    fn a_command_after_a_job_is_a_mistake() {
        let (text, hint) = problem("deploy upload list");
        assert_eq!(
            text,
            "`list` is a command, and cannot follow the job `upload`"
        );
        assert_eq!(hint, "a job of that name is run by `run upload list`");
        problem("deploy upload run upgrade");
    }

    #[test]
    fn options_that_mean_nothing_to_a_command_are_mistakes() {
        for line in [
            "list -l web",
            "sites --fanout 3",
            "list --once",
            "exec --start-from x y",
        ] {
            let (text, hint) = problem(&format!("deploy {line}"));
            assert!(text.contains("means nothing to the command"), "{text}");
            assert_eq!(hint, "leave it out");
        }
    }

    #[test]
    fn options_that_exclude_each_other_are_mistakes() {
        for line in [
            "--keep-going run x --break-on-error",
            "x --no-input --step",
            "--sudo-pass-fd 3 x --sudo-pass-file y",
            "-q run x --diff",
        ] {
            let (text, _) = problem(&format!("deploy {line}"));
            assert!(text.ends_with("cannot be used together"), "{text}");
        }
    }

    #[test]
    fn an_option_that_is_not_there_is_told_with_one_that_is() {
        let (text, hint) = problem("deploy x --limt web");
        assert_eq!(text, "there is no option `--limt`");
        assert!(hint.contains("--limit"), "{hint}");
    }

    #[test]
    fn help_and_version_are_no_failures() {
        for (line, code) in [
            ("deploy --help", 0),
            ("deploy help run", 0),
            ("deploy --version", 0),
            ("deploy", 2),
            ("deploy --mode sideways x", 2),
            ("deploy plan", 2),
            ("deploy --frobnicate", 2),
            ("deploy x --limit 'web[1-'", 2),
        ] {
            let error = parse(line).err().unwrap();
            assert_eq!(error.exit_status().code(), code, "{line}");
        }
    }

    #[test]
    fn words_to_try_again_tell_options_that_choose_sites_apart() {
        let line = "bin/deploy -vv -l web --color=never run upload -f4 backup --mode atomic -x web9 \
                    --no-keep --exclude=web8 --sudo-pass-command=-x";
        let (_, line) = parsed(line);
        let names = names::parse(&line.matches);
        let words = line.retry_words(&names);
        assert_eq!(words.program, ["bin/deploy", "run"]);
        assert_eq!(words.names, ["upload", "backup"]);
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
