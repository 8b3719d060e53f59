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
use super::spec::{AcceptedOptions, CommandSpec, Invocation, Session};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::launch::prepare::{PreparedRun, Work};
use crate::launch::signals::Signals;
use crate::launch::{connections, passwords, target};
use crate::options::passwords::PasswordSource;
use crate::options::shared::SharedOptions;
use crate::options::{keep, names, parameters, selection};
use crate::terminal::messages;
use crate::terminal::streams::{out_foreign, out_palette};
use ploy_core::catalogue::{Options, Stage};
use ploy_core::error::{Failure, Kind, Problem};
use ploy_core::topology::{Site, Topology, fold};
use ploy_runtime::engine::{Catalogue, Runner};
use ploy_runtime::secret::masked;
use ploy_runtime::transport::raise_open_file_limit;

/// The name under which it runs.
const NAME: &str = "check";

/// How long a site may take, with its connection, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

/// When somebody at a terminal is first told for whom we wait, and how often.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) const COMMAND: CommandSpec = CommandSpec {
    name: NAME,
    about: "Check whether sites are ready: ssh, sudo, rsync, folders, clocks",
    args: |command| {
        let help = "Only the sites of these jobs, or of one schedule";
        command.arg(names::argument(help).required(false))
    },
    accepted: AcceptedOptions {
        headings: &[
            parameters::HEADING,
            selection::HEADING,
            crate::options::passwords::HEADING,
        ],
        others: &[keep::ID, "fanout", "timeout", "no-input", "start-from"],
        ..AcceptedOptions::NONE
    },
    execute: |session, invocation| Box::pin(execute(session, invocation)),
};

/// What the command line says of it.
struct CheckArgs {
    /// The jobs, or the schedule, whose sites are meant; empty for all.
    names: Vec<String>,
}

impl CheckArgs {
    fn parse(matches: &ArgMatches) -> Self {
        CheckArgs {
            names: names::parse(matches),
        }
    }
}

async fn execute(session: Session, invocation: Invocation) -> Result<ExitStatus, CliError> {
    let args = CheckArgs::parse(&invocation.matches);
    let (topology, catalogue) = session.load().await?;
    check(&topology, &catalogue, &args, &invocation.options).await
}

/// Looks at the catalogue and at the sites.
async fn check(
    topology: &Topology,
    catalogue: &Catalogue,
    args: &CheckArgs,
    options: &SharedOptions,
) -> Result<ExitStatus, CliError> {
    // All that is wrong, whatever jobs are meant: this is for the whole binary.
    let mut problems = catalogue.validate(topology);
    let mut names = Vec::new();
    if !problems.iter().any(Problem::is_fatal) {
        match sites(topology, catalogue, args, options) {
            Ok(found) => names = found,
            Err(found) => {
                problems.extend(found);
                return Err(problems.into());
            }
        }
    }
    if names.is_empty() {
        if !problems.is_empty() {
            return Err(problems.into());
        }
        out_foreign("the catalogue is sound; there is no site to look at\n");
        out_foreign(&left_out(topology));
        return Ok(ExitStatus::OK);
    }
    // They do not keep the sites from being looked at.
    messages::problems(options.color, &problems);
    let is_whole = args.names.is_empty() && options.selection.selector().is_none();
    match look(topology, &names, options, is_whole).await? {
        Looked::AtAll(_) if !problems.is_empty() => Ok(ExitStatus::USAGE),
        Looked::AtAll(status) | Looked::CutShort(status) => Ok(status),
    }
}

/// The names of the sites that are meant.
fn sites(
    topology: &Topology,
    catalogue: &Catalogue,
    args: &CheckArgs,
    options: &SharedOptions,
) -> Result<Vec<String>, Vec<Problem>> {
    let problems = options.selection.problems(topology);
    if !problems.is_empty() {
        return Err(problems);
    }
    if args.names.is_empty() {
        return Ok(options.selection.site_names(topology));
    }
    let target = target::find(catalogue, &args.names, true, options)?;
    let prepared = PreparedRun::plan(target, catalogue, topology, options);
    let sites = match prepared.work {
        // Only its code knows.
        Work::Code(..) => options.selection.site_names(topology),
        Work::Stages(_) | Work::Steps(_) => prepared.site_names(topology, options),
    };
    if sites.is_empty() {
        let what = args.names.join(", ");
        return Err(vec![
            Problem::new(format!("no site runs {what}"))
                .with_hint("`sites` shows which site carries which role"),
        ]);
    }
    Ok(sites)
}

