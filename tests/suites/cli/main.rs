//! The command line of deploy binaries, as users see it: what is printed, and the exit code.
#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

mod cluster;
mod codes;
mod colors;
mod golden;
mod import;
mod rollout;
mod signals;
mod views;
