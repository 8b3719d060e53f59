//! Looks at all sites at once, and prints what it has seen.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use super::judge::{Answer, judge};
use super::probe::{Answers, action};
use super::report;
use super::verdict::{Finding, Severity, SiteVerdict};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::launch::signals::Signals;
use crate::launch::{connections, passwords};
use crate::options::passwords::PasswordSource;
use crate::options::shared::SharedOptions;
use crate::terminal::streams::{out_foreign, out_palette};
use ploy_core::catalogue::{Options, Stage};
use ploy_core::error::{Failure, Kind};
use ploy_core::topology::{Site, Topology, fold};
use ploy_runtime::engine::{Catalogue, Runner};
use ploy_runtime::secret::masked;
use ploy_runtime::transport::raise_open_file_limit;

/// The name of the job that looks at a site.
const NAME: &str = "check";

/// How long a site may take, with its connection, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

/// When somebody at a terminal is first told for whom we wait, and how often.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a look at the sites ended.
pub(super) enum Survey {
    /// All sites were looked at.
    Whole(ExitStatus),
    /// A signal ended it.
    CutShort(ExitStatus),
}

/// Looks at the sites, and tells what it has seen; of sites that are left out too, if all are
/// meant.
pub(super) async fn survey(
    topology: &Topology,
    names: &[String],
    options: &SharedOptions,
    is_whole: bool,
) -> Result<Survey, CliError> {
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
            reason = signals.next() => return Ok(Survey::CutShort(ExitStatus::after(reason))),
            verified = runner.verify_passwords(names) => verified,
        };
        verified.map_err(|failure| no_password(failure, true))?;
    }
    let signals = tokio::spawn(signals.forward(runner.canceller()));
    let run = runner.run(|batch| async move { batch.stage(Stage::of([NAME])).await.into_result() });
    let stats = waiting_for(names, &answers, run).await;
    signals.abort();
    if stats.cancel.is_some() {
        return Ok(Survey::CutShort(ExitStatus::of_run(&stats)));
    }
    let verdicts = verdicts(topology, names, &answers, keeps);
    let sites = topology.sites().iter().map(AsRef::as_ref);
    let others = here(sites.filter(|site| names.iter().any(|name| name == site.name())));
    let mut text = report::report(&verdicts, &others, out_palette(color));
    if is_whole {
        text.push_str(&left_out(topology));
    }
    out_foreign(&masked(&text));
    let is_wrong = |verdict: &SiteVerdict| {
        let mut findings = verdict.findings.iter();
        findings.any(|finding| finding.severity == Severity::Error)
    };
    let status = if verdicts.iter().any(|(_, verdict)| is_wrong(verdict)) {
        ExitStatus::PREFLIGHT
    } else {
        ExitStatus::OK
    };
    Ok(Survey::Whole(status))
}

/// What is to be told of each site, in the order of the topology.
fn verdicts<'a>(
    topology: &'a Topology,
    names: &[String],
    answers: &Answers,
    keeps: bool,
) -> Vec<(&'a str, SiteVerdict)> {
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
pub(super) fn left_out(topology: &Topology) -> String {
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
        severity: Severity::Warning,
        text: "there is no rsync on this machine, so nothing can be uploaded or downloaded"
            .to_owned(),
        hint: Some("install rsync, or put it on the PATH".to_owned()),
    }]
}
