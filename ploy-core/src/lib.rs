//! The pure part of ploy: sites and roles, jobs and schedules, plans, events and errors.
//!
//! The crate exists so that what a run *means* stands apart from what it *does*: a plan is
//! computed, an event is data, and both can be tested, stored, and read elsewhere. Whatever opens a
//! file, spawns a process, reads a clock or needs an async runtime does not belong here; neither
//! does the text of a report or of the command line.
//!
//! | module | what it holds |
//! |---|---|
//! | [`error`] | what went wrong, where, and what to do about it |
//! | [`text`] | text from elsewhere, made safe to show |
//! | [`topology`] | sites, roles, settings, selectors |
//! | [`catalogue`] | jobs, their actions and parameters, stages and schedules |
//! | [`event`] | what happens in a run, as data |
//! | [`plan`] | from a stage, a topology and a catalogue to tasks and their order |
//!
//! Each may use those above it in the table. Users of ploy name the crate `ploy`, which re-exports
//! what they need; what is hidden from the documentation here serves the other crates of ploy only.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod catalogue;
pub mod error;
pub mod event;
#[doc(hidden)]
pub mod milliseconds;
pub mod plan;
pub mod text;
pub mod topology;
