//! How far a run has come.

/// How far a run has come: from the top to the bottom, but for a cancelled one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::dispatcher) enum Phase {
    /// The schedule goes on.
    Scheduling,
    /// The schedule of a cancelled run did not end in time, and is waited for no longer.
    ScheduleAbandoned,
    /// The schedule is over. Its stages may still run.
    ScheduleOver,
    /// Only work in the background is left, and has its grace.
    AwaitingBackground,
    /// Work in the background has had its grace: it is told to end, and none starts any more.
    BackgroundOver,
}

impl Phase {
    /// Whether the run is over as soon as nothing runs any more.
    pub(in crate::engine::dispatcher) fn is_schedule_over(self) -> bool {
        self != Phase::Scheduling
    }
}
