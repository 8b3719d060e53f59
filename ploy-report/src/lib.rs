//! What shows and stores runs: consumers of the events of [`ploy_core::event`].
//!
//! The crate exists so that a view of a run can only ever know what its events say: it sees events and nothing else, so
//! every view can be made again from a record of them. Whatever starts commands, connects, or asks the user does not belong
//! here; nor does the choice between views, which is the command line's.
//!
//! | type | what it makes of a run |
//! |---|---|
//! | [`Plain`] | text, as it comes, by site, folded or as a table (see [`Arrangement`]) |
//! | [`Json`] | a line of JSON for each event |
//! | `Junit` | a report of tests (feature `junit`) |
//! | [`Annotations`] | GitHub's annotations of failures |
//! | [`Again`] | the command that tries again what failed |

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

use ploy_core::{catalogue, error, event, text, topology};

mod again;
mod annotations;
mod ci;
mod cut;
mod detail;
mod failures;
mod fold;
mod group;
mod json;
#[cfg(feature = "junit")]
mod junit;
mod layout;
mod lines;
mod owner;
mod plain;
mod roster;
mod screen;
mod spool;
mod stream;
mod style;
mod summary;
mod table;

pub use again::Again;
pub use annotations::Annotations;
pub use ci::CiLog;
pub use cut::cut;
pub use detail::Detail;
pub use failures::render_fault;
pub use json::Json;
#[cfg(feature = "junit")]
pub use junit::Junit;
pub use plain::{Arrangement, Plain, size};
pub use style::{ColorChoice, Palette};
pub use summary::{count, duration};
