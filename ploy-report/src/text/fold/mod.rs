//! The view in which equal output stands once.
//!
//! `fold` is the layout: it keeps what a task puts out (`task_output`) until the task ends, and
//! then adds it to what its job came to on other sites (`job_results`). `difference` compares two
//! outputs.

mod difference;
mod fold;
mod job_results;
mod task_output;

pub(crate) use fold::FoldLayout;
