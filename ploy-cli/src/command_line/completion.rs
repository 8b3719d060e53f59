//! Answers a shell that asks, at the Tab key, what may follow.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};

use super::grammar::grammar;
use crate::commands::completions::VARIABLE;
use crate::exit::ExitStatus;
use crate::options::{names, parameters};
use crate::program;
use ploy_core::text::safe;
use ploy_core::topology::Topology;
use ploy_runtime::engine::Catalogue;

/// Answers a shell that asks; `None` if none does.
pub(crate) fn answer(
    words: &[OsString],
    version: &'static str,
    catalogue: &Catalogue,
    topology: impl FnOnce() -> Topology,
) -> Option<ExitStatus> {
    let shell = std::env::var(VARIABLE).ok()?;
    Shells::builtins().completer(&shell)?;
    let owners = parameters::owners(catalogue, words);
    let topology = topology();
    let command = with_values(
        grammar(version, parameters::options(&owners, false)),
        &jobs(catalogue),
        &sets(catalogue),
        &places(&topology),
    );
    let folder = std::env::current_dir().ok();
    let answered = CompleteEnv::with_factory(|| command.clone())
        .var(VARIABLE)
        .bin(program::name())
        .try_complete(words.iter().cloned(), folder.as_deref());
    match answered {
        Ok(_) => Some(ExitStatus::OK),
        // A message would stand in the middle of the line that is being typed.
        Err(_) => Some(ExitStatus::FAILED),
    }
}

/// A word, and what it means.
type Candidates = Vec<(String, String)>;

fn jobs(catalogue: &Catalogue) -> Candidates {
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
fn sets(catalogue: &Catalogue) -> Candidates {
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
fn places(topology: &Topology) -> Candidates {
    let sites = topology.sites().iter();
    let sites = sites.map(|site| (site.name().to_owned(), site.roles.join(",")));
    let roles = topology.roles().into_iter().map(|role| {
        let count = topology.list(role).len();
        (role.to_owned(), ploy_report::count(count, "site"))
    });
    roles.chain(sites).collect()
}

/// The grammar with candidates for its arguments.
fn with_values(
    command: Command,
    jobs: &Candidates,
    sets: &Candidates,
    places: &Candidates,
) -> Command {
    let complete = |arg: Arg| match arg.get_id().as_str() {
        names::ID | "start-from" => arg.add(one_of(jobs.clone())),
        "set" => arg.add(one_of(sets.clone())),
        "limit" | "roles" | "sites" | "exclude" => arg.add(some_of(places.clone())),
        "site" => arg.add(one_of(places.clone())),
        _ => arg,
    };
    command
        .mut_args(complete)
        .mut_subcommands(|inner| inner.mut_args(complete))
}

/// One of these words.
fn one_of(words: Candidates) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| candidates(&words, "", &typed.to_string_lossy()))
}

/// Some of these words, with commas and the like between them.
fn some_of(words: Candidates) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| {
        let typed = typed.to_string_lossy();
        let begin = typed
            .rfind([',', '&', '!', '^', '@'])
            .map_or(0, |place| place + 1);
        let (before, last) = typed.split_at(begin);
        candidates(&words, before, last)
    })
}

fn candidates(words: &Candidates, before: &str, typed: &str) -> Vec<CompletionCandidate> {
    let matching = words.iter().filter(|(word, _)| word.starts_with(typed));
    matching
        .map(|(word, help)| {
            let candidate = CompletionCandidate::new(format!("{before}{word}"));
            candidate.help((!help.is_empty()).then(|| help.clone().into()))
        })
        .collect()
}
