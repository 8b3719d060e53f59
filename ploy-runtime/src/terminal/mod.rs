//! The terminal of this process, shared by all who write to it.
//!
//! `screen` is the terminal: lines scroll by on it, and at its bottom is a question or lines that
//! are pinned. Everybody who writes goes through one lock, so that nothing is written in between.
//! `scrolling_writer` writes lines, `pinned_lines` keeps lines at the bottom by the sequences of
//! `escapes`, `typed_lines` reads what a person types, and `terminal_size` measures the terminal.
//!
//! What is pinned is drawn by hand rather than by a library of progress bars. Those leave the
//! cursor at the end of the last bar and find the first one again by counting lines. That fails
//! when somebody presses Enter, when a job prints, and when the terminal becomes narrower and wraps
//! the bars: pieces of old bars stay behind. Here the cursor rests on an empty line *above* what is
//! drawn, so erasing is one sequence that needs no counting.

mod escapes;
mod pinned_lines;
mod screen;
mod scrolling_writer;
mod terminal_size;
mod typed_lines;

pub use screen::{PromptArea, screen};
pub use scrolling_writer::ScrollingWriter;
pub use terminal_size::TerminalSize;
pub use typed_lines::{TypedLines, WakeReason, wait_for_input};
