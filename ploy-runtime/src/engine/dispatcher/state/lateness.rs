//! Actions that were told to end because their time was up, and what is said of them.

use std::time::Duration;

use crate::error::Kind;
use crate::event::ErrorReport;

/// Why an action was told to end before its run was.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine::dispatcher) enum Late {
    Action(Duration),
    Check(Duration),
    Task(Duration),
    Background(Duration),
}

impl Late {
    pub(in crate::engine::dispatcher) fn error(self) -> ErrorReport {
        let seconds = |time: Duration| time.as_secs_f64();
        let message = match self {
            Late::Action(limit) => format!("the action ran longer than {} s", seconds(limit)),
            Late::Check(limit) => format!("the check ran longer than {} s", seconds(limit)),
            Late::Task(limit) => format!("the task ran longer than {} s", seconds(limit)),
            Late::Background(limit) => {
                format!(
                    "it was still running {} s after the end of the schedule",
                    seconds(limit)
                )
            }
        };
        let mut error = ErrorReport::new(Kind::Timeout, message);
        error.hint = Some(match self {
            Late::Action(_) | Late::Check(_) => {
                "`timeout` of the stage says how long an action or a check may take".to_owned()
            }
            Late::Task(_) => "`task_timeout` of the stage says how long a task may take".to_owned(),
            Late::Background(_) => {
                "`background_grace` says how long the end of a run waits for it".to_owned()
            }
        });
        error
    }
}

/// Turns what went wrong in an action that was told to end for its lateness: that is what went
/// wrong.
pub(in crate::engine::dispatcher) fn blame(
    late: Option<Late>,
    mut errors: Vec<ErrorReport>,
) -> Vec<ErrorReport> {
    if let Some(late) = late {
        errors.retain(|error| error.kind != Kind::Cancelled);
        errors.insert(0, late.error());
    }
    errors
}

/// What is said of an action that did not end when it was told to.
pub(in crate::engine) fn abandoned() -> ErrorReport {
    ErrorReport::new(
        Kind::Cancelled,
        "it did not end when it was told to, and was abandoned",
    )
}
