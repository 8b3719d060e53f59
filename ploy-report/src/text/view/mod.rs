//! The reporter for people: which event makes which lines, whatever their layout.
//!
//! `text_view` is the reporter and its options, `on_event` chooses what each event makes. The lines
//! of commands are in `commands`, those of transfers in `transfers` (when they are due, in
//! `transfer_notice`), and those of all else that begins and ends in `notices`.

mod commands;
mod notices;
mod on_event;
mod text_view;
mod transfer_notice;
mod transfers;

pub use text_view::{Arrangement, TextView};
