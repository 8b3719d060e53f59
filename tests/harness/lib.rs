//! What the tests of ploy share: a real ssh server, programs that are run and signalled, recorded
//! runs, golden files.
//!
//! A test that cannot be set up is a failed test, so the helpers panic instead of returning errors.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Only tests call this crate; see above.

mod built;
mod finished;
mod golden;
mod guard;
mod invariants;
mod kept;
mod keys;
mod log;
mod login;
mod mark;
mod namespace;
mod program;
mod programs;
mod recorder;
mod run;
mod running;
mod screen;
mod server;
mod server_options;
mod sshd_config;
mod streams;
mod user;

pub use built::built;
pub use finished::Finished;
pub use golden::{Redaction, golden};
pub use guard::{GUARD, until};
pub use invariants::check;
pub use kept::Connections;
pub use mark::{Mark, Survivor};
pub use namespace::Namespace;
pub use program::Program;
pub use programs::only;
pub use recorder::Recorder;
pub use run::{Going, Ran, start};
pub use running::Running;
pub use screen::Screen;
pub use server::Server;
pub use server_options::ServerOptions;
pub use user::User;
