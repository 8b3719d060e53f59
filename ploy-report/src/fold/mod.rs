//! The view in which equal output stands once.

mod content;
mod difference;
mod fold;
mod gathered;

pub(super) use fold::Fold;
