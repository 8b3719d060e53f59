//! The command line of a deploy binary.

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
