//! The carrier for transfers between folders of this machine, which needs no other program.
//!
//! [`copy`] is the whole of it, from the lists to the last step, and [`job`] runs that beside the
//! async runtime so that it can be watched and ended like a command. [`source`] and [`target`] list
//! the two sides, [`apply`] carries out the steps of the [planner](super::planner), with the help
//! of [`put`] and [`attributes`]. What goes wrong is a [`problem`], told line by line by the
//! [`monitor`], and at last a [`failure`].

mod apply;
mod attributes;
mod copy;
mod failure;
mod job;
mod metadata;
mod monitor;
mod problem;
mod put;
mod source;
mod target;

pub(super) use copy::CopyRequest;
pub(super) use failure::failure;
pub(super) use job::LocalJob;
pub(super) use monitor::CopyEnd;
