//! The command line of a deploy binary.
//!
//! The crate exists so that a program which embeds runs pays for no parser, no help and no live
//! view. What is here reads words, asks, shows, and chooses the exit code. Whatever a run *is* or
//! *does* belongs to `ploy-core` and `ploy-runtime`, so that it can be had without a command line;
//! a view of a run that needs its events alone belongs to `ploy-report`.
//!
//! | room | what it holds |
//! |---|---|
//! | `app` | a deploy binary, from its words to its exit code |
//! | `command_line` | the words: what may stand there, and what they were read as |
//! | `commands` | each command: its name, arguments, help, and what it does |
//! | `plan_view` | a plan as it is printed |
//! | `launch` | from names to plans, and to the end of a run |
//! | `terminal` | what is written to a terminal |
//! | `options` | groups of options that commands share |
//!
//! Each uses those below it. `error` is what keeps a command from doing what it was asked to do;
//! `report` prints it, and `exit` has the codes.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod app;
mod catalogue_help;
mod ci;
mod command_line;
mod commands;
mod error;
mod exit;
mod launch;
mod loader;
mod options;
mod plan_view;
mod program;
mod report;
mod terminal;

pub use app::{App, run, setup};
pub use loader::SetupFuture;
