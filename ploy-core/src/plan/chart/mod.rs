//! How plans are shown to people and programs: [`Chart`] collects the plans of a schedule, and
//! `json`, `dot` and `mermaid` each write one.

mod chart;
mod dot;
mod json;
mod mermaid;

pub use chart::Chart;
