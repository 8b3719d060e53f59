//! A copy that runs on a thread of its own, and can be watched and ended like a command.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::oneshot;

use super::copy::{CopyRequest, copy};
use super::monitor::{CopyEnd, CopyMonitor};
use crate::error::{Failure, Kind};
use crate::event::CommandId;
use crate::shell::Emitter;
use crate::transport::{Exit, Process, ProcessGroup};

/// How much of what is told may wait for whoever reads it.
const TOLD_AHEAD: usize = 16 * 1024;

/// A copy under way.
pub(in crate::transfer) struct LocalJob {
    /// Its standard error has a line for each problem. It exits with 0 if there are none.
    pub(in crate::transfer) process: Process,
    /// Is sent before the process ends.
    pub(in crate::transfer) end: oneshot::Receiver<CopyEnd>,
}

impl LocalJob {
    /// Starts a copy; must be called in a tokio runtime.
    pub(in crate::transfer) fn start(
        request: CopyRequest,
        emitter: Arc<dyn Emitter>,
        command: CommandId,
        site: &str,
    ) -> Self {
        let should_end = Arc::new(AtomicBool::new(false));
        let (lines, stderr) = tokio::io::duplex(TOLD_AHEAD);
        let monitor = CopyMonitor::new(emitter, command, lines, should_end.clone());
        let (sender, end) = oneshot::channel();
        let task = tokio::task::spawn_blocking(move || run(request, monitor));
        let site = site.to_owned();
        let wait = async move {
            let ended = task.await.map_err(|error| {
                let headline = format!("the copy on {site} broke off");
                Failure::new(Kind::Other, headline, error.to_string())
            })?;
            let exit = Exit::Code(i32::from(!matches!(ended, CopyEnd::Complete(_))));
            // Fails only if nobody waits for it any more.
            let _ = sender.send(ended);
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
        LocalJob { process, end }
    }
}

fn run(request: CopyRequest, mut monitor: CopyMonitor) -> CopyEnd {
    match copy(request, &mut monitor) {
        Ok(()) => monitor.finish(),
        Err(refused) => CopyEnd::Refused(refused),
    }
}
