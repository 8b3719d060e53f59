//! `run`: runs jobs or a schedule. Names without a command are run by it too.

use super::spec::{AcceptedOptions, CommandSpec, Invocation, Session};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::launch::prepare::{Work, prepare};
use crate::launch::start::start;
use crate::options::names;
use crate::plan_view::{self, format::PlanFormat};
use crate::terminal::streams;

/// What the argument is, with and without the command.
pub(crate) const NAMES_HELP: &str = "The jobs to run, in this order; or one schedule";

pub(crate) const COMMAND: CommandSpec = CommandSpec {
    name: "run",
    about: "Run jobs or a schedule, also of a name that a command has",
    args: |command| command.arg(names::argument(NAMES_HELP)),
    accepted: AcceptedOptions::ALL,
    execute: |session, invocation| Box::pin(execute(session, invocation)),
};

async fn execute(session: Session, invocation: Invocation) -> Result<ExitStatus, CliError> {
    let names = names::parse(&invocation.matches);
    let options = &invocation.options;
    let (topology, catalogue) = session.load().await?;
    // Without the command, a name may be meant to be a command.
    let is_command = invocation.command.is_some();
    let prepared = prepare(&topology, &catalogue, &names, is_command, options)?;
    if options.is_dry {
        let format = PlanFormat::of_dry_run(options);
        streams::out(&plan_view::of_run(prepared, &catalogue, format)?);
        return Ok(ExitStatus::OK);
    }
    let words = invocation.retry_words(&names);
    let retry = match &prepared.work {
        _ if prepared.schedule.is_none() => words.of_jobs(options.scheduling.start_from.as_deref()),
        Work::Stages(stages) => words.of_schedule(Some(stages.schedule.stages().len())),
        Work::Code(..) | Work::Steps(_) => words.of_schedule(None),
    };
    let prepared = if options.prompts.step {
        prepared.step_by_step(options)?
    } else {
        prepared
    };
    // A run of one stage for each job cannot be named by its jobs again.
    let retry = (!matches!(prepared.work, Work::Steps(_))).then_some(retry);
    start(topology, catalogue, prepared, options, retry).await
}
