//! Moving files: folders by rsync, and the contents of single files.

mod absent;
mod arguments;
mod audible;
mod check;
mod diagnose;
mod diverted;
mod download;
mod here;
mod mirror;
mod missing;
mod moved;
mod options;
mod parents;
mod progress;
mod read;
mod remote;
mod rsync;
mod says;
mod sources;
mod start;
#[cfg(feature = "template")]
mod template;
mod transfer;
mod upload;
mod write;
mod writing;

pub use moved::Moved;
pub use read::Read;
pub use sources::IntoSources;
#[cfg(feature = "template")]
pub use template::Template;
pub use transfer::Transfer;
pub use write::{Write, Written};
