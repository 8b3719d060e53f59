//! Telling how far a copy is, and what goes wrong with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::runtime::Handle;

use super::problem::CopyProblem;
use crate::event::EventKind;
use crate::shell::Emitter;
use crate::transfer::TransferTotals;

/// How often progress is told at most.
const PAUSE: Duration = Duration::from_millis(200);

/// Who watches a copy: hears how far it is and what goes wrong, and may want it to end.
pub(super) struct CopyMonitor {
    pub(super) emitter: Arc<dyn Emitter>,
    pub(super) command: u32,
    /// Where problems are written, line by line.
    pub(super) lines: DuplexStream,
    pub(super) runtime: Handle,
    pub(super) should_end: Arc<AtomicBool>,
    pub(super) moved: TransferTotals,
    /// How many bytes are to be moved in all.
    pub(super) total_bytes: u64,
    pub(super) problems: Vec<CopyProblem>,
    /// Problems beyond those that are kept.
    pub(super) more_problems: u64,
    pub(super) last_told: Option<Instant>,
}

/// How many problems are kept for the failure.
const KEPT: usize = 20;

impl CopyMonitor {
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
        let bytes = self.moved.bytes + under_way;
        let percent = match self.total_bytes {
            0 => 0,
            total => u128::from(bytes) * 100 / u128::from(total),
        };
        // Only the end is all of it.
        self.emit(bytes, u8::try_from(percent).unwrap_or(99).min(99));
    }

    /// Tells that all is done.
    pub(super) fn complete(&mut self) {
        self.emit(self.moved.bytes, 100);
    }

    fn emit(&self, bytes: u64, percent: u8) {
        self.emitter.emit(EventKind::TransferProgress {
            action: self.emitter.action().into(),
            command: self.command.into(),
            bytes,
            files: self.moved.files,
            percent_done: percent,
        });
    }
}
