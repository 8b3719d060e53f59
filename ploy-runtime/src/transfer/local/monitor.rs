//! Telling how far a copy is, and what goes wrong with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::runtime::Handle;

use super::problem::CopyProblem;
use crate::event::{CommandId, EventKind};
use crate::shell::Emitter;
use crate::transfer::TransferTotals;
use crate::transfer::planner::destination::PlacementError;

/// How often progress is told at most.
const PAUSE: Duration = Duration::from_millis(200);

/// How many problems are kept for the failure.
const KEPT: usize = 20;

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

/// Who watches a copy: hears how far it is and what goes wrong, and may want it to end.
pub(super) struct CopyMonitor {
    emitter: Arc<dyn Emitter>,
    command: CommandId,
    /// Where problems are written, line by line.
    lines: DuplexStream,
    runtime: Handle,
    should_end: Arc<AtomicBool>,
    last_told: Option<Instant>,
    pub(super) totals: TransferTotals,
    /// How many bytes are to be copied in all.
    pub(super) total_bytes: u64,
    problems: Vec<CopyProblem>,
    /// Problems beyond those that are kept.
    more_problems: u64,
}

impl CopyMonitor {
    /// Must be called in a tokio runtime.
    pub(super) fn new(
        emitter: Arc<dyn Emitter>,
        command: CommandId,
        lines: DuplexStream,
        should_end: Arc<AtomicBool>,
    ) -> Self {
        CopyMonitor {
            emitter,
            command,
            lines,
            runtime: Handle::current(),
            should_end,
            last_told: None,
            totals: TransferTotals::default(),
            total_bytes: 0,
            problems: Vec::new(),
            more_problems: 0,
        }
    }

    /// Whether somebody wants the copy to end.
    pub(super) fn should_end(&self) -> bool {
        self.should_end.load(Ordering::Relaxed)
    }

    pub(super) fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Tells a problem at once, and keeps it for the end.
    pub(super) fn problem(&mut self, problem: CopyProblem) {
        self.remark(&problem.to_string());
        if self.problems.len() < KEPT {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
        }
    }

    /// Tells something that is no problem.
    pub(super) fn remark(&mut self, text: &str) {
        let line = format!("{text}\n");
        // Fails only if nobody watches any more.
        let _ = self.runtime.block_on(self.lines.write_all(line.as_bytes()));
    }

    /// Tells how far the copy is, unless it was told a moment ago. `under_way` are the bytes of a
    /// file that is not there whole.
    pub(super) fn progress(&mut self, under_way: u64) {
        let now = Instant::now();
        if self.last_told.is_some_and(|told| now - told < PAUSE) {
            return;
        }
        self.last_told = Some(now);
        let bytes = self.totals.bytes + under_way;
        let percent = match self.total_bytes {
            0 => 0,
            total => u128::from(bytes) * 100 / u128::from(total),
        };
        // Only the end is all of it.
        self.emit(bytes, u8::try_from(percent).unwrap_or(99).min(99));
    }

    /// Says how the copy ended, now that nothing more is done.
    pub(super) fn finish(self) -> CopyEnd {
        if self.should_end() {
            return CopyEnd::Ended;
        }
        if self.has_problems() {
            return CopyEnd::Problems {
                first: self.problems,
                more: self.more_problems,
            };
        }
        self.emit(self.totals.bytes, 100);
        CopyEnd::Complete(self.totals)
    }

    fn emit(&self, bytes: u64, percent: u8) {
        self.emitter.emit(EventKind::TransferProgress {
            action: self.emitter.action(),
            command: self.command,
            bytes,
            files: self.totals.files,
            percent_done: percent,
        });
    }
}
