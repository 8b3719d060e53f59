//! A command while it runs: waiting for its end, ending it, and passing its output on.
//!
//! `running_command` is the command as events and errors see it. `watch` waits for its end, and
//! ends it when it is cancelled or out of time (`escalation`); `answer_requests` meanwhile answers
//! what it asks for. `stream_forwarder` passes each stream on: to the view or a `sink`, to a
//! `command_log`, line by line (`line_splitter`), and into a `tail_buffer`. `io_error` is what went
//! wrong with that on this machine.

mod answer_requests;
mod command_log;
mod escalation;
mod io_error;
mod line_splitter;
mod running_command;
mod sink;
mod stream_forwarder;
mod tail_buffer;
mod watch;

pub(crate) use line_splitter::LineSplitter;
pub(crate) use running_command::{EndedBy, RunningCommand};
pub(crate) use sink::Sink;
pub(crate) use stream_forwarder::OutputChunk;
pub(crate) use watch::OutputTargets;
