use std::io::PipeWriter;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::attendant::Attendant;
use super::state::State;
use ploy_core::event::{Event, EventKind, Reporter};
use ploy_runtime::terminal::screen;

/// Follows a run, so that somebody can draw it and tell of it.
pub(super) struct Progress {
    attendant: Attendant,
    state: Shared,
    thread: Option<(JoinHandle<()>, PipeWriter)>,
}

/// What runs, for those who follow it and those who draw it.
#[derive(Clone, Default)]
pub(super) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // What a panic left of it is drawn nonetheless.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress {
    pub(super) fn new(attendant: Attendant) -> Self {
        Progress {
            attendant,
            state: Shared::default(),
            thread: None,
        }
    }

    fn begin(&mut self) {
        // Without a pipe or a thread the run goes on undrawn.
        let Ok((end, writer)) = std::io::pipe() else {
            return;
        };
        let (attendant, state) = (self.attendant.clone(), self.state.clone());
        screen().enable_pinned(attendant.typed.clone());
        let thread = std::thread::Builder::new().name("ploy-progress".to_owned());
        let thread = thread.spawn(move || attendant.attend(&state, &end));
        self.thread = thread.ok().map(|thread| (thread, writer));
    }

    fn end(&mut self) {
        if let Some((thread, writer)) = self.thread.take() {
            drop(writer);
            let _ = thread.join();
            screen().clear();
        }
    }
}

impl Reporter for Progress {
    fn report(&mut self, event: &Event) {
        self.state.lock().fold(event);
        match &event.kind {
            EventKind::RunStarted { .. } => self.begin(),
            // Before the others tell how the run has ended.
            EventKind::RunFinished { .. } => self.end(),
            _ => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
