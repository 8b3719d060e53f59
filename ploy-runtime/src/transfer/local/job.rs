//! A copy that runs on a thread of its own, and can be watched and ended like a command.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;

use super::copy::{CopyOrder, copy};
use super::monitor::CopyMonitor;
use super::problem::CopyProblem;
use crate::error::{Failure, Kind};
use crate::shell::Emitter;
use crate::transfer::TransferTotals;
use crate::transfer::planner::destination::PlacementError;
use crate::transport::{Exit, Process, ProcessGroup};

/// How much of what is told may wait for whoever reads it.
const TOLD_AHEAD: usize = 16 * 1024;

/// A copy under way.
pub(in crate::transfer) struct LocalJob {
    /// What is told of problems is its standard error; it exits with 0 if there are none.
    pub(in crate::transfer) process: Process,
    outcome: CopyEndSlot,
}

/// Filled in when the copy ends.
#[derive(Clone, Default)]
pub(in crate::transfer) struct CopyEndSlot(Arc<Mutex<Option<CopyEnd>>>);

/// What came of a copy.
pub(in crate::transfer) enum CopyEnd {
    /// It was told to end.
    Ended,
    /// All is done.
    Complete(TransferTotals),
    /// Nothing could be done.
    Refused(PlacementError),
    /// Some of it could not be done.
    Problems { first: Vec<CopyProblem>, more: u64 },
}

impl CopyEndSlot {
    /// What came of it; `None` before its end.
    pub(in crate::transfer) fn take(&self) -> Option<CopyEnd> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl LocalJob {
    /// Starts a copy; must be called in a tokio runtime.
    pub(in crate::transfer) fn start(
        order: CopyOrder,
        emitter: Arc<dyn Emitter>,
        command: u32,
        site: &str,
    ) -> Self {
        let should_end = Arc::new(AtomicBool::new(false));
        let (lines, stderr) = tokio::io::duplex(TOLD_AHEAD);
        let monitor = CopyMonitor {
            emitter,
            command,
            lines,
            runtime: Handle::current(),
            should_end: should_end.clone(),
            moved: TransferTotals::default(),
            total_bytes: 0,
            problems: Vec::new(),
            more_problems: 0,
            last_told: None,
        };
        let outcome = CopyEndSlot::default();
        let slot = outcome.clone();
        let task = tokio::task::spawn_blocking(move || run(order, monitor));
        let site = site.to_owned();
        let wait = async move {
            let ended = task.await.map_err(|error| {
                let headline = format!("the copy on {site} broke off");
                Failure::new(Kind::Other, headline, error.to_string())
            })?;
            let exit = Exit::Code(i32::from(!matches!(ended, CopyEnd::Complete(_))));
            *slot.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ended);
            Ok(exit)
        };
        let process = Process {
            stdout: Box::pin(tokio::io::empty()),
            stderr: Box::pin(stderr),
            requests: None,
            feed: None,
            wait: Box::pin(wait),
            group: ProcessGroup::task(should_end),
            must_drain_first: false,
        };
        LocalJob { process, outcome }
    }

    /// The process to be watched, and where the outcome is found after its end.
    pub(in crate::transfer) fn into_parts(self) -> (Process, CopyEndSlot) {
        (self.process, self.outcome)
    }
}

fn run(order: CopyOrder, mut monitor: CopyMonitor) -> CopyEnd {
    if let Err(refused) = copy(order, &mut monitor) {
        return CopyEnd::Refused(refused);
    }
    if monitor.should_end() {
        return CopyEnd::Ended;
    }
    if monitor.has_problems() {
        return CopyEnd::Problems {
            first: monitor.problems,
            more: monitor.more_problems,
        };
    }
    monitor.complete();
    CopyEnd::Complete(monitor.moved)
}
