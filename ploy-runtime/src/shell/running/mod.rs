mod answer_requests;
mod command_log;
mod line_splitter;
mod running_command;
mod sink;
mod stream_forwarder;
mod tail_buffer;
mod watch;

pub(crate) use line_splitter::Splitter;
pub(crate) use running_command::EndedBy;
pub(crate) use running_command::Watched;
pub(crate) use sink::Sink;
pub(crate) use stream_forwarder::Chunk;
pub(crate) use watch::Outlets;
