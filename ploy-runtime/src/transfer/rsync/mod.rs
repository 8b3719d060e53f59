//! The carrier that runs rsync: for sites on other hosts, and for options that are rsync's own.
//!
//! [`run`] is the whole of it. [`command`] says what rsync is given: the [`operand`]s, and how it
//! gets to the host by [`ssh`]. It is started here by a [`script`], and on the host as
//! [`remote_start`] says. [`output`] takes out of its output, [`line`] by line, how far it is. Why
//! it failed is for [`failure`], which asks [`missing_source`] and [`missing_program`].

mod command;
mod failure;
mod line;
mod missing_program;
mod missing_source;
mod operand;
mod output;
mod remote_start;
mod run;
mod script;
mod ssh;

pub(super) use run::RsyncTransfer;
