//! Runs as text, for people.
//!
//! `view` is the reporter: it makes lines (`report_line`, each with its `line_owner`) of events,
//! and hands them to a `layout`: as they come (`stream`), together by site (`group`), equal ones
//! once (`fold`), as a `table`, or nothing but what goes wrong (`quiet`). A layout writes to the
//! `console`, knows from the `context` who is who and how much is shown (`detail`), and keeps what
//! it holds back in a `spool`. `line_splitter` makes whole lines of output. At the end come the
//! `failures`, the `summary`, and the `retry_command`.

mod console;
mod context;
mod detail;
mod failures;
mod fold;
mod group;
mod layout;
mod line_owner;
mod line_splitter;
mod quiet;
mod report_line;
mod retry_command;
mod spool;
mod stream;
mod summary;
mod table;
mod view;

pub use detail::Detail;
pub use retry_command::RetryCommand;
pub use view::{Arrangement, TextView};
