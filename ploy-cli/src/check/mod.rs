//! Whether the sites are ready for a run: looked at all at once, and changed nowhere.

mod judge;
mod look;
mod report;
mod script;
#[cfg(test)]
mod tests;
mod verdict;

use std::io::{IsTerminal, Write};
use std::time::Duration;

use clap::ArgMatches;

use self::judge::{Answer, judge};
use self::look::{Answers, action};
use self::verdict::{Finding, Tone, Verdict};
use super::passwords::Source;
use super::run::{Chosen, Scheduled, heard, listen, pass_on, sites_of};
use super::{exit, print};
use ploy_core::catalogue::{Options, Stage};
use ploy_core::error::{Failure, Kind, Problem};
use ploy_core::topology::{Site, Topology, chosen, fold};
use ploy_runtime::engine::{Catalogue, Runner};
use ploy_runtime::secret::masked;
use ploy_runtime::transport::raise_open_file_limit;

/// The name under which it runs.
const NAME: &str = "check";

/// How long a site may take, with its connection, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

/// When somebody at a terminal is first told for whom we wait, and how often.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the command line says of it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The jobs, or the schedule, whose sites are meant; empty for all.
    names: Vec<String>,
}

pub(super) fn grammar() -> clap::Command {
    clap::Command::new(NAME)
        .about("Check whether sites are ready: ssh, sudo, rsync, folders, clocks")
        .arg(
            super::grammar::names("Only the sites of these jobs, or of one schedule")
                .required(false),
        )
}

impl Asked {
    pub(super) fn from_matches(matches: &ArgMatches) -> Self {
        let names = matches.get_many::<String>("names");
        Asked {
            names: names.into_iter().flatten().cloned().collect(),
        }
    }
}

/// Looks at the catalogue and at the sites, and returns the exit code.
pub(super) async fn check(
    topology: Topology,
    catalogue: Catalogue,
    asked: Asked,
    mut options: Chosen,
) -> u8 {
    let color = options.color;
    // All that is wrong, whatever jobs are meant: this is for the whole binary.
    let unsound = catalogue.validate(&topology);
    options.names = asked.names;
    let (mut problems, mut names) = (unsound, Vec::new());
    if !problems.iter().any(Problem::is_fatal) {
        match sites(&topology, &catalogue, &options) {
            Ok(found) => names = found,
            Err(found) => {
                problems.extend(found);
                print::problems(color, &problems);
                return exit::USAGE;
            }
        }
    }
    print::problems(color, &problems);
    if names.is_empty() {
        if problems.is_empty() {
            print::out_harmless("the catalogue is sound; there is no site to look at\n");
            print::out_harmless(&left_out(&topology));
            return exit::OK;
        }
        return exit::USAGE;
    }
    match look(&topology, &names, &options).await {
        Err(code) => code,
        Ok(_) if !problems.is_empty() => exit::USAGE,
        Ok(code) => code,
    }
}

/// The names of the sites that are meant.
fn sites(
    topology: &Topology,
    catalogue: &Catalogue,
    options: &Chosen,
) -> Result<Vec<String>, Vec<Problem>> {
    let problems = options.selection.problems(topology);
    if !problems.is_empty() {
        return Err(problems);
    }
    let all_chosen = || {
        let selector = options.selection.selector();
        let sites = chosen(topology, selector.as_slice(), &mut Vec::new());
        let names = sites.iter().map(|(_, site)| site.name().to_owned());
        names.collect()
    };
    if options.names.is_empty() {
        return Ok(all_chosen());
    }
    let choice = options.choice(catalogue)?;
    let sites = match Scheduled::of(choice) {
        // Only its code knows.
        Scheduled::Code(..) => all_chosen(),
        stages => sites_of(&stages, catalogue, topology, options),
    };
    if sites.is_empty() {
        let what = options.names.join(", ");
        return Err(vec![
            Problem::new(format!("no site runs {what}"))
                .with_hint("`sites` shows which site carries which role"),
        ]);
    }
    Ok(sites)
}

