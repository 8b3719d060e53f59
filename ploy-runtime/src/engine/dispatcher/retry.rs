//! Trying again what failed.

use std::time::Duration;

use super::dispatcher::Dispatcher;
use super::state::Late;
use super::state::Role;
use crate::catalogue::Options;
use crate::error::Kind;
use crate::event::{ActionId, ErrorReport};
use crate::shell::{CancelLevel, cancel_channel};

/// The first pause between two tries, unless told otherwise.
const FIRST: Duration = Duration::from_secs(1);

/// No pause grows longer than this by doubling.
const LONGEST: Duration = Duration::from_secs(60);

impl Dispatcher {
    /// How long to wait before the action is tried again, if it is.
    pub(super) fn pause_before_retry(
        &mut self,
        id: ActionId,
        errors: &[ErrorReport],
    ) -> Option<Duration> {
        let running = self.actions.get(&id)?;
        let Role::Task { stage, .. } = &running.role else {
            return None;
        };
        let options = self.stages.get(stage)?.plan.options();
        let may = self.cancel.is_none()
            && !errors.is_empty()
            && running.attempt <= options.retries.unwrap_or(0)
            && !matches!(running.late, Some(Late::Task(_)))
            // One that could not be ended may still run.
            && running.level() < CancelLevel::Abandon
            && errors.iter().all(|fault| is_worth_a_retry(fault.kind));
        may.then(|| pause(options, running.attempt, self.jitter.f64()))
    }

    /// Tries an action again whose pause is over.
    pub(super) fn try_again(&mut self, id: ActionId, attempt: u32) {
        let Some(running) = self.actions.get_mut(&id) else {
            return;
        };
        if running.attempt != attempt || running.cancel.is_some() {
            return;
        }
        running.attempt += 1;
        let (sender, cancel) = cancel_channel();
        running.cancel = Some(sender);
        self.start_try(id, cancel);
    }
}

/// Whether the same again could come out better.
fn is_worth_a_retry(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Usage | Kind::Unsound | Kind::Cancelled | Kind::Deadlock | Kind::Password
    )
}

/// Doubles with each try, and varies by a quarter either way as `random`, from 0 to 1, says.
fn pause(options: &Options, attempt: u32, random: f64) -> Duration {
    let first = options.backoff.unwrap_or(FIRST);
    let doubled = first.saturating_mul(1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX));
    let pause = doubled.min(LONGEST.max(first));
    let varied = pause.as_secs_f64() * (0.75 + random / 2.0);
    Duration::try_from_secs_f64(varied).unwrap_or(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let near = |attempt, seconds: u64| {
            let pause = pause(&Options::new(), attempt, 0.5);
            let exact = Duration::from_secs(seconds);
            assert!(
                pause >= exact.mul_f64(0.74) && pause <= exact.mul_f64(1.26),
                "{attempt}: {pause:?}"
            );
        };
        near(1, 1);
        near(2, 2);
        near(5, 16);
        near(7, 60);
        near(40, 60);
        assert!(
            pause(&Options::new().backoff(Duration::MAX), 9, 0.5) > Duration::from_secs(1 << 40)
        );
        let long = pause(&Options::new().backoff(Duration::from_secs(100)), 3, 1.0);
        assert!(long >= Duration::from_secs(74) && long <= Duration::from_secs(126));
    }
}
