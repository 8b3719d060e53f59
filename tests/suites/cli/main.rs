//! The command line of deploy binaries, as users see it: what is printed, and the exit code.
#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

mod asking;
mod check;
mod cluster;
mod codes;
mod colors;
mod completions;
mod exec;
mod formats;
mod golden;
mod import;
mod keys;
mod machine;
mod params;
mod progress;
mod project;
mod reports;
mod rollout;
mod signals;
mod ssh;
mod views;
