//! `check`: whether the sites are ready for a run. All are looked at at once, and changed nowhere.
//!
//! [`survey`] looks at the sites, by the action in [`probe`] and the shell text in [`script`].
//! [`judge`] says what the answer of a site means, as the [`verdict`] that [`report`] prints.

mod judge;
mod probe;
mod report;
mod script;
mod survey;
#[cfg(test)]
mod tests;
mod verdict;

use clap::ArgMatches;

use self::survey::{Survey, left_out, survey};
use super::spec::{AcceptedOptions, CommandSpec, Invocation, Session};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::launch::prepare::{PreparedRun, Work};
use crate::launch::target;
use crate::options::shared::SharedOptions;
use crate::options::{keep, names, parameters, passwords, selection};
use crate::terminal::messages;
use crate::terminal::streams::out_foreign;
use ploy_core::error::Problem;
use ploy_core::topology::Topology;
use ploy_runtime::engine::Catalogue;

pub(crate) const COMMAND: CommandSpec = CommandSpec {
    name: "check",
    about: "Check whether sites are ready: ssh, sudo, rsync, folders, clocks",
    args: |command| {
        let help = "Only the sites of these jobs, or of one schedule";
        command.arg(names::argument(help).required(false))
    },
    accepted: AcceptedOptions {
        headings: &[parameters::HEADING, selection::HEADING, passwords::HEADING],
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
    // The sites are looked at all the same.
    messages::problems(options.color, &problems);
    let is_whole = args.names.is_empty() && options.selection.selector().is_none();
    match survey(topology, &names, options, is_whole).await? {
        Survey::Whole(_) if !problems.is_empty() => Ok(ExitStatus::USAGE),
        Survey::Whole(status) | Survey::CutShort(status) => Ok(status),
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
