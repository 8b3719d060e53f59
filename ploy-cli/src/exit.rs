//! Exit codes: which there are, and which one ends the program.

use ploy_core::event::{CancelReason, Stats};

/// The code with which the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ExitStatus(u8);

impl ExitStatus {
    /// Everything went well.
    pub(crate) const OK: ExitStatus = ExitStatus(0);
    /// A job failed.
    pub(crate) const FAILED: ExitStatus = ExitStatus(1);
    /// The command line, the catalogue or the topology is wrong, or nothing matched.
    pub(crate) const USAGE: ExitStatus = ExitStatus(2);
    /// More tasks failed than a stage allows, so others were not started.
    pub(crate) const BUDGET: ExitStatus = ExitStatus(3);
    /// All that failed was that sites could not be reached.
    pub(crate) const UNREACHABLE: ExitStatus = ExitStatus(4);
    /// A site is not ready, or no password for sudo works.
    pub(crate) const PREFLIGHT: ExitStatus = ExitStatus(6);
    /// There is no shell on a site: the code of `ssh` itself where there is no connection.
    pub(crate) const NO_CONNECTION: ExitStatus = ExitStatus(255);

    /// The number.
    pub(crate) fn code(self) -> u8 {
        self.0
    }

    /// The status of a command that a signal ended before anything ran.
    pub(crate) fn after(reason: CancelReason) -> Self {
        match reason {
            CancelReason::Terminate => ExitStatus(143),
            _ => ExitStatus(130),
        }
    }

    /// The end of a run. Of several reasons the first of these counts: a signal, usage, the failure
    /// budget, failed jobs, unreachable sites.
    pub(crate) fn of_run(stats: &Stats) -> Self {
        match stats.cancel {
            Some(
                reason @ (CancelReason::Terminate
                | CancelReason::Interrupt
                | CancelReason::SecondSignal),
            ) => ExitStatus::after(reason),
            Some(_) => ExitStatus::FAILED,
            None if stats.refused > 0 => ExitStatus::USAGE,
            None if stats.budget_spent => ExitStatus::BUDGET,
            None if stats.failed > 0 || stats.schedule_failed => ExitStatus::FAILED,
            None if stats.gates_failed > 0 || stats.background_failed > 0 => ExitStatus::FAILED,
            None if stats.unreachable > 0 => ExitStatus::UNREACHABLE,
            None => ExitStatus::OK,
        }
    }
}

/// What the help says of the codes.
pub(crate) const HELP: &str = "\
Exit status:
  0         Everything went well
  1         A job failed
  2         The command line, sites or jobs are wrong, or nothing matched
  3         More tasks failed than may, so others were not started
  4         All that failed was that sites could not be reached
  6         A site is not ready, or no password for sudo works
  130, 143  Ended by Ctrl-C, or by TERM or HUP
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_reason_counts() {
        let mut stats = Stats::default();
        let code = |stats: &Stats| ExitStatus::of_run(stats).code();
        assert_eq!(code(&stats), 0);
        stats.unreachable = 1;
        assert_eq!(code(&stats), 4);
        stats.failed = 1;
        assert_eq!(code(&stats), 1);
        stats.budget_spent = true;
        assert_eq!(code(&stats), 3);
        stats.refused = 1;
        assert_eq!(code(&stats), 2);
        stats.cancel = Some(CancelReason::Terminate);
        assert_eq!(code(&stats), 143);
        stats.cancel = Some(CancelReason::Interrupt);
        assert_eq!(code(&stats), 130);
    }
}
