//! The command line of a deploy binary.

mod app;
mod arguments;
mod choose;
mod completions;
mod connections;
mod exit;
mod grammar;
mod help;
mod keeping;
mod list;
mod origin;
mod output;
mod parameters;
mod passwords;
mod plan;
mod print;
mod project;
mod reports;
mod run;
mod scheduling;
mod selection;
mod sites;
mod table;

pub use app::{App, SetupFuture, run, setup};
