//! Plans of known stages, and the laws that hold for any.

mod cases;
mod laws;
