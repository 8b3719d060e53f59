//! The jobs of the database team.

use fleet::topology; // the roles that the macros check against

pub mod disk;
pub mod dump;
