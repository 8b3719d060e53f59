//! What words are read as, and which of them are refused.

use std::ffi::OsString;

use super::environment::with_environment;
use super::grammar::grammar;
use super::read::CommandLine;
use crate::commands;
use crate::commands::spec::{CommandSpec, Invocation};
use crate::error::CliError;
use crate::options::names;
use ploy_report::ColorChoice;
use ploy_runtime::engine::Catalogue;
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
