//! What shows and stores runs: consumers of the events of [`ploy_core::event`].
//!
//! The crate exists so that a view of a run can only ever know what its events say: it sees events
//! and nothing else, so every view can be made again from a record of them. Whatever starts
//! commands, connects, or asks the user does not belong here; nor does the choice between views,
//! which is the command line's.
//!
//! | type | what it makes of a run |
//! |---|---|
//! | [`TextView`] | text, as it comes, by site, folded or as a table (see [`Arrangement`]) |
//! | [`Json`] | a line of JSON for each event |
//! | `Junit` | a report of tests (feature `junit`) |
//! | [`Annotations`] | GitHub's annotations of failures |
//! | [`RetryCommand`] | the command that tries again what failed |

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod annotations;
mod ci_log;
mod cut;
mod error_text;
mod folding;
mod json;
#[cfg(feature = "junit")]
mod junit;
mod palette;
mod quantities;
mod run_index;
mod text;

pub use annotations::Annotations;
pub use ci_log::CiLog;
pub use cut::cut;
pub use error_text::render_error;
pub use json::Json;
#[cfg(feature = "junit")]
pub use junit::Junit;
pub use palette::{ColorChoice, Palette};
pub use quantities::{count, duration, size};
pub use text::{Arrangement, Detail, RetryCommand, TextView};
