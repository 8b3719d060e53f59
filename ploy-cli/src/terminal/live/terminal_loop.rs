//! Draws what runs and answers what is typed, until the run ends.

use std::io::{PipeReader, Write, stderr};
use std::time::Duration;

use super::draw::draw;
use super::run_state::SharedRunState;
use super::status::{KEYS, status};
use ploy_core::event::EventTime;
use ploy_report::Palette;
use ploy_runtime::terminal::{TerminalSize, TypedLines, WakeReason, screen, wait_for_input};

/// How often what runs is drawn.
const TICK: Duration = Duration::from_millis(125);

/// How long a run takes before anything of it is drawn: short ones would only flicker.
const BEGIN: Duration = Duration::from_millis(200);

/// Attends to the terminal while a run goes on, on a thread of its own.
#[derive(Clone)]
pub(super) struct TerminalLoop {
    draws: bool,
    typed: Option<TypedLines>,
    palette: Palette,
}

impl TerminalLoop {
    pub(super) fn new(draws: bool, typed: Option<TypedLines>, palette: Palette) -> Self {
        TerminalLoop {
            draws,
            typed,
            palette,
        }
    }

    /// Whether it draws.
    pub(super) fn draws(&self) -> bool {
        self.draws
    }

    /// What is typed on the terminal, if that is read.
    pub(super) fn typed(&self) -> Option<TypedLines> {
        self.typed.clone()
    }

    /// Attends until the other side of `end` is closed.
    pub(super) fn run(mut self, state: &SharedRunState, end: &PipeReader) {
        loop {
            let listens = self.typed.as_ref().filter(|_| screen().can_read_lines());
            // Whether it is listened to may change without a sign.
            let is_deaf = self.typed.is_some() && listens.is_none();
            let time = (self.draws || is_deaf).then_some(TICK);
            match wait_for_input(listens, end, time) {
                WakeReason::Cancelled => return,
                WakeReason::TerminalGone => self.typed = None,
                WakeReason::Input => {}
            }
            self.answer(&screen().take_lines(), state);
            if self.draws {
                self.draw(state);
            }
        }
    }

    fn draw(&self, state: &SharedRunState) {
        let (now, size) = (now(), TerminalSize::of(stderr()));
        let lines = {
            let state = state.lock();
            if state.is_over || now.since(state.began) < BEGIN {
                return;
            }
            draw(&state, now, size, self.palette)
        };
        screen().pin(lines, size);
    }

    /// Answers the lines that were typed, however many, once.
    fn answer(&self, lines: &[Vec<u8>], state: &SharedRunState) {
        let is_enter = |line: &&Vec<u8>| line.trim_ascii().is_empty();
        let mut text = String::new();
        if lines.iter().any(|line| !is_enter(&line)) {
            text.push_str(KEYS);
        }
        if lines.iter().any(|line| is_enter(&line)) {
            text.push_str(&status(&state.lock(), now(), self.palette));
        }
        if !text.is_empty() {
            screen().write_above(|| {
                let _ = stderr().write_all(text.as_bytes());
            });
        }
    }
}

/// The time as events have it.
fn now() -> EventTime {
    ploy_runtime::engine::now()
}
