//! A run as a report of tests, for what shows those of CI.
//!
//! `junit` is the reporter. It keeps a run as suites of cases (`results`, `case`), which `render`
//! makes into JUnit's elements, and writes a `whole_file`.

mod case;
mod junit;
mod render;
mod results;
mod whole_file;

pub use junit::Junit;
