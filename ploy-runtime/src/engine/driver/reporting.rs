//! Hands events to the reporters, on a thread of their own.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::clock::now;
use crate::event::{Event, EventKind, Reporter, Stats};
use crate::secret::masked;

/// An event, and who waits until it has been shown.
type Told = (Event, Option<oneshot::Sender<()>>);

/// Numbers and stamps events, and hands them to the reporters on a thread of their own, where they
/// may block.
///
/// The queue has no bound, and yet stays short: of each stream of a command there is one chunk in
/// it at most, since the next is read only when that was taken.
pub(in crate::engine) struct Reporting {
    queue: Option<mpsc::Sender<Vec<Told>>>,
    /// What goes to the thread next, and wakes it once.
    pending: Vec<Told>,
    thread: Option<JoinHandle<()>>,
    number: u64,
    stats: Stats,
}

impl Reporting {
    pub(in crate::engine) fn new(mut reporters: Vec<Box<dyn Reporter>>) -> Self {
        if reporters.is_empty() {
            return Reporting::unseen();
        }
        let (queue, events) = mpsc::channel::<Vec<Told>>();
        let show = move || {
            for (event, taken) in events.into_iter().flatten() {
                // One that panics is not told any more; the others are.
                reporters.retain_mut(|reporter| {
                    catch_unwind(AssertUnwindSafe(|| reporter.report(&event))).is_ok()
                });
                drop(taken);
            }
        };
        // Without a thread the run goes on unseen; the exit status still tells.
        let thread = std::thread::Builder::new()
            .name("ploy-report".to_owned())
            .spawn(show)
            .ok();
        Reporting {
            queue: Some(queue),
            pending: Vec::new(),
            thread,
            number: 0,
            stats: Stats::default(),
        }
    }

    /// Nobody looks: events are counted, and dropped.
    fn unseen() -> Self {
        Reporting {
            queue: None,
            pending: Vec::new(),
            thread: None,
            number: 0,
            stats: Stats::default(),
        }
    }

    pub(super) fn emit(&mut self, kind: EventKind) {
        self.push(kind, None);
    }

    pub(super) fn output(&mut self, kind: EventKind, taken: oneshot::Sender<()>) {
        self.push(kind, Some(taken));
    }

    fn push(&mut self, mut kind: EventKind, taken: Option<oneshot::Sender<()>>) {
        self.stats.fold(&kind);
        kind.truncate_durations();
        // The one place through which all goes that is shown. Output is masked where it comes out,
        // as it comes.
        kind.for_each_text(|text| {
            if let Cow::Owned(shown) = masked(text) {
                *text = shown;
            }
        });
        self.number += 1;
        let event = Event {
            number: self.number,
            time: now(),
            kind,
        };
        if self.queue.is_some() {
            self.pending.push((event, taken));
        }
    }

    /// Hands over what has come since the last time: to be called before anything is waited for.
    pub(super) fn flush(&mut self) {
        if let Some(queue) = self.queue.as_ref().filter(|_| !self.pending.is_empty()) {
            // Fails only if the reporters' thread died: then nothing can be shown.
            let _ = queue.send(std::mem::take(&mut self.pending));
        }
    }

    /// Sends the last event, and waits until all have been shown; no longer than `limit`, if there
    /// is one. A reporter that is stuck then, at a pipe that nobody reads, ends with the process.
    pub(super) async fn finish(mut self, limit: Option<Duration>) -> Stats {
        let stats = self.stats.clone();
        self.emit(EventKind::RunFinished { stats });
        self.flush();
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // Not on tokio's own threads for blocking work: the end of the runtime would wait for
            // those.
            let (done, shown) = oneshot::channel();
            std::thread::spawn(move || {
                let _ = thread.join();
                let _ = done.send(());
            });
            match limit {
                Some(limit) => drop(tokio::time::timeout(limit, shown).await),
                None => drop(shown.await),
            }
        }
        self.stats
    }
}
