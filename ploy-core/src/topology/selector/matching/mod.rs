//! From selectors to sites: an [`index::Index`] knows all names of a topology, [`evaluate`] joins
//! what the terms stand for, and [`choose`] takes out the guarded sites that nobody named.

mod choose;
mod evaluate;
mod index;
mod site_set;
mod unmatched;

pub use choose::chosen;
pub(super) use choose::{ChosenSites, choose};
