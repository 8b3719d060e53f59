//! What is running, drawn at the bottom of the terminal, and told to whoever presses Enter.
//!
//! `live_view` is the reporter. It folds events (`fold`) into a `run_state`: what runs
//! (`running_work`), what its actions do (`action_state`), and their commands (`running_command`,
//! with the `last_line` of each stream). On a thread of its own the `terminal_loop` draws that
//! (`draw`, in lines of `row`), and answers keys with the `status`.

mod action_state;
mod draw;
mod fold;
mod last_line;
mod live_view;
mod row;
mod run_state;
mod running_command;
mod running_work;
mod status;
mod terminal_loop;
#[cfg(test)]
mod tests;

pub(crate) use live_view::LiveView;
