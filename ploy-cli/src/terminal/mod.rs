//! What the command line writes to a terminal, or to what stands in its place.
//!
//! [`streams`] are the standard streams and their colours, [`messages`] are errors, warnings and
//! notes, and [`table`] lines up columns. [`live_view`] decides whether a run is drawn while it
//! goes on, and [`guard`] leaves nothing of that behind.

pub(crate) mod guard;
pub(crate) mod live_view;
pub(crate) mod messages;
pub(crate) mod streams;
pub(crate) mod table;
