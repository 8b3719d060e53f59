//! Runs what has been prepared, and says how it ended.

use super::prepare::{PreparedRun, Work};
use super::reporters::Reporters;
use super::signals::Signals;
use super::{connections, passwords};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::options::passwords::PasswordSource;
use crate::options::shared::SharedOptions;
use crate::terminal::detect::live_view;
use crate::terminal::guard::TerminalGuard;
use crate::terminal::live::LiveView;
use ploy_core::topology::Topology;
use ploy_report::RetryCommand;
use ploy_runtime::engine::{Batch, Catalogue, Runner};
use ploy_runtime::transport::raise_open_file_limit;

/// Runs it; `retry` is the command line that tries it again.
pub(crate) async fn start(
    topology: Topology,
    catalogue: Catalogue,
    prepared: PreparedRun,
    options: &SharedOptions,
    retry: Option<RetryCommand>,
) -> Result<ExitStatus, CliError> {
    let color = options.color;
    let no_password = |cause, is_refused| CliError::Password {
        consequence: "nothing was run",
        cause,
        is_refused,
    };
    let reporters = Reporters::open(&options.reports, options.output, color)?;
    let early = match options.passwords {
        PasswordSource::Early => prepared.site_names(&topology, options),
        _ => Vec::new(),
    };
    let passwords = passwords::open(&options.passwords, color, options.prompts.no_input)
        .await
        .map_err(|failure| no_password(failure.into(), false))?;
    raise_open_file_limit();
    let live = live_view(options.progress, options.output.view, color);
    let draws = live.as_ref().is_some_and(LiveView::draws);
    let mut runner = Runner::new(topology, catalogue);
    if let Some(live) = live {
        runner = runner.reporter(live);
    }
    let runner = runner
        .keep(connections::socket_dir(options.no_keep))
        .passwords(&passwords)
        .consent(options.prompts.consent())
        .step(options.prompts.step)
        .options(options.selection.inherited())
        .overrides(options.scheduling.overrides.clone());
    let runner = reporters.attach(runner, retry);
    let mut signals = Signals::listen()?;
    let verified = tokio::select! {
        biased;
        reason = signals.next() => return Ok(ExitStatus::after(reason)),
        verified = runner.verify_passwords(&early) => verified,
    };
    verified.map_err(|failure| no_password(failure.into(), true))?;
    let _guard = TerminalGuard::begin(draws);
    let signals = tokio::spawn(signals.forward(runner.canceller()));
    let stats = match prepared.work {
        Work::Stages(stages) => {
            let (schedule, plans) = stages.into_parts();
            let run = |batch: Batch| async move { batch.planned_schedule(&schedule, plans).await };
            runner.run(run).await
        }
        Work::Steps(steps) => runner.run(move |batch| steps.run(batch)).await,
        Work::Code(code, arguments) => {
            let runner = runner.arguments(arguments);
            runner.run(move |batch| code.call(batch)).await
        }
    };
    signals.abort();
    Ok(ExitStatus::of_run(&stats))
}
