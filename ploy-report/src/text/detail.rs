//! How much of a run is shown.

use ploy_core::event::StageView;

/// How much of a run is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Warnings, failures, and what they need; nothing if all is well.
    Quiet,
    /// What the stages say is to be shown.
    #[default]
    Normal,
    /// Also what jobs are given for their parameters, the ids of the run, its stages and actions,
    /// the names of actions, and of each command how it exited and how long it took.
    Verbose,
    /// All there is: also debug lines, who waits for what, and stages that say they are not to be
    /// shown. Commands that say so themselves stay hidden.
    Debug,
}

impl Detail {
    /// What of a stage is shown that says this of itself.
    pub(crate) fn of(self, stage: StageView) -> StageView {
        match self {
            Detail::Quiet => StageView {
                report: false,
                debug: false,
                log: false,
                quiet: stage.quiet && !stage.log,
            },
            Detail::Normal | Detail::Verbose => stage,
            Detail::Debug => StageView {
                report: true,
                debug: true,
                log: true,
                quiet: false,
            },
        }
    }
}
