//! Answers to what a running command asks for: sudo's password, or a secret for the command's
//! shell.
//!
//! sudo runs a helper program for its password (`-A`, askpass). Ours is a script of the reaper's:
//! it has the reaper ask us, and prints what comes back through a named pipe of its own. Neither
//! the request nor the answer uses the command's own streams, so nothing of it can get into the
//! command's output or input, wherever these are redirected. sudo asks only if it needs a password.
//!
//! `script` has the shell text on the far side, `request` one request and its answer, `router`
//! brings each request to the command that made it.

mod request;
mod router;
mod script;

pub(crate) use request::{AskpassKind, AskpassRequest, AskpassRequests};
pub(crate) use router::AskpassRouter;
pub(crate) use script::{FETCH_SECRET, REAPER_PART, SUDO_ASKPASS, announce, sudo_words};
