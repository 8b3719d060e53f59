//! Write your own deploy binary.
//!
//! Jobs are functions, sites are declared by a macro, and `cargo run -- upload-web` runs a job on
//! every site that carries its roles, on this machine or over ssh.
//!
//! # Goals
//!
//! - **Mistakes do not compile.** A role, a job or a setting that does not exist is an error at its
//!   token, and so is a shell command with an unquoted value in it.
//! - **Many sites cost little.** Sites share ssh connections, which are kept for the next run.
//! - **Nothing is left behind.** What a command starts ends with it, also after Ctrl-C, a time-out,
//!   a crash, or a network that is cut.
//! - **A run is data.** Every view and report is made of one stream of typed events.
//!
//! # A deploy binary
//!
//! ```no_run,standalone_crate
#![doc = include_str!("../examples/first.rs")]
//! # #[cfg(any())] fn main() {}
//! ```
//!
//! `cargo run -- publish` runs the job on both sites, `plan publish` shows what would run where,
//! `list`
//! and `sites` show what there is, and `--help` the rest. The repository has a larger program in
//! `ploy/examples/tour.rs`.
//!
//! # Where to look
//!
//! Everyday names are in the [`prelude`]. What declares something is a macro:
//!
//! | macro | declares |
//! |---|---|
//! | [`sites!`] | sites and roles, as the module `topology` |
//! | [`#[job]`](macro@job), [`#[action]`](macro@action) | a job of a function; another function that joins it |
//! | [`#[schedule]`](macro@schedule) | a sequence of stages, as data or as code |
//! | [`cmd!`] | a shell command, whose values are quoted |
//! | [`jobs!`] | a list of jobs, by their functions |
//! | [`ParamValue`](derive@ParamValue) | a type that can be a parameter of a job |
#![cfg_attr(
    feature = "cli",
    doc = "| [`main!`] | the `main` of the binary, and a test that all jobs and roles fit together |"
)]
//!
//! The rest is in modules:
//!
//! | module | what is in it |
//! |---|---|
//! | [`action`](mod@action) | what an action is and receives: [`Cx`], ids, the space that jobs share |
//! | [`shell`] | shells, commands, their options and their output |
//! | [`transfer`] | uploads, downloads, single files, templates |
//! | [`secret`] | secrets, and passwords for sudo |
//! | [`sync`] | locks, queues, latches and barriers between the actions of a run |
//! | [`topology`] | sites, roles, settings, selectors |
//! | [`import`] | sites from files and from the output of commands |
//! | [`catalogue`], [`params`] | jobs and schedules, and their parameters |
//! | [`scheduling`], [`plan`] | stages and their options; the tasks of a stage and their order |
//! | [`run`], [`event`], [`report`] | running jobs in a program of your own; what happens, and who is told |
//! | [`error`] | what can go wrong |
#![cfg_attr(
    feature = "cli",
    doc = "| [`cli`] | the command line, for a `main` of your own |"
)]
//!
//! The guide explains all of it, a chapter for each subject: `docs/guide/` in the repository.
//!
//! # Without macros
//!
//! Macros are sugar. A program that embeds runs builds a [`Topology`](topology::Topology) and a
//! [`Catalogue`](catalogue::Catalogue), and hands them to a [`Runner`](run::Runner), whose
//! documentation has an example. A [`Shell`] needs none of them:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> ploy::Result {
//! use ploy::{Shell, cmd};
//!
//! let name = "it's quoted";
//! let output = Shell::local().run(cmd!("echo {name}")).await?;
//! assert_eq!(output.text(), name);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `cli` (default) | the command line of a deploy binary, and `main!` |
//! | `junit` (default) | the report `report::Junit`, and `--junit` on the command line |
//! | `toml` (default) | sites from TOML: `import::toml` |
//! | `template` | files from templates: `Shell::template` |
//!
//! # Platforms
//!
//! A deploy binary runs on Unix, and so do its sites. A site needs a POSIX shell. Sites on other
//! hosts need OpenSSH's `ssh` here, and `rsync` on both sides for uploads and downloads of folders.

// What a user writes.
#[cfg(feature = "cli")]
pub use ploy_macros::main;
pub use ploy_macros::{ParamValue, action, cmd, job, jobs, schedule, sites};

// What a file with jobs names, and what a `main` of one's own needs first. The rest is in the
// modules.
pub use ploy_core::catalogue::{ParamValue, Schedule};
pub use ploy_core::error::{Error, Result};
pub use ploy_core::topology::Role;
pub use ploy_runtime::action::{Cx, Key};
pub use ploy_runtime::engine::{Batch, Group, HealthCheck, Outcome};
pub use ploy_runtime::secret::Secret;
pub use ploy_runtime::shell::{Script, Shell};

pub mod action;
pub mod catalogue;
pub mod error;
pub mod event;
pub mod params;
pub mod plan;
pub mod run;
pub mod scheduling;
pub mod secret;
pub mod shell;
pub mod sync;
pub mod topology;
pub mod transfer;

#[cfg(feature = "cli")]
pub use ploy_cli as cli;
pub use ploy_report as report;
pub use ploy_runtime::import;

/// What the macros' expansions name. Not part of the public interface.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "cli")]
    pub use ploy_cli::{App, SetupFuture, setup};
    pub use ploy_runtime::__private::*;
}

/// What a file with jobs needs: `use ploy::prelude::*;`.
///
/// `ploy::sites!` and `ploy::main!`, which a program has once, are not in it. Nor is the trait
/// [`Context`](error::Context), which would clash with `anyhow`'s.
pub mod prelude {
    pub use crate::{
        Batch, Cx, Group, HealthCheck, Key, Outcome, ParamValue, Result, Role, Schedule, Script,
        Secret, Shell, action, cmd, job, jobs, schedule,
    };
}
