use ploy_core::event::{CancelReason, Stats};

/// Everything went well.
pub(super) const OK: u8 = 0;
/// A job failed.
pub(super) const FAILED: u8 = 1;
/// The command line, the catalogue or the topology is wrong, or nothing matched.
pub(super) const USAGE: u8 = 2;
/// More tasks failed than a stage allows, so others were not started.
pub(super) const BUDGET: u8 = 3;
/// All that failed was that sites could not be reached.
pub(super) const UNREACHABLE: u8 = 4;
/// What was looked at before anything ran is not as it has to be.
pub(super) const PREFLIGHT: u8 = 6;

/// What the help says of them.
pub(super) const HELP: &str = "\
Exit status:
  0         Everything went well
  1         A job failed
  2         The command line, sites or jobs are wrong, or nothing matched
  3         More tasks failed than may, so others were not started
  4         All that failed was that sites could not be reached
  6         A site is not ready, or no password for sudo works
  130, 143  Ended by Ctrl-C, or by TERM or HUP
";

/// The exit code of what a signal ended before anything ran.
pub(super) fn after(reason: CancelReason) -> u8 {
    match reason {
        CancelReason::Terminate => 143,
        _ => 130,
    }
}

/// The exit code of a run. Of several reasons the first of these counts: a signal, usage, the failure budget, failed
/// jobs, unreachable sites.
pub(super) fn code(stats: &Stats) -> u8 {
    match stats.cancel {
        Some(CancelReason::Terminate) => 143,
        Some(CancelReason::Interrupt | CancelReason::SecondSignal) => 130,
        Some(_) => FAILED,
        None if stats.refused > 0 => USAGE,
        None if stats.budget_spent => BUDGET,
        None if stats.failed > 0 || stats.schedule_failed => FAILED,
        None if stats.gates_failed > 0 || stats.background_failed > 0 => FAILED,
        None if stats.unreachable > 0 => UNREACHABLE,
        None => OK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_reason_counts() {
        let mut stats = Stats::default();
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
