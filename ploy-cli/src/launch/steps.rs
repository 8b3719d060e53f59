//! Jobs of a command line one by one, so that each can be asked for.

use ploy_core::catalogue::{JobRef, Mode, Stage};
use ploy_core::error::Failure;
use ploy_core::topology::{Selector, SelectorError};
use ploy_runtime::engine::Batch;

use crate::options::shared::SharedOptions;

/// A stage of jobs as one stage for each job. A site where a job failed runs none of the later
/// ones, as in one stage.
pub(crate) struct Steps {
    stages: Vec<Stage>,
    /// The sites that are chosen.
    sites: Selector,
    /// Whether a failed task ends its site's jobs.
    break_on_error: bool,
    /// Whether a failed task ends all.
    stops: bool,
}

impl Steps {
    /// Takes a stage apart, unless its jobs belong together: in groups of sites, or all at once.
    ///
    /// # Errors
    ///
    /// Never, as long as a star is a selector.
    pub(crate) fn of(
        stage: &Stage,
        command_line: &SharedOptions,
    ) -> Result<Option<Self>, SelectorError> {
        let options = command_line.scheduling.overrides.or(stage.options());
        let mode = options.mode.unwrap_or_default();
        if options.groups.is_some() || matches!(mode, Mode::Rolling | Mode::Parallel) {
            return Ok(None);
        }
        let one = |job: &JobRef| {
            let mut one = Stage::of(job.clone());
            one.options = stage.options().clone();
            one
        };
        let break_on_error = options.break_on_error.unwrap_or(true);
        Ok(Some(Steps {
            stages: stage.jobs().iter().map(one).collect(),
            sites: match command_line.selection.selector() {
                Some(selector) => selector.clone(),
                None => Selector::parse("*")?,
            },
            break_on_error,
            // These modes allow no failure, unless told otherwise.
            stops: break_on_error && mode != Mode::SiteSequential && options.max_fail.is_none(),
        }))
    }

    /// Runs them.
    pub(crate) async fn run(self, batch: Batch) -> Result<(), Failure> {
        let mut first = Ok(());
        let mut lost: Vec<String> = Vec::new();
        for mut stage in self.stages {
            if !lost.is_empty() {
                let lost = Selector::sites(&lost.join(","));
                stage.options.on = Some(lost.map(|lost| self.sites.clone().minus(lost)));
            }
            let outcome = batch.stage(stage).await;
            first = first.and(outcome.check());
            let failed = outcome.tasks().filter(|task| !task.succeeded());
            if self.break_on_error {
                lost.extend(failed.map(|task| task.site().to_owned()));
            }
            if self.stops && !lost.is_empty() {
                break;
            }
        }
        first
    }
}