/// Looks at the sites, and tells what it has seen. The exit code is an error if that was cut short.
async fn look(topology: &Topology, names: &[String], options: &Chosen) -> Result<u8, u8> {
    let color = options.color;
    let verifies = options.passwords != Source::Terminal;
    let no_password = |failure: Failure, code: u8| {
        let what = "there is no password for sudo, so nothing was looked at";
        print::failure(color, what, &failure.into());
        code
    };
    let passwords = options.passwords.open(color, options.asking.no_input).await;
    let passwords = passwords.map_err(|failure| no_password(failure, exit::USAGE))?;
    let answers = Answers::default();
    let mut catalogue = Catalogue::new();
    catalogue.add(NAME, names, [action(&answers, verifies)]);
    raise_open_file_limit();
    let runner = Runner::new(topology.clone(), catalogue)
        .keep(options.keep.clone())
        .passwords(&passwords)
        .options(
            Options::new()
                .timeout(TIMEOUT)
                // All at once: somebody waits for the last of them.
                .fanout(u32::try_from(names.len()).unwrap_or(u32::MAX).max(1))
                .within(names),
        )
        .overrides(options.scheduling.overrides.clone());
    let mut signals = listen().map_err(|error| {
        print::error(color, &format!("cannot listen for signals: {error}"), None);
        exit::FAILED
    })?;
    if options.passwords == Source::Early {
        let verified = tokio::select! {
            biased;
            reason = heard(&mut signals) => return Err(exit::after(reason)),
            verified = runner.verify_passwords(names) => verified,
        };
        verified.map_err(|failure| no_password(failure, exit::PREFLIGHT))?;
    }
    let signals = tokio::spawn(pass_on(signals, runner.canceller()));
    let run = runner.run(|batch| async move { batch.stage(Stage::of([NAME])).await.into_result() });
    let stats = waiting_for(names, &answers, run).await;
    signals.abort();
    if stats.cancel.is_some() {
        return Err(exit::code(&stats));
    }
    let keeps = options.keep.is_some();
    let mut answered = answers.take();
    let mut verdicts: Vec<(&str, Verdict)> = Vec::new();
    for site in topology.sites() {
        if names.iter().any(|name| name == site.name()) {
            // Without an answer it was ended before it could give one.
            let answer = answered.remove(site.name()).unwrap_or_else(|| {
                Answer::Failed(Failure::new(Kind::Timeout, "no answer", "no answer"))
            });
            verdicts.push((site.name(), judge(site, &answer, keeps)));
        }
    }
    let sites = topology.sites().iter().map(AsRef::as_ref);
    let others = here(sites.filter(|site| names.iter().any(|name| name == site.name())));
    let mut text = report::report(&verdicts, &others, print::out_palette(color));
    if options.names.is_empty() && options.selection.selector().is_none() {
        text.push_str(&left_out(topology));
    }
    print::out_harmless(&masked(&text));
    let is_wrong = |verdict: &Verdict| {
        let mut findings = verdict.findings.iter();
        findings.any(|finding| finding.tone == Tone::Error)
    };
    if verdicts.iter().any(|(_, verdict)| is_wrong(verdict)) {
        Ok(exit::PREFLIGHT)
    } else {
        Ok(exit::OK)
    }
}

/// Waits for the run; whoever sits at a terminal is told for whom, if it takes long.
async fn waiting_for<T>(names: &[String], answers: &Answers, run: impl Future<Output = T>) -> T {
    tokio::pin!(run);
    loop {
        tokio::select! {
            biased;
            ended = &mut run => return ended,
            () = tokio::time::sleep(PATIENCE), if std::io::stderr().is_terminal() => {
                let open: Vec<&str> = names.iter().map(String::as_str).filter(|name| !answers.has(name)).collect();
                let done = names.len() - open.len();
                let text = format!("{done} of {} have answered; waiting for {}\n", names.len(), fold(open));
                // A reader that went away is no error.
                let _ = std::io::stderr().lock().write_all(text.as_bytes());
            }
        }
    }
}

/// Says of guarded sites that they are not among those that are meant by naming none.
fn left_out(topology: &Topology) -> String {
    let sites = topology.sites().iter().filter(|site| site.is_guarded());
    let names: Vec<&str> = sites.map(|site| site.name()).collect();
    if names.is_empty() {
        return String::new();
    }
    let names = fold(names);
    format!("not looked at, since guarded: {names} (name them by `--limit`)\n")
}

/// What is missing on this machine for these sites. Of a site that is this machine its own row tells.
fn here<'a>(mut sites: impl Iterator<Item = &'a Site>) -> Vec<Finding> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let has_rsync = std::env::split_paths(&paths).any(|folder| folder.join("rsync").is_file());
    if has_rsync || sites.all(Site::is_local) {
        return Vec::new();
    }
    vec![Finding {
        tone: Tone::Warning,
        text: "there is no rsync on this machine, so nothing can be uploaded or downloaded"
            .to_owned(),
        hint: Some("install rsync, or put it on the PATH".to_owned()),
    }]
}
