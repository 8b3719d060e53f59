//! The terminal of this process. Lines go by on it, and below them something may stand: a question,
//! or what is running. One lock is held by whoever writes there, so that nothing comes in between.
//!
//! What stands there is drawn by hand rather than by a library of progress bars. Those leave the
//! cursor at the end of the last bar and find the first one again by counting lines, which fails
//! when somebody presses Enter, when a job prints, and when the terminal becomes narrower and wraps
//! what is there: then pieces of old bars stay behind. Here the cursor rests on an empty line
//! *above* what is drawn, so that erasing is one sequence that needs no counting.

mod above;
mod frame;
mod screen;
mod size;
mod standing;
mod typed;

pub use above::Above;
pub use screen::{Reserved, screen};
pub use size::Size;
pub use typed::{Typed, Woken, wait};
