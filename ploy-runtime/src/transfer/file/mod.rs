//! Single files of a site: [`read`] whole, or [`write`](mod@write) whole, also from a [`template`].
//!
//! All of them run a [`script`] on the site and take its standard output, which is [`captured`].
//! What writes is in [`write_script`].

mod captured;
mod read;
mod script;
#[cfg(feature = "template")]
mod template;
mod write;
mod write_script;

pub use read::ReadFile;
#[cfg(feature = "template")]
pub use template::Template;
pub use write::{WriteFile, WrittenFile};
