//! Files that move between this machine and a site.
//!
//! `transfer` is what a user awaits for whole folders; `upload` and `download` begin it. Its
//! `request` says what is to be moved whither, in the words of `arguments`, over the `paths`
//! that the two sides have. `guard` refuses mistakes that would be too dear, `parents` makes
//! folders that are missing. Then one of two carriers takes over: `local` copies between folders
//! of this machine by itself, as the `planner` says; `rsync` runs that program for sites on
//! other hosts, and for options that nobody else understands. `activity` and `ending` are what
//! both need while they run, `cause` the causes that both know, and `totals` what came of it.
//!
//! Single files are written and read by `file`.

mod activity;
mod arguments;
mod cause;
mod download;
mod ending;
mod file;
mod guard;
mod local;
mod options;
mod parents;
mod paths;
mod planner;
mod request;
mod rsync;
mod sources;
mod totals;
mod transfer;
mod upload;

#[cfg(feature = "template")]
pub use file::Template;
pub use file::{ReadFile, WriteFile, WrittenFile};
pub use sources::IntoSources;
pub use totals::TransferTotals;
pub use transfer::Transfer;
