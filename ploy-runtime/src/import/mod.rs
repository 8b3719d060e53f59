//! Sites that are made at run time: from a TOML or JSON file, from what a command puts out, or from
//! any other text.
//!
//! A function named by `main! { setup: .. }` reads them before anything is checked or run, and they
//! fill roles that the topology knows already: those that its sites carry, or that `role "canary";`
//! declares in `sites!`.
//!
//! ```
//! use ploy::import;
//! use ploy::import::Format;
//! use ploy::catalogue::Catalogue;
//! use ploy::topology::Topology;
//! use ploy::{Result, Script};
//!
//! async fn sites(topology: &mut Topology, _: &mut Catalogue) -> Result {
//! # #[cfg(feature = "toml")]
//!     import::toml(topology, "canaries.toml").await?;
//!     let script = Script::raw("cloud list --json"); // or `cmd!("..")`
//!     import::command(topology, Format::Json, script).await?;
//!     Ok(())
//! }
//! ```
//!
//! # The text
//!
//! A table for each site, with the settings that [`Settings`](crate::topology::Settings) has;
//! anything of the user's own goes under `vars`. In JSON an object of objects, or a list of objects
//! that have a `name` besides.
//!
//! ```toml
//! [web3]
//! roles = ["web"]
//! host = "web3.example.com"
//! timeout = "1m 30s"                  # or a number of seconds
//! env = { STAGE = "prod" }
//!
//! ["db[01-12]"]                       # twelve sites
//! roles = ["db"]
//! host = "{name}.internal"            # the site's name, in any text but a role
//! vars = { keep = 7 }
//! ```
//!
//! Sites are added in the order of the text. A setting that is `null` is not set.
//!
//! # Errors
//!
//! All that is wrong with a text is told at once, and then none of its sites is added: a setting
//! that does not exist or has a value of another type, a role that nobody declared, a site that is
//! there already. The error of a setup function stops the run.
//!
//! # Where to find what
//!
//! `command` and `file` get a text, and `text` adds what is in it. `format` says how it is written,
//! and `json` and `toml_text` read it as a `site_entry` each. `sites` makes sites of the entries,
//! with the settings that `setting` reads. All that is wrong on the way goes into `problems`.

mod command;
mod file;
mod format;
mod json;
mod malformed;
mod problems;
mod setting;
mod site_entry;
mod sites;
mod text;
#[cfg(feature = "toml")]
mod toml_text;

#[cfg(test)]
mod tests;

pub use command::command;
pub use file::json;
#[cfg(feature = "toml")]
pub use file::toml;
pub use format::Format;
pub use text::text;
