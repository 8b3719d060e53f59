//! The planner: what a transfer has to do, decided without input or output.
//!
//! It serves every carrier. A carrier lists the source and the destination ([`listing`], whose
//! entries are in [`entry`]), and hands both to [`plan`] with the [`options`] that the user gave.
//! [`destination`] says to which path a source goes, [`filter`] what is left out, [`comparison`]
//! what is up to date, [`deletions`] what goes, and [`privileges`] what the user may do. The answer
//! is a list of [`step`]s, which the carrier carries out in order. The meanings are those of
//! `rsync -a`.

mod comparison;
mod deletions;
pub(super) mod destination;
pub(super) mod entry;
pub(super) mod filter;
pub(super) mod listing;
pub(super) mod options;
pub(super) mod plan;
pub(super) mod privileges;
pub(super) mod step;