/// How looking at the sites ended.
enum Looked {
    /// All were looked at.
    AtAll(ExitStatus),
    /// Somebody ended it.
    CutShort(ExitStatus),
}

/// Looks at the sites, and tells what it has seen; of sites that are left out too, if all are
/// meant.
async fn look(
    topology: &Topology,
    names: &[String],
    options: &SharedOptions,
    is_whole: bool,
) -> Result<Looked, CliError> {
    let color = options.color;
    let no_password = |failure: Failure, is_refused| CliError::Password {
        consequence: "nothing was looked at",
        cause: failure.into(),
        is_refused,
    };
    let passwords = passwords::open(&options.passwords, color, options.prompts.no_input)
        .await
        .map_err(|failure| no_password(failure, false))?;
    let answers = Answers::default();
    let keep = connections::socket_dir(options.no_keep);
    let keeps = keep.is_some();
    let mut catalogue = Catalogue::new();
    let verifies = options.passwords != PasswordSource::Terminal;
    catalogue.add(NAME, names, [action(&answers, verifies)]);
    raise_open_file_limit();
    let runner = Runner::new(topology.clone(), catalogue)
        .keep(keep)
        .passwords(&passwords)
        .options(
            Options::new()
                .timeout(TIMEOUT)
                // All at once: somebody waits for the last of them.
                .fanout(u32::try_from(names.len()).unwrap_or(u32::MAX).max(1))
                .within(names),
        )
        .overrides(options.scheduling.overrides.clone());
    let mut signals = Signals::listen()?;
    if options.passwords == PasswordSource::Early {
        let verified = tokio::select! {
            biased;
            reason = signals.next() => return Ok(Looked::CutShort(ExitStatus::after(reason))),
            verified = runner.verify_passwords(names) => verified,
        };
        verified.map_err(|failure| no_password(failure, true))?;
    }
    let signals = tokio::spawn(signals.forward(runner.canceller()));
    let run = runner.run(|batch| async move { batch.stage(Stage::of([NAME])).await.into_result() });
    let stats = waiting_for(names, &answers, run).await;
    signals.abort();
    if stats.cancel.is_some() {
        return Ok(Looked::CutShort(ExitStatus::of_run(&stats)));
    }
    let verdicts = verdicts(topology, names, &answers, keeps);
    let sites = topology.sites().iter().map(AsRef::as_ref);
    let others = here(sites.filter(|site| names.iter().any(|name| name == site.name())));
    let mut text = report::report(&verdicts, &others, out_palette(color));
    if is_whole {
        text.push_str(&left_out(topology));
    }
    out_foreign(&masked(&text));
    let is_wrong = |verdict: &Verdict| {
        let mut findings = verdict.findings.iter();
        findings.any(|finding| finding.tone == Tone::Error)
    };
    let status = if verdicts.iter().any(|(_, verdict)| is_wrong(verdict)) {
        ExitStatus::PREFLIGHT
    } else {
        ExitStatus::OK
    };
    Ok(Looked::AtAll(status))
}

/// What is to be told of each site, in the order of the topology.
fn verdicts<'a>(
    topology: &'a Topology,
    names: &[String],
    answers: &Answers,
    keeps: bool,
) -> Vec<(&'a str, Verdict)> {
    let mut answered = answers.take();
    let mut verdicts = Vec::new();
    for site in topology.sites() {
        if names.iter().any(|name| name == site.name()) {
            // Without an answer it was ended before it could give one.
            let answer = answered.remove(site.name()).unwrap_or_else(|| {
                Answer::Failed(Failure::new(Kind::Timeout, "no answer", "no answer"))
            });
            verdicts.push((site.name(), judge(site, &answer, keeps)));
        }
    }
    verdicts
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

/// What is missing on this machine for these sites. Of a site that is this machine its own row
/// tells.
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
