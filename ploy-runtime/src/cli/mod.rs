//! The command line of a deploy binary.

mod app;
mod arguments;
mod choose;
mod connections;
mod exit;
mod grammar;
mod help;
mod keeping;
mod list;
mod passwords;
mod plan;
mod print;
mod progress;
mod run;
mod scheduling;
mod selection;
mod sites;
mod table;

pub use app::{App, SetupFuture, run, setup};
