//! Runs as JSON lines, for programs: `json` is the reporter, `inert_formatter` how it writes text.

mod inert_formatter;
mod json;

pub use json::Json;
