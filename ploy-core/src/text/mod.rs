//! Text that came from elsewhere, as it can be shown: [`safe`] takes out what a terminal would
//! obey, [`last_written`] finds what is left of a line with carriage returns.

mod overwritten;
mod safe;

pub use overwritten::last_written;
pub use safe::{is_unsafe, safe};
