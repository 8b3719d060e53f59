//! Plans of known stages, and the laws that hold for any.

mod cases;
mod charts;
mod laws;
