//! The reporter that keeps what runs at the bottom of the terminal.

use std::io::PipeWriter;
use std::thread::JoinHandle;

use super::run_state::SharedRunState;
use super::terminal_loop::TerminalLoop;
use ploy_core::event::{Event, EventKind, Reporter};
use ploy_report::Palette;
use ploy_runtime::terminal::{TypedLines, screen};

/// Follows a run: draws what runs at the bottom of the terminal, and answers whoever presses a key.
///
/// It has to hear all events before the other reporters, so that they tell the end of the run on a
/// terminal on which nothing is drawn any more.
pub(crate) struct LiveView {
    terminal: TerminalLoop,
    state: SharedRunState,
    /// What attends to the terminal, and what ends it when it is dropped.
    thread: Option<(JoinHandle<()>, PipeWriter)>,
}

impl LiveView {
    /// Draws if that is wanted, on standard error in these colours, and answers what is typed
    /// there.
    pub(crate) fn new(draws: bool, typed: Option<TypedLines>, palette: Palette) -> Self {
        LiveView {
            terminal: TerminalLoop::new(draws, typed, palette),
            state: SharedRunState::default(),
            thread: None,
        }
    }

    /// Whether it draws.
    pub(crate) fn draws(&self) -> bool {
        self.terminal.draws()
    }

    fn begin(&mut self) {
        // Without a pipe or a thread the run goes on undrawn.
        let Ok((end, writer)) = std::io::pipe() else {
            return;
        };
        let (terminal, state) = (self.terminal.clone(), self.state.clone());
        screen().enable_pinned(terminal.typed());
        let thread = std::thread::Builder::new().name("ploy-live-view".to_owned());
        let thread = thread.spawn(move || terminal.run(&state, &end));
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

impl Reporter for LiveView {
    fn report(&mut self, event: &Event) {
        self.state.lock().fold(event);
        match &event.kind {
            EventKind::RunStarted { .. } => self.begin(),
            EventKind::RunFinished { .. } => self.end(),
            _ => {}
        }
    }
}

impl Drop for LiveView {
    fn drop(&mut self) {
        self.end();
    }
}
