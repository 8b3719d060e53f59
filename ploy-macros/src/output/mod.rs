//! What the macros write: the parts of an expansion that several of them share.
//!
//! [`callable`] is how the runtime calls a function of the user's, [`role_check`] the check that a
//! role is declared, and [`source`] the place where something was declared.

pub(crate) mod callable;
pub(crate) mod role_check;
pub(crate) mod source;
