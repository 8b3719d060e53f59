//! The command line of a deploy binary.
//!
//! The crate exists so that a program which embeds runs pays for no parser, no help and no live view. What is here reads
//! words, asks, shows, and chooses the exit code. Whatever a run *is* or *does* belongs to `ploy-core` and `ploy-runtime`,
//! so that it can be had without a command line; a view of a run that needs its events alone belongs to `ploy-report`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod again;
mod app;
mod arguments;
mod asking;
mod check;
mod choose;
mod completions;
mod connections;
mod exec;
mod exit;
mod grammar;
mod help;
mod keeping;
mod list;
mod live;
mod mistakes;
mod origin;
mod output;
mod parameters;
mod passwords;
mod plan;
mod print;
mod progress;
mod project;
mod reports;
mod run;
mod scheduling;
mod selection;
mod sites;
mod ssh;
mod steps;
mod table;

pub use app::{App, SetupFuture, run, setup};
