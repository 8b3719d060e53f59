//! What a shell offers at the Tab key, and the man page.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::PathBuf;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};

use super::grammar::{binary_name, command};
use super::{exit, help, parameters, print};
use ploy_core::text::safe;
use ploy_core::topology::Topology;
use ploy_report::ColorChoice;
use ploy_runtime::engine::Catalogue;

/// Set by the script of a shell that asks, to the shell's name.
const VARIABLE: &str = "PLOY_COMPLETE";

/// What can be printed.
const KINDS: [&str; 4] = ["bash", "zsh", "fish", "man"];

/// The command that prints a shell's script, or the man page.
pub(super) fn grammar() -> Command {
    Command::new("completions")
        .about("Print completions for a shell, or the man page")
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
            binary_name()
        ))
}

/// Prints it.
pub(super) fn completions(kind: &str, version: &'static str, catalogue: &Catalogue) -> u8 {
    let mut text = Vec::new();
    let written = if kind == "man" {
        let mut command = command(version, Vec::new());
        command = command.after_help(help::catalogue_help(catalogue));
        clap_mangen::Man::new(command).render(&mut text)
    } else {
        // Whatever folder the shell is in when it asks.
        let here = std::env::current_exe().unwrap_or_else(|_| PathBuf::from(binary_name()));
        let name = binary_name();
        match Shells::builtins().completer(kind) {
            Some(shell) => {
                shell.write_registration(VARIABLE, &name, &name, &here.to_string_lossy(), &mut text)
            }
            None => Ok(()),
        }
    };
    match written.and_then(|()| std::io::stdout().lock().write_all(&text)) {
        Ok(()) => exit::OK,
        // A reader that went away is no error.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => exit::OK,
        Err(error) => {
            print::error(
                ColorChoice::Auto,
                &format!("cannot print it: {error}"),
                None,
            );
            exit::FAILED
        }
    }
}

/// Answers a shell that asks; `None` if none does.
pub(super) fn answer(
    words: &[OsString],
    version: &'static str,
    catalogue: &Catalogue,
    topology: impl FnOnce() -> Topology,
) -> Option<u8> {
    let shell = std::env::var(VARIABLE).ok()?;
    Shells::builtins().completer(&shell)?;
    let owners = parameters::owners(catalogue, words);
    let topology = topology();
    let command = with_values(
        command(version, parameters::options(&owners, false)),
        &jobs(catalogue),
        &sets(catalogue),
        &places(&topology),
    );
    let folder = std::env::current_dir().ok();
    let answered = CompleteEnv::with_factory(|| command.clone())
        .var(VARIABLE)
        .bin(binary_name())
        .try_complete(words.iter().cloned(), folder.as_deref());
    match answered {
        Ok(_) => Some(exit::OK),
        // It would stand in the middle of what is being typed.
        Err(_) => Some(exit::FAILED),
    }
}

/// A word, and what it means.
type Words = Vec<(String, String)>;

fn jobs(catalogue: &Catalogue) -> Words {
    let first = |help: &str| safe(help.lines().next().unwrap_or_default().as_bytes()).into_owned();
    let jobs = catalogue.jobs().iter().map(|job| (job.name(), job.help()));
    let schedules = catalogue
        .schedules()
        .iter()
        .map(|one| (one.name(), one.help()));
    jobs.chain(schedules)
        .map(|(name, help)| (name.to_owned(), first(help)))
        .collect()
}

/// The beginnings of what `--set` takes.
fn sets(catalogue: &Catalogue) -> Words {
    let jobs = catalogue
        .jobs()
        .iter()
        .map(|job| (job.name(), job.params()));
    let schedules = catalogue.schedules().iter();
    let all = jobs.chain(schedules.map(|one| (one.name(), one.params())));
    let each = all.flat_map(|(name, params)| {
        params.iter().map(move |param| {
            let option = ploy_core::catalogue::option_of(param);
            (format!("{name}.{option}="), parameters::remarks(param))
        })
    });
    each.collect()
}

/// Roles, each with how many sites it has, then sites.
fn places(topology: &Topology) -> Words {
    let sites = topology.sites().iter();
    let sites = sites.map(|site| (site.name().to_owned(), site.roles.join(",")));
    let roles = topology.roles().into_iter().map(|role| {
        let count = topology.list(role).len();
        (role.to_owned(), ploy_report::count(count, "site"))
    });
    roles.chain(sites).collect()
}

/// The command line with what its words can be.
fn with_values(command: Command, jobs: &Words, sets: &Words, places: &Words) -> Command {
    let complete = |arg: Arg| match arg.get_id().as_str() {
        "names" | "start-from" => arg.add(one_of(jobs.clone())),
        "set" => arg.add(one_of(sets.clone())),
        "limit" | "roles" | "sites" | "exclude" => arg.add(some_of(places.clone())),
        "site" => arg.add(one_of(places.clone())),
        _ => arg,
    };
    command
        .mut_args(complete)
        .mut_subcommands(|inner| match inner.get_name() {
            "run" | "plan" | "check" | "ssh" => inner.mut_args(complete),
            _ => inner,
        })
}

/// One of these words.
fn one_of(words: Words) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| candidates(&words, "", &typed.to_string_lossy()))
}

/// Some of these words, with commas and the like between them.
fn some_of(words: Words) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| {
        let typed = typed.to_string_lossy();
        let begin = typed
            .rfind([',', '&', '!', '^', '@'])
            .map_or(0, |place| place + 1);
        let (before, last) = typed.split_at(begin);
        candidates(&words, before, last)
    })
}

fn candidates(words: &Words, before: &str, typed: &str) -> Vec<CompletionCandidate> {
    let matching = words.iter().filter(|(word, _)| word.starts_with(typed));
    matching
        .map(|(word, help)| {
            let candidate = CompletionCandidate::new(format!("{before}{word}"));
            candidate.help((!help.is_empty()).then(|| help.clone().into()))
        })
        .collect()
}
