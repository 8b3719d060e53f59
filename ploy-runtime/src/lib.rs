//! What executes runs: the engine, shells, connections, transfers, secrets.
//!
//! The crate exists so that all that spawns, connects, waits and writes stands in one place, below
//! everything that people see. What a run means belongs to `ploy-core`; how it is shown, to
//! `ploy-report`; words of a command line, help and exit codes, to `ploy-cli`. Nothing here prints,
//! but for a question that is asked on the terminal.
//!
//! The rooms, from the top down; each may use those below it:
//!
//! | module | what it does |
//! |---|---|
//! | [`engine`] | decides what starts and when, and carries it out |
//! | [`action`] | what the function of a job is handed |
//! | [`transfer`] | files and folders, to sites and back |
//! | [`import`] | sites from files and commands |
//! | [`shell`] | scripts, commands, and what comes of them |
//! | [`transport`] | how a script reaches a site: local, or over a kept ssh connection |
//! | [`sync`] | what actions of one run wait for |
//! | [`secret`] | passwords, asking for them, and masking |
//! | [`terminal`] | the terminal of this process, which prompts and a live view share |
//!
//! Users of ploy name the crate `ploy`, which hands on what they need.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

use ploy_core::{catalogue, error, event, plan, text, topology};

pub mod action;
pub mod engine;
pub mod import;
pub mod secret;
pub mod shell;
pub mod sync;
pub mod terminal;
pub mod transfer;
pub mod transport;

#[cfg(feature = "template")]
pub use minijinja::context;

#[doc(hidden)]
pub mod __private;
mod register;
