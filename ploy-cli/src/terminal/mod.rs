//! What the command line writes to a terminal, or to what stands in its place.
//!
//! [`streams`] are the standard streams and their colours, [`messages`] are errors, warnings and
//! notes, and [`table`] lines up columns. [`live`] draws a run while it goes on, [`detect`] decides
//! whether it does, and [`guard`] leaves nothing of it behind.

pub(crate) mod detect;
pub(crate) mod guard;
pub(crate) mod live;
pub(crate) mod messages;
pub(crate) mod streams;
pub(crate) mod table;
